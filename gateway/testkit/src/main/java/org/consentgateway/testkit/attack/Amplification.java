package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What comes back for what is sent, in octets, by whoever has shown nothing but an address, which
 * can be forged over UDP: strangers to all trunks, and who sends as a trunk's address. Nothing is
 * acknowledged, since who forges an address does not see what would have to be. Over TCP the
 * handshake proves the address. Immutable.
 *
 * @param stranger an address of this machine that is no trunk's
 */
public record Amplification(
        InetSocketAddress gateway, String trunk, String stranger, String line, int millis) {

    private static final int MANY = 65_535;
    private static final String RTP = "80080001000000a000000007" + "d5".repeat(160);
    private static final String STUN = "000100002112a442" + "01".repeat(12);
    private static final String RTCP = "80c90001" + "00000007";
    private static final String[][] MEDIA = {{"RTP", RTP}, {"RTCP", RTCP}, {"STUN", STUN}};

    /** Nothing that belongs to no call brings more than it was. */
    private static final double OF_NO_CALL = 1;

    /**
     * 180 and 200, the latter again for 32 s (RFC 3261 §13.3.1.4), and then a BYE as long
     * (§17.1.2), but less of a short INVITE: of so many calls at once as {@code
     * limits.unacknowledged-per-trunk} says.
     */
    private static final double OF_A_CALL = 30;

    /**
     * One exchange, all octets with those of UDP and IP.
     *
     * @param packets answers that came, repetitions too
     * @param most the factor that it may have
     */
    public record Row(String who, String what, long sent, long packets, long octets, double most) {
        Row(String who, String what, long sent, long packets, long octets) {
            this(who, what, sent, packets, octets, OF_NO_CALL);
        }

        public double factor() {
            return (double) octets / sent;
        }

        public boolean isTooMuch() {
            return factor() > most;
        }

        Row atMost(double other) {
            return new Row(who, what, sent, packets, octets, other);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %d | %.2f | %.0f |",
                    who,
                    what,
                    sent,
                    packets,
                    octets,
                    factor(),
                    most);
        }
    }

    /** The lines above the rows. */
    public static String head() {
        return "| from | exchange | octets sent | answers | octets of them | factor |"
                + " may be |\n| --- | --- | --- | --- | --- | --- | --- |";
    }

    /** All exchanges, side by side. */
    public List<Row> rows() throws IOException, InterruptedException, ExecutionException {
        List<Callable<Row>> all = new ArrayList<>();
        for (String from : List.of(stranger, trunk)) {
            String who = from.equals(stranger) ? "a stranger" : "a trunk's address";
            for (String method : List.of("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE", "BYE")) {
                all.add(() -> answers(who, method, from, sip(from, method)));
                all.add(() -> answers(who, "shortest " + method, from, shortest(from, method)));
            }
            all.add(() -> answers(who, "INVITE to nobody", from, invite(from, line + "999")));
            all.add(() -> answers(who, "INVITE of a telephone to nobody", from, telephone(from)));
            all.add(() -> answers(who, "CANCEL of nothing", from, sip(from, "CANCEL")));
            all.add(() -> answers(who, "ACK of nothing", from, sip(from, "ACK")));
            all.add(() -> answers(who, "BYE of another's call", from, ofNobody(from)));
            all.add(() -> answers(who, "malformed", from, malformed(from)));
            all.add(() -> answers(who, "malformed From", from, malformedFrom(from)));
            all.add(() -> answers(who, "shortest malformed", from, shortestMalformed(from)));
            all.add(() -> answers(who, "another version", from, otherVersion(from)));
            all.add(() -> answers(who, "9,000 octets", from, tooLong(from)));
            all.add(() -> answers(who, "a response", from, response(from)));
            all.add(() -> answers(who, "keep-alive", from, octets("\r\n\r\n")));
            all.add(() -> answers(who, "STUN to SIP", from, hex(STUN)));
            all.add(() -> answers(who, "one octet", from, octets("x")));
        }
        all.add(() -> answers("a stranger", "INVITE to a line", stranger, invite(stranger, line)));
        all.add(() -> received("OPTIONS", sip(trunk, "OPTIONS")));
        all.add(() -> received("INVITE to a line", invite(trunk, line)));
        try (Connection connection = Connection.datagrams(target());
                var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            RawCall call = new RawCall(connection, target());
            call.invites(Description.RTP.at(trunk, 40_000));
            int status = call.answer(millis);
            call.acknowledges();
            if (status == 0) {
                throw new IOException("the call that media is sent to was not answered");
            }
            // A trunk that has to show a password gets none that way.
            int ports = status == 200 ? 2 : 0;
            for (int port = call.media(); port < call.media() + ports; port++) {
                InetSocketAddress media = new InetSocketAddress(gateway.getAddress(), port);
                String door = port % 2 == 0 ? " to RTP of a call" : " to RTCP of a call";
                for (String[] kind : MEDIA) {
                    all.add(() ->
                            answers("a stranger", kind[0] + door, stranger, media, hex(kind[1])));
                }
            }
            List<Row> rows = new ArrayList<>();
            for (Future<Row> row : tasks.invokeAll(all)) {
                rows.add(row.get());
            }
            if (status == 200) {
                call.hangsUp();
            }
            return rows;
        }
    }

    /** Calls that nobody acknowledges, side by side: what may be repeated to a forged address. */
    public List<Row> calls() throws IOException, InterruptedException, ExecutionException {
        List<Callable<List<Row>>> all =
                List.of(
                        this::call,
                        this::shortest,
                        () -> elsewhere("INVITE to a line, another's address in its Contact"),
                        () -> cancelled("INVITE to a line, and its CANCEL", ""),
                        () ->
                                cancelled(
                                        "the same with 100rel",
                                        "Require: 100rel\r\nSupported: 100rel\r\n"));
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Row> rows = new ArrayList<>();
            for (Future<List<Row>> some : tasks.invokeAll(all)) {
                rows.addAll(some.get());
            }
            return rows;
        }
    }

    private List<Row> call() throws IOException {
        return List.of(unacknowledged("INVITE to a line", invite(trunk, line)));
    }

    private Row unacknowledged(String what, byte[] invite) throws IOException {
        return answers("a trunk's address", what, trunk, invite).atMost(OF_A_CALL);
    }

    /** Without an offer: ours is in the answer. */
    private List<Row> shortest() throws IOException {
        String invite =
                new String(shortest(trunk, "INVITE"), StandardCharsets.US_ASCII)
                        .replace("sip:g SIP", "sip:" + line + "@g SIP")
                        .replace("\r\n\r\n", "\r\nm:<sip:a@" + Ip.host(trunk) + ":PORT>\r\n\r\n");
        return List.of(unacknowledged("shortest INVITE to a line", octets(invite)));
    }

    private List<Row> cancelled(String what, String more) throws IOException {
        String invite =
                new String(invite(trunk, line), StandardCharsets.US_ASCII)
                        .replaceFirst("Max-Forwards", more + "Max-Forwards");
        String cancel =
                invite.substring(0, invite.indexOf("Content-Type"))
                                .replace(more, "")
                                .replace("INVITE", "CANCEL")
                                .replaceFirst(
                                        "branch=(.*)CANCEL", "branch=$1INVITE") // of what it ends
                                .replaceFirst("tag=(.*)CANCEL", "tag=$1INVITE")
                                .replaceFirst("Call-ID: (.*)CANCEL", "Call-ID: $1INVITE")
                        + "Content-Length: 0\r\n\r\n";
        return List.of(
                answers("a trunk's address", what, trunk, gateway, octets(invite), octets(cancel))
                        .atMost(OF_A_CALL));
    }

    /**
     * An INVITE to a line whose Contact names the stranger, to whom nothing may go.
     *
     * @return what the trunk's address gets, and what the stranger gets
     */
    private List<Row> elsewhere(String what) throws IOException {
        try (Bystander other = Bystander.at(stranger)) {
            String text = new String(invite(trunk, line), StandardCharsets.US_ASCII);
            byte[] sent =
                    octets(
                            text.replaceFirst(
                                    "Contact: .*",
                                    "Contact: <sip:a@"
                                            + Ip.host(stranger)
                                            + ":"
                                            + other.port()
                                            + ">"));
            Row own = answers("a trunk's address", what, trunk, sent).atMost(OF_A_CALL);
            return List.of(
                    own,
                    new Row(
                            "the same",
                            "the address in its Contact",
                            own.sent(),
                            other.packets(),
                            other.octets()));
        }
    }

    private Target target() {
        return Target.of(
                List.of(
                        "--gateway",
                        Ip.host(gateway.getAddress().getHostAddress()) + ":" + gateway.getPort(),
                        "--from",
                        trunk,
                        "--line",
                        line));
    }

    // ------------------------------------------------------------------ what is sent

    /** Text whose Via names the socket that sends it, whose port is put in for {@code PORT}. */
    private static String head(String address, String startLine, String method) {
        String from = Ip.host(address);
        String name = Long.toString(System.nanoTime(), 36) + method;
        return (startLine + " SIP/2.0\r\n")
                + ("Via: SIP/2.0/UDP " + from + ":PORT;rport;branch=z9hG4bK" + name + "\r\n")
                + "Max-Forwards: 70\r\n"
                + ("From: <sip:a@" + from + ">;tag=" + name + "\r\n")
                + ("To: <sip:b@" + from + ">\r\nCall-ID: " + name + "@" + from + "\r\n")
                + ("CSeq: 1 " + method + "\r\nContact: <sip:a@" + from + ":PORT>\r\n");
    }

    private byte[] sip(String from, String method) {
        return octets(
                head(from, method + " sip:" + line + "@gw", method) + "Content-Length: 0\r\n\r\n");
    }

    /** As short as one can write it. */
    private static byte[] shortest(String from, String method) {
        String name = Long.toString(System.nanoTime() & 0xFFFFF, 36) + method.charAt(0);
        return octets(
                (method + " sip:g SIP/2.0\r\nv:SIP/2.0/UDP g;rport;branch=z9hG4bK" + name)
                        + ("\r\nMax-Forwards:70\r\nf:<sip:a>;tag=" + name + "\r\nt:<sip:a>\r\n")
                        + ("i:" + name + from.charAt(from.length() - 1))
                        + ("\r\nCSeq:1 " + method + "\r\n\r\n"));
    }

    private byte[] invite(String from, String to) {
        String sdp = Description.RTP.at(from, 40_000);
        return octets(
                head(from, "INVITE sip:" + to + "@gw", "INVITE")
                        + "Content-Type: application/sdp\r\n"
                        + ("Content-Length: " + sdp.length() + "\r\n\r\n" + sdp));
    }

    /** As long as telephones write it. */
    private byte[] telephone(String from) {
        String text = new String(invite(from, line + "999"), StandardCharsets.US_ASCII);
        return octets(
                text.replaceFirst(
                        "Max-Forwards",
                        "User-Agent: "
                                + "x".repeat(60)
                                + "\r\n"
                                + "Allow: INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, OPTIONS, INFO,"
                                + " REFER, NOTIFY\r\n"
                                + "Supported: replaces, timer, 100rel, norefersub\r\n"
                                + "Max-Forwards"));
    }

    private byte[] ofNobody(String from) {
        String text = new String(sip(from, "BYE"), StandardCharsets.US_ASCII);
        return octets(text.replaceFirst("(?m)^(To:.*>)", "$1;tag=nobody"));
    }

    private byte[] malformed(String from) {
        String text = new String(sip(from, "OPTIONS"), StandardCharsets.US_ASCII);
        return octets(text.replace("CSeq: 1 OPTIONS", "CSeq: x OPTIONS"));
    }

    /** What passes for lines of a message, and not for a field. */
    private byte[] malformedFrom(String from) {
        String text = new String(sip(from, "OPTIONS"), StandardCharsets.US_ASCII);
        return octets(text.replace("From: <", "From: <<<"));
    }

    private static byte[] shortestMalformed(String from) {
        String text = new String(shortest(from, "OPTIONS"), StandardCharsets.US_ASCII);
        return octets(text.replace("CSeq:1", "CSeq:x"));
    }

    private byte[] otherVersion(String from) {
        String text = new String(sip(from, "OPTIONS"), StandardCharsets.US_ASCII);
        return octets(text.replaceFirst("SIP/2.0", "SIP/3.0"));
    }

    private byte[] tooLong(String from) {
        String text = new String(sip(from, "OPTIONS"), StandardCharsets.US_ASCII);
        return octets(text.replace("Contact", "X-Much: " + "x".repeat(9000) + "\r\nContact"));
    }

    private static byte[] response(String from) {
        String head = head(from, "SIP/2.0 200 OK", "OPTIONS");
        return octets(head.replaceFirst(" SIP/2.0\r\n", "\r\n") + "Content-Length: 0\r\n\r\n");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return java.util.HexFormat.of().parseHex(digits);
    }

    // ------------------------------------------------------------------ what comes back

    private static DatagramSocket socket(String from) throws IOException {
        return new DatagramSocket(0, InetAddress.ofLiteral(from));
    }

    private Row answers(String who, String what, String from, byte[] message) throws IOException {
        return answers(who, what, from, gateway, message);
    }

    private Row answers(
            String who, String what, String from, InetSocketAddress to, byte[]... messages)
            throws IOException {
        long sent = 0;
        long packets = 0;
        long octets = 0;
        try (DatagramSocket socket = socket(from)) {
            for (byte[] message : messages) {
                byte[] each = named(message, socket.getLocalPort());
                socket.send(new DatagramPacket(each, each.length, to));
                sent += each.length + Ip.headers(to.getAddress());
            }
            DatagramPacket packet = new DatagramPacket(new byte[MANY], MANY);
            long end = System.nanoTime() + millis * 1_000_000L;
            for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                socket.setSoTimeout((int) left);
                packet.setLength(MANY);
                socket.receive(packet);
                packets++;
                octets += packet.getLength() + Ip.headers(to.getAddress());
            }
            return new Row(who, what, sent, packets, octets);
        } catch (SocketTimeoutException silence) {
            return new Row(who, what, sent, packets, octets);
        }
    }

    /** What the stranger gets where the Via says that the request came from there. */
    private Row received(String what, byte[] message) throws IOException {
        try (Bystander other = Bystander.at(stranger)) {
            String text = new String(message, StandardCharsets.US_ASCII);
            String via = ":" + other.port() + ";received=" + stranger + ";";
            Row own =
                    answers(
                            "a trunk's address",
                            what,
                            trunk,
                            octets(text.replace(":PORT;rport;", via)));
            return new Row(
                    "by a trunk's address, to another",
                    what + ", received there by its Via",
                    own.sent(),
                    other.packets(),
                    other.octets());
        }
    }

    private static byte[] named(byte[] message, int port) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        return text.replace(":PORT", ":" + port).getBytes(StandardCharsets.ISO_8859_1);
    }
}
