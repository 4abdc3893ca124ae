package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.screen.InviteIdentity;
import org.consentgateway.sip.screen.MessageHead;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.screen.StatelessAnswer;
import org.consentgateway.sip.trunk.KnownSources;

/** Receives what passes the screen, from known sources only. Thread-safe. */
final class ScreenedDatagrams extends DatagramSocket {
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private static final byte[] LENGTH = "\nContent-Length:".getBytes(StandardCharsets.US_ASCII);

    /** How the stack begins its own answer to what its parser refuses. */
    private static final byte[] REFUSAL =
            ("SIP/2.0 400 Bad Request (" + CountedParser.WHY + ")")
                    .getBytes(StandardCharsets.US_ASCII);

    private final KnownSources sources;
    private final Screen screen;
    private final LiveCounters tally;

    /** What comes is looked at here; guarded by itself. */
    private final DatagramPacket room;

    /**
     * @param room one octet more than the longest message has
     */
    ScreenedDatagrams(
            InetSocketAddress at, int room, KnownSources sources, Screen screen, LiveCounters tally)
            throws SocketException {
        super(at);
        this.sources = sources;
        this.screen = screen;
        this.tally = tally;
        this.room = new DatagramPacket(new byte[room + END.length], room);
    }

    /**
     * Into an array as long as the message: the stack's own, as long as the longest there may be,
     * would be kept with the message as long as its transaction is.
     */
    @Override
    public void receive(DatagramPacket packet) throws IOException {
        synchronized (room) {
            do {
                room.setLength(room.getData().length - END.length);
                super.receive(room);
            } while (!passes(room));
            packet.setData(Arrays.copyOf(room.getData(), room.getLength()));
            packet.setSocketAddress(room.getSocketAddress());
        }
    }

    private boolean passes(DatagramPacket packet) throws IOException {
        Rejection unwanted = Rejection.of(sources.recognise(packet.getAddress(), Transport.UDP));
        if (unwanted != null) {
            tally.rejected(unwanted);
            return false;
        }
        if (packet.getLength() >= packet.getData().length - END.length) {
            // Filled to the brim: cut off by the kernel, so not the message that was sent.
            tally.rejected(Rejection.TOO_LONG);
            return false;
        }
        MessageHead head = MessageHead.of(packet.getData(), 0, packet.getLength());
        if (head == null) {
            return false; // line ends only: a keep-alive (RFC 5626 §4.4.1), answered over TCP alone
        }
        var source = new InetSocketAddress(packet.getAddress(), packet.getPort());
        return switch (screen.look(head, packet.getLength(), source, Transport.UDP.name())) {
            case Screen.Verdict.Pass(int end) -> {
                packet.setLength(head.ended() ? end : ended(packet.getData(), end));
                yield true;
            }
            case Screen.Verdict.Drop() -> false;
            case Screen.Verdict.Answer(byte[] message, int port, boolean lost) -> {
                // Never more than was sent: the address may be forged.
                if (message.length > 0 && message.length <= packet.getLength() && port > 0) {
                    answer(new DatagramPacket(message, message.length, source.getAddress(), port));
                }
                yield false;
            }
        };
    }

    /**
     * Without the empty line behind it (RFC 3261 §7), the parser passes over a head's last field.
     */
    private static int ended(byte[] message, int end) {
        int missing = message[end - 1] == '\n' ? END.length / 2 : END.length;
        System.arraycopy(END, 0, message, end, missing);
        return end + missing;
    }

    /**
     * To what its parser refuses the stack answers with all of it in the body: twice what was sent,
     * to an address that may be forged. Ours goes in its place.
     */
    @Override
    public void send(DatagramPacket packet) throws IOException {
        int body = bodyOfRefusal(packet);
        MessageHead head =
                body < 0 ? null : MessageHead.of(packet.getData(), body, packet.getLength());
        if (head == null || head.vias().isEmpty()) {
            super.send(packet);
            return;
        }
        var source = new InetSocketAddress(packet.getAddress(), packet.getPort());
        InviteIdentity identity = InviteIdentity.of(head);
        String tag = identity == null ? SipText.tag() : identity.tag();
        byte[] answer = StatelessAnswer.of(head, source, 400, CountedParser.WHY, tag, "");
        if (answer.length <= packet.getLength() - body) {
            int port = StatelessAnswer.port(head, source);
            super.send(new DatagramPacket(answer, answer.length, source.getAddress(), port));
        }
    }

    /**
     * Where the refused message begins in the stack's own answer, which has an empty line too many
     * before the length of that and behind it; negative where it is another.
     */
    private static int bodyOfRefusal(DatagramPacket packet) {
        byte[] octets = packet.getData();
        int length = packet.getLength();
        if (length < REFUSAL.length
                || !Arrays.equals(octets, 0, REFUSAL.length, REFUSAL, 0, REFUSAL.length)) {
            return -1;
        }
        int told = indexOf(octets, LENGTH, REFUSAL.length, length);
        int end = told < 0 ? -1 : indexOf(octets, END, told, length);
        int body = end + END.length;
        if (end < 0 || body + 2 > length) {
            return -1;
        }
        return octets[body] == '\r' ? body + 2 : body;
    }

    private static int indexOf(byte[] octets, byte[] wanted, int from, int until) {
        for (int i = from; i + wanted.length <= until; i++) {
            if (Arrays.equals(octets, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private void answer(DatagramPacket answer) {
        try {
            send(answer);
        } catch (IOException lost) {
            // As if it were lost on the way: the request comes again.
        }
    }
}
