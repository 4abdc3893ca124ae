package org.consentgateway.testkit.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whom an attack is on, and how hard it is. Immutable.
 *
 * @param gateway where it speaks SIP over UDP
 * @param transport by which the attack comes: UDP, TCP or TLS
 * @param by where that is spoken
 * @param honest by which transport, and where, honest callers come
 * @param from an address of one of its trunks that is one of this machine, too
 * @param line a number that it answers
 * @param to the number that an attack asks for
 * @param bystander an address of this machine that is no trunk's
 * @param listen where an assistant or human of the gateway is that is played here
 * @param perSecond messages of an attack
 * @param method of a flood; a number is the status of a response
 * @param filling what messages are filled with
 * @param calls that are established first, or connections
 * @param state of those calls
 * @param acknowledge whether calls are acknowledged
 * @param metrics is asked for meanwhile, to see how long that takes
 */
record Target(
        InetSocketAddress gateway,
        String transport,
        InetSocketAddress by,
        Way honest,
        String from,
        String line,
        String to,
        String bystander,
        InetSocketAddress listen,
        int seconds,
        int perSecond,
        String method,
        Filling filling,
        int calls,
        State state,
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
                            address(text.substring(colon + 1)));
        }
    }

    /** Of calls that are attacked. */
    enum State {
        /** Answered and acknowledged. */
        ESTABLISHED,
        /** Ended by a BYE. */
        ENDED
    }

    private static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("--gateway", "127.0.0.1:5060"),
                    Map.entry("--by", ""),
                    Map.entry("--honest", ""),
                    Map.entry("--to", ""),
                    Map.entry("--from", "127.0.0.1"),
                    Map.entry("--line", "+4930123456"),
                    Map.entry("--bystander", "127.0.0.9"),
                    Map.entry("--listen", "127.0.0.1:5075"),
                    Map.entry("--seconds", "10"),
                    Map.entry("--rate", "20"),
                    Map.entry("--method", "OPTIONS"),
                    Map.entry("--octets", "500"),
                    Map.entry("--values", "0"),
                    Map.entry("--header", "Accept"),
                    Map.entry("--body", "0"),
                    Map.entry("--lines", "a"),
                    Map.entry("--calls", "3"),
                    Map.entry("--state", "established"),
                    Map.entry("--acknowledge", "no"),
                    Map.entry("--metrics", ""));

    /**
     * @throws IllegalArgumentException where an option is unknown or has no value
     */
    static Target of(List<String> options) {
        Map<String, String> told = new HashMap<>(DEFAULTS);
        for (int i = 0; i < options.size(); i += 2) {
            if (!DEFAULTS.containsKey(options.get(i)) || i + 1 == options.size()) {
                throw new IllegalArgumentException(options.get(i));
            }
            told.put(options.get(i), options.get(i + 1));
        }
        InetSocketAddress gateway = address(text(told, "--gateway"));
        Way by = Way.of(text(told, "--by"), gateway);
        String line = text(told, "--line");
        String to = text(told, "--to");
        return new Target(
                gateway,
                by.transport(),
                by.at(),
                Way.of(text(told, "--honest"), gateway),
                text(told, "--from"),
                line,
                to.isEmpty() ? line : to,
                text(told, "--bystander"),
                address(text(told, "--listen")),
                number(told, "--seconds"),
                number(told, "--rate"),
                text(told, "--method"),
                new Filling(
                        number(told, "--octets"),
                        text(told, "--header"),
                        number(told, "--values"),
                        number(told, "--body"),
                        text(told, "--lines")),
                number(told, "--calls"),
                State.valueOf(text(told, "--state").toUpperCase(Locale.ROOT)),
                text(told, "--acknowledge").equals("yes"),
                Optional.of(text(told, "--metrics"))
                        .filter(url -> !url.isEmpty())
                        .map(URI::create));
    }

    /** The same by this way, for this number. */
    private Target with(Way way, String number) {
        return new Target(
                gateway,
                way.transport(),
                way.at(),
                honest,
                from,
                number,
                to,
                bystander,
                listen,
                seconds,
                perSecond,
                method,
                filling,
                calls,
                state,
                acknowledge,
                metrics);
    }

    /** As an attack asks for it. */
    Target attacked() {
        return with(new Way(transport, by), to);
    }

    /** As honest callers come. */
    Target asHonest() {
        return with(honest, line);
    }

    private static String text(Map<String, String> told, String option) {
        return told.getOrDefault(option, "");
    }

    private static int number(Map<String, String> told, String option) {
        return Integer.parseInt(text(told, option));
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.ofLiteral(text.substring(0, colon).replaceAll("[\\[\\]]", "")),
                Integer.parseInt(text.substring(colon + 1)));
    }
}
