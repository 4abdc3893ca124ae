package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.screen.MessageHead;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.trunk.KnownSources;

/** Receives what passes the screen, from known sources only. Thread-safe. */
final class ScreenedDatagrams extends DatagramSocket {
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

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
        if (!sources.knows(packet.getAddress())) {
            tally.rejected(Rejection.UNKNOWN_SOURCE);
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
        return switch (screen.look(head, packet.getLength(), source, false)) {
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

    private void answer(DatagramPacket answer) {
        try {
            send(answer);
        } catch (IOException lost) {
            // As if it were lost on the way: the request comes again.
        }
    }
}
