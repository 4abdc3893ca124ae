package org.consentgateway.testkit.attack;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whom an attack is on, and how hard it is. Immutable.
 *
 * @param gateway where it speaks SIP over UDP
 * @param transport by which the attack comes: UDP, TCP or TLS
 * @param by where that is spoken
 * @param honest by which transport, and where, honest callers come
 * @param honestFrom an address of one of its trunks that is one of this machine, too
 * @param sources such addresses as well, of the attack
 * @param certificate what is shown over TLS
 * @param line a number that it answers
 * @param to the number that an attack asks for
 * @param bystander an address of this machine that is no trunk's
 * @param listen where an assistant or human of the gateway is that is played here
 * @param media what is said of media, and how it is sent
 * @param perSecond messages of an attack
 * @param method of a flood; a number is the status of a response
 * @param filling what messages are filled with
 * @param calls that are established first, or connections
 * @param state of those calls
 * @param until how far connections are begun
 * @param acknowledge whether calls are acknowledged
 * @param metrics is asked for meanwhile, to see how long that takes
 */
record Target(
        InetSocketAddress gateway,
        String transport,
        InetSocketAddress by,
        Way honest,
        String honestFrom,
        List<String> sources,
        ClientCertificate certificate,
        String line,
        String to,
        String bystander,
        InetSocketAddress listen,
        Description media,
        int seconds,
        int perSecond,
        String method,
        Filling filling,
        int calls,
        State state,
        Begun until,
        boolean acknowledge,
        Optional<URI> metrics) {

    /**
     * How one comes.
     *
     * @param transport UDP, TCP or TLS
     */
    record Way(String transport, InetSocketAddress at) {
        static Way of(String text, InetSocketAddress gateway) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Way("UDP", gateway)
                    : new Way(
                            text.substring(0, colon).toUpperCase(Locale.ROOT),
                            Options.addressOfWay(text));
        }
    }

    /** Of calls that are attacked. */
    enum State {
        /** Answered and acknowledged. */
        ESTABLISHED,
        /** Ended by a BYE. */
        ENDED
    }

    /** Of connections that are opened and then held. */
    enum Begun {
        /** Not an octet is sent. */
        NOTHING,
        /** The first half of a ClientHello. */
        HALF,
        /** A ClientHello, whose answer is not answered. */
        HELLO,
        /** The handshake has ended, and one OPTIONS was asked. */
        ASKED
    }

    /**
     * @throws IllegalArgumentException says what would be right
     */
    static Target of(List<String> words) {
        Options told = Options.of(words);
        InetSocketAddress gateway = told.at("--gateway");
        Way by = Way.of(told.text("--by"), gateway);
        List<String> sources = told.list("--from");
        String line = told.text("--line");
        return new Target(
                gateway,
                by.transport(),
                by.at(),
                Way.of(told.text("--honest"), gateway),
                orElse(told.text("--honest-from"), sources.getFirst()),
                sources,
                ClientCertificate.of(told.text("--certificate"), told.text("--key")),
                line,
                orElse(told.text("--to"), line),
                told.text("--bystander"),
                told.at("--listen"),
                Description.valueOf(told.text("--media").toUpperCase(Locale.ROOT)),
                told.number("--seconds"),
                told.number("--rate"),
                told.text("--method"),
                new Filling(
                        told.number("--octets"),
                        told.text("--header"),
                        told.number("--values"),
                        told.number("--body"),
                        told.text("--lines")),
                told.number("--calls"),
                State.valueOf(told.text("--state").toUpperCase(Locale.ROOT)),
                Begun.valueOf(told.text("--until").toUpperCase(Locale.ROOT)),
                told.text("--acknowledge").equals("yes"),
                Optional.of(told.text("--metrics")).filter(url -> !url.isEmpty()).map(URI::create));
    }

    private static String orElse(String text, String other) {
        return text.isEmpty() ? other : text;
    }

    /** The same by this way, from there, for this number. */
    private Target with(Way way, List<String> from, String number) {
        return new Target(
                gateway,
                way.transport(),
                way.at(),
                honest,
                honestFrom,
                from,
                certificate,
                number,
                to,
                bystander,
                listen,
                media,
                seconds,
                perSecond,
                method,
                filling,
                calls,
                state,
                until,
                acknowledge,
                metrics);
    }

    /** As an attack asks for it. */
    Target attacked() {
        return with(new Way(transport, by), sources, to);
    }

    /** As an attack comes from one of its addresses. */
    Target from(String source) {
        return with(new Way(transport, by), List.of(source), line);
    }

    /** As honest callers come. */
    Target asHonest() {
        return with(honest, List.of(honestFrom), line);
    }

    /** The first address of the attack. */
    String from() {
        return sources.getFirst();
    }

    /** As URIs of requests name the gateway; by IPv6 with its address. */
    String host() {
        return Ip.isSix(gateway.getAddress())
                ? Ip.host(gateway.getAddress().getHostAddress())
                : "gw";
    }

    /** Octets that IP and UDP put before each datagram. */
    int headers() {
        return Ip.headers(gateway.getAddress());
    }

    /** A description of media at a port of its own address. */
    String sdp(int port) {
        return media.at(from(), port);
    }
}
