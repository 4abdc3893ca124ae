package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A caller's telephone that by itself does what RFC 3261 wants of one over UDP: repeats what nobody
 * answers, acknowledges, and answers requests. Thread-safe.
 */
public final class Telephone implements AutoCloseable {
    private static final int TURN_MILLIS = 20;
    private static final long T1_NANOS = 500_000_000;
    private static final int MOST_REPEATS = 6;

    /** Told on the telephone's threads, which must not be held up. */
    public interface Listener extends RtpVoice.Listener {
        default void answered() {}

        /** The last thing that is told. */
        default void over(Outcome how) {}
    }

    /** How a call went. */
    public sealed interface Outcome {
        /** It was never answered: the SIP status; 408 if there was no answer at all. */
        record Refused(int status) implements Outcome {}

        /** It was answered, and then ended by one side. */
        record Ended(boolean byUs) implements Outcome {}
    }

    private final Listener listener;
    private final SipPeer peer;
    private final SipDialog dialog;
    private final RtpVoice voice;
    private boolean answered;
    private boolean heardOf;
    private boolean wantsToHangUp;
    private boolean over;
    private volatile boolean closed;

    /** What is repeated until it is answered; null for nothing. */
    private @Nullable String pending;

    private int repeats;
    private long repeatAt;

    private Telephone(InetSocketAddress gateway, String line, String number, Listener listener)
            throws IOException {
        this.listener = listener;
        peer = SipPeer.udp("127.0.0.1", gateway);
        voice = new RtpVoice(listener);
        dialog = new SipDialog(peer).calling(line);
        PlacedCalls.note(number, dialog.callId);
        if (number.equals("anonymous")) {
            dialog.from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
            dialog.extra = "Privacy: id\r\n";
        } else {
            dialog.from = "<sip:" + number + "@127.0.0.1>";
            dialog.extra = "P-Asserted-Identity: " + dialog.from + "\r\n";
        }
    }

    /**
     * Calls; returns at once.
     *
     * @param number the caller's, or "anonymous" to withhold it
     */
    public static Telephone calls(
            InetSocketAddress gateway, String line, String number, Listener listener)
            throws IOException {
        return calls(gateway, line, number, "", listener);
    }

    /**
     * The same with more headers in its INVITE.
     *
     * @param headers lines with their ends
     */
    public static Telephone calls(
            InetSocketAddress gateway,
            String line,
            String number,
            String headers,
            Listener listener)
            throws IOException {
        Telephone telephone = new Telephone(gateway, line, number, listener);
        telephone.dialog.extra += headers;
        telephone.request(telephone.dialog.invite(telephone.voice.sdp()));
        telephone.dialog.extra = "";
        Thread.ofVirtual().name("telephone").start(telephone::run);
        return telephone;
    }

    public int rtpPort() {
        return voice.port();
    }

    /** Octets of A-law; what was being said stops. */
    public void say(byte[] alaw) {
        voice.say(alaw);
    }

    /** Presses a key for 100 ms; several are sent one after the other. */
    public void press(char key) {
        voice.press(key);
    }

    /** Waits until all keys are pressed. */
    public void pressed() throws InterruptedException {
        voice.pressed();
    }

    /** CANCEL or BYE, as it stands. */
    public synchronized void hangUp() {
        if (over || wantsToHangUp) {
            return;
        }
        wantsToHangUp = true;
        try {
            if (answered) {
                request(dialog.bye());
            } else if (heardOf) {
                request(dialog.cancel());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void request(String text) throws IOException {
        pending = text;
        repeats = 0;
        repeatAt = System.nanoTime() + T1_NANOS;
        peer.send(text);
    }

    private void run() {
        try {
            while (!closed) {
                SipMessage message = peer.receive(TURN_MILLIS);
                if (message != null && message.status() == 0) {
                    asked(message);
                } else if (message != null) {
                    answered(message);
                }
                repeat();
            }
        } catch (IOException gone) {
            // closed
        }
    }

    /** RFC 3261 §17.1.1.2: after T1, twice T1 and so on. */
    private synchronized void repeat() throws IOException {
        if (pending == null || System.nanoTime() < repeatAt) {
            return;
        }
        if (++repeats > MOST_REPEATS) {
            over(answered ? new Outcome.Ended(true) : new Outcome.Refused(408));
            return;
        }
        repeatAt = System.nanoTime() + (T1_NANOS << repeats);
        peer.send(pending);
    }

    private synchronized void asked(SipMessage request) throws IOException {
        switch (request.method()) {
            case "BYE" -> {
                peer.send(request.response("200 OK", "", ""));
                over(new Outcome.Ended(false));
            }
            case "INVITE" -> peer.send(request.response("200 OK", "", voice.sdp()));
            case "REFER" -> peer.send(request.response("603 Decline", "", ""));
            case "ACK" -> {}
            default -> peer.send(request.response("200 OK", "", ""));
        }
    }

    private synchronized void answered(SipMessage response) throws IOException {
        String to = response.header("CSeq");
        int status = response.status();
        if (to.endsWith("BYE")) {
            over(new Outcome.Ended(true));
        } else if (to.endsWith("CANCEL")) {
            pending = null;
        } else if (status < 200) {
            provisional();
        } else if (status < 300) {
            acknowledge(response);
        } else {
            peer.send(dialog.ackRefusal(response));
            over(new Outcome.Refused(status));
        }
    }

    private void provisional() throws IOException {
        boolean first = !heardOf;
        heardOf = true;
        if (first && !answered) {
            pending = null;
            if (wantsToHangUp) {
                request(dialog.cancel());
            }
        }
    }

    /** Each time the 200 comes. */
    private void acknowledge(SipMessage ok) throws IOException {
        if (answered) {
            peer.send(dialog.request("ACK", 1, dialog.branch + "-ack", "", ""));
            return;
        }
        answered = true;
        pending = null;
        dialog.toTag = ok.toTag();
        dialog.target = SipMessage.address(ok.header("Contact"));
        peer.send(dialog.request("ACK", 1, dialog.branch + "-ack", "", ""));
        voice.agree(ok);
        voice.talk();
        voice.listen();
        listener.answered();
        if (wantsToHangUp) {
            request(dialog.bye());
        }
    }

    private void over(Outcome how) {
        pending = null;
        if (!over) {
            over = true;
            voice.hearOut();
            voice.close();
            listener.over(how);
        }
    }

    /** Says nothing more, not even that it goes. */
    @Override
    public void close() {
        closed = true;
        voice.close();
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
