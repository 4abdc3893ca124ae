package org.consentgateway.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller driven by hand, down to the single message and packet, so that it can also do what no
 * telephone does. Sends silence once it talks, and answers nothing by itself. Confined to one test.
 */
public final class Caller implements AutoCloseable {
    /** Of a voice that is to be found wherever it gets to. */
    public static final double VOICE_HERTZ = 1000;

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long T1_NANOS = 500_000_000;

    private final SipPeer peer;
    private final SipDialog dialog;
    private final RtpVoice voice;
    private String identity;
    private String headers = "";
    private String offer;
    private boolean speaks = true;
    private @Nullable RttStream text;

    private Caller(
            InetSocketAddress gateway, String line, String number, RtpVoice.Listener listener)
            throws IOException {
        voice = new RtpVoice(listener);
        peer = SipPeer.udp("127.0.0.1", gateway).patient(PATIENCE_MILLIS);
        dialog = new SipDialog(peer).calling(line);
        PlacedCalls.note(number, dialog.callId);
        dialog.from = "<sip:" + number + "@127.0.0.1>";
        identity = "P-Asserted-Identity: " + dialog.from + "\r\n";
        offer = voice.sdp();
    }

    /** Somebody who has not called yet. */
    public static Caller of(InetSocketAddress gateway, String line, String number)
            throws IOException {
        return of(gateway, line, number, new RtpVoice.Listener() {});
    }

    /** The same, with somebody who is told what is heard. */
    public static Caller of(
            InetSocketAddress gateway, String line, String number, RtpVoice.Listener listener)
            throws IOException {
        return new Caller(gateway, line, number, listener);
    }

    /** With a telephone that prefers G.722. */
    public Caller withWideband() {
        offer = voice.sdpWideband();
        return this;
    }

    /** Over SRTP. */
    public Caller secured() {
        offer = voice.secureSdp();
        return this;
    }

    /** Reads and types as well, or does nothing else. */
    public Caller withText(boolean speaksToo) throws IOException {
        return withText(speaksToo, RttStream.QUICK);
    }

    /**
     * The same.
     *
     * @param charactersPerSecond that it takes
     */
    public Caller withText(boolean speaksToo, int charactersPerSecond) throws IOException {
        RttStream opened = new RttStream(charactersPerSecond);
        text = opened;
        speaks = speaksToo;
        boolean secure = offer.contains("RTP/SAVP");
        String lines = secure ? opened.secureSdp() : opened.sdp();
        offer = (speaksToo ? offer : offer.substring(0, offer.indexOf("m=audio"))) + lines;
        return this;
    }

    /** The text of {@link #withText}. */
    public RttStream text() {
        return Objects.requireNonNull(text);
    }

    /** With another description than its own, from now on. */
    public Caller describing(UnaryOperator<String> change) {
        offer = change.apply(offer);
        return this;
    }

    /** With a telephone whose keys make tones only. */
    public Caller withTonesOnly() {
        offer = voice.sdpWithoutEvents();
        return this;
    }

    /** Named so in From; what the trunk asserts stays. */
    public Caller from(String address) {
        dialog.from = address;
        return this;
    }

    /** Asserted by the trunk from now on, as when an exchange passes the call on (RFC 5876). */
    public Caller asserted(String address) {
        identity = "P-Asserted-Identity: " + address + "\r\n";
        return this;
    }

    /** Asserted by the trunk no more. */
    public Caller assertedNoMore() {
        identity = "";
        return this;
    }

    /** With these in the INVITE, each with its line's end. */
    public Caller withHeaders(String more) {
        headers = more;
        return this;
    }

    // ------------------------------------------------------------------ SIP

    /** Calls, and returns once answered, talking. */
    public Caller calls() throws IOException {
        invite();
        acknowledges();
        if (speaks) {
            talks();
            voice.listen();
        }
        return this;
    }

    /** Calls, and returns once answered: has acknowledged nothing and sends nothing. */
    public Caller callsOnly() throws IOException {
        invite();
        voice.listen();
        return this;
    }

    private void invite() throws IOException {
        dialog.extra = identity + headers;
        peer.send(dialog.invite(offer));
        SipMessage answer = peer.expect(200);
        dialog.extra = identity;
        dialog.toTag = answer.toTag();
        if (speaks) {
            voice.agree(answer);
        }
        if (text != null) {
            text.agree(answer);
            text.begin();
        }
    }

    /** Begins to read and type, besides, in the middle of the call (RFC 3264 §8.1). */
    public RttStream addsText() throws IOException {
        withText(speaks);
        peer.send(dialog.next("INVITE", "application/sdp", offer.replace("o=- 1 1 ", "o=- 1 2 ")));
        RttStream opened = text();
        opened.agree(peer.expect(200));
        acknowledges();
        opened.begin();
        return opened;
    }

    /** Puts us on hold, or comes back (RFC 3264 §8.4); it sends on, as one with music does. */
    public void holds(boolean onHold) throws IOException {
        String before = offer;
        offer =
                offer.replaceFirst("o=- 1 \\d+ ", onHold ? "o=- 1 2 " : "o=- 1 3 ")
                        + (onHold ? "a=sendonly\r\n" : "a=sendrecv\r\n");
        SipMessage answer = asks("INVITE", "");
        offer = before;
        if (answer.status() != 200) {
            throw new IllegalStateException("on hold: " + answer.status());
        }
    }

    /** Calls, acknowledges the refusal that has to come, and returns it. */
    public SipMessage isRefused(int status) throws IOException {
        dialog.extra = identity + headers;
        peer.send(dialog.invite(offer));
        SipMessage refusal = peer.expect(status);
        peer.send(dialog.ackRefusal(refusal));
        return refusal;
    }

    /** Calls without an offer, and answers ours with its own in the ACK (RFC 3264 §4). */
    public void answersInTheAck() throws IOException {
        dialog.extra = identity + headers;
        peer.send(dialog.invite(""));
        dialog.extra = identity;
        dialog.toTag = peer.expect(200).toTag();
        peer.send(dialog.ack(offer));
    }

    public void acknowledges() throws IOException {
        peer.send(dialog.ack(""));
    }

    /** The answer to the first INVITE, though more was asked since. */
    public void acknowledgesLate() throws IOException {
        int last = dialog.cseq;
        dialog.cseq = 1;
        acknowledges();
        dialog.cseq = last;
    }

    /**
     * Asks something within the call, and returns what is answered; a new offer is acknowledged.
     *
     * @param more headers, each with its line's end
     */
    public SipMessage asks(String method, String more) throws IOException {
        dialog.extra = identity + more;
        boolean offers = method.equals("INVITE") || method.equals("UPDATE");
        peer.send(dialog.next(method, offers ? "application/sdp" : "", offers ? offer : ""));
        SipMessage answer = peer.expectAnswer(method);
        if (method.equals("INVITE") && answer.status() == 200) {
            peer.send(dialog.ack(""));
        }
        dialog.extra = identity;
        return answer;
    }

    /** The next request of this method; what was said until then is heard. */
    public SipMessage receives(String method) throws IOException {
        SipMessage request = peer.expectRequest(method);
        voice.hearOut();
        return request;
    }

    /** Whether anything is said by SIP within this time. */
    public boolean isToldAnything(int millis) throws IOException {
        return !peer.hearsNothing(millis);
    }

    public void answers(SipMessage request, String statusAndReason) throws IOException {
        peer.send(request.response(statusAndReason, "", ""));
    }

    /** BYE as a telephone sends it over UDP: again until it is answered (RFC 3261 §17.1.2.2). */
    public SipMessage hangsUpUntilAnswered() throws IOException {
        String bye = dialog.bye();
        Thread repeating = Thread.ofVirtual().name("bye").start(() -> repeats(bye));
        try {
            return peer.expectAnswer("BYE");
        } finally {
            repeating.interrupt();
        }
    }

    private void repeats(String request) {
        try {
            while (!Thread.interrupted()) {
                peer.send(request);
                LockSupport.parkNanos(T1_NANOS);
            }
        } catch (IOException closed) {
            // nobody is there to be answered
        }
    }

    public void hangsUp() throws IOException {
        peer.send(dialog.bye());
    }

    /** How it goes with a transfer, such as "SIP/2.0 200 OK" (RFC 3515 §2.4.5). */
    public void notifies(String fragment) throws IOException {
        notifies("", fragment);
    }

    /** The same, of this one of several (RFC 3515 §2.4.6). */
    public void notifiesOf(SipMessage refer, String fragment) throws IOException {
        notifies(";id=" + refer.header("CSeq").replaceFirst(" .*", ""), fragment);
    }

    private void notifies(String id, String fragment) throws IOException {
        boolean goesOn = fragment.contains(" 1");
        dialog.extra =
                identity
                        + ("Event: refer" + id + "\r\nSubscription-State: ")
                        + (goesOn ? "active;expires=60\r\n" : "terminated;reason=noresource\r\n");
        peer.send(dialog.next("NOTIFY", "message/sipfrag;version=2.0", fragment + "\r\n"));
        dialog.extra = identity;
        peer.expect(200);
    }

    /**
     * Calls whom a REFER names, with the headers that its address has (RFC 3261 §19.1.5).
     *
     * @param more headers, each with its line's end
     */
    public void calls(SipMessage refer, String more) throws IOException {
        String referred = refer.header("Refer-To");
        SipDialog other = new SipDialog(peer);
        other.target = SipMessage.address(referred).replaceFirst("\\?.*", "");
        other.to = "<" + other.target + ">";
        other.from = dialog.from;
        Matcher replaces = Pattern.compile("[?&]Replaces=([^>&]*)").matcher(referred);
        String value = replaces.find() ? replaces.group(1) : "";
        other.extra =
                (value.isEmpty()
                                ? ""
                                : "Replaces: "
                                        + URLDecoder.decode(value, StandardCharsets.UTF_8)
                                        + "\r\n")
                        + identity
                        + more;
        int port = Integer.parseInt(other.target.substring(other.target.lastIndexOf(':') + 1));
        InetSocketAddress there = new InetSocketAddress(HERE, port);
        peer.send(other.invite(offer), there);
        other.toTag = peer.expect(200).toTag();
        other.extra = "";
        peer.send(other.ack(""), there);
    }

    // ------------------------------------------------------------------ RTP

    public RtpVoice voice() {
        return voice;
    }

    /** Sends silence from now on. */
    public void talks() {
        voice.talk();
    }

    /** Presses a key for 100 ms, and returns when it is let go. */
    public void presses(char key) throws InterruptedException {
        voice.press(key);
        voice.pressed();
    }

    /** The same by tones (ITU-T Q.23). */
    public void sounds(char key) {
        voice.say(Tones.key(key));
    }

    @Override
    public void close() throws IOException {
        peer.close();
        voice.close();
        if (text != null) {
            text.close();
        }
    }
}
