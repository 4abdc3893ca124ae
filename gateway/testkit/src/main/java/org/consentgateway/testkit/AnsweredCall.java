package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One call that a {@link Callee} has answered: what was asked, and what was heard. Thread-safe. */
public final class AnsweredCall implements RtpVoice.Listener {
    private static final int LOUD = 500;

    /** Half a second. */
    private static final int ENOUGH_FRAMES = 25;

    private final SipMessage invite;
    private final SipDialog dialog;
    private final SipFlow flow;
    private final RtpVoice voice;
    private final @Nullable RttStream text;
    private final boolean speaks;
    private final Instant came = Instant.now();
    private final StringBuilder keys = new StringBuilder();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Set<SipMessage> taken = ConcurrentHashMap.newKeySet();
    private final List<byte[]> wideband = new CopyOnWriteArrayList<>();
    private @Nullable Instant lastHeard;
    private int loudFrames;
    private double toneShares;
    private volatile boolean over;

    /** A request in the call, and when it came. */
    public record Asked(Instant at, SipMessage request) {}

    /**
     * @param reads whether text is answered where it is offered
     */
    AnsweredCall(SipMessage invite, SipDialog dialog, SipFlow flow, boolean reads)
            throws IOException {
        this.invite = invite;
        this.dialog = dialog;
        this.flow = flow;
        this.voice = new RtpVoice(this);
        this.speaks = invite.body().contains("m=audio ");
        if (speaks) {
            Law law = invite.find("m=audio \\d+ \\S+ (?:9 )?(\\d+)").equals("8") ? Law.A : Law.MU;
            if (invite.uri().contains(":" + Callee.WIDEBAND + "@")) {
                voice.wantsWideband();
            }
            int events = Integer.parseInt(invite.find("a=rtpmap:(\\d+) telephone-event/8000"));
            voice.agree(invite, law, events);
        }
        this.text =
                reads && invite.body().contains("m=text ") ? new RttStream(RttStream.USUAL) : null;
        if (text != null) {
            text.agree(invite);
        }
    }

    /** The text of this call; there is none where it was not offered, or not answered. */
    public RttStream text() {
        return Objects.requireNonNull(text);
    }

    /** Value of a header of the INVITE; empty if there is none. */
    public String header(String wanted) {
        return invite.header(wanted);
    }

    /** The INVITE's text. */
    public String invite() {
        return invite.text();
    }

    /** When the INVITE came. */
    public Instant came() {
        return came;
    }

    public int rtpPort() {
        return voice.port();
    }

    public boolean over() {
        return over;
    }

    public synchronized String keys() {
        return keys.toString();
    }

    /** INFO and BYE, in order, each once however often it was repeated. */
    public List<Asked> asked() {
        return asked;
    }

    /** When the last packet came that was more than silence; null before the first. */
    public synchronized @Nullable Instant lastHeard() {
        return lastHeard;
    }

    /** Packets that were more than silence. */
    public synchronized int loudFrames() {
        return loudFrames;
    }

    /** Whether what was heard was mostly a test caller's voice, for half a second at least. */
    public synchronized boolean heardTheCaller() {
        return loudFrames > ENOUGH_FRAMES && toneShares / loudFrames > 0.7;
    }

    @Override
    public synchronized void audio(byte[] octets, Law law) {
        short[] samples = law.decode(octets);
        if (Tones.level(samples) > LOUD) {
            loudFrames++;
            lastHeard = Instant.now();
            toneShares += Tones.share(samples, Caller.VOICE_HERTZ);
        }
    }

    @Override
    public void wideband(byte[] octets) {
        wideband.add(octets);
    }

    /** Packets of G.722, oldest first. */
    public List<byte[]> wideband() {
        return wideband;
    }

    /** What it speaks with. */
    public RtpVoice voice() {
        return voice;
    }

    @Override
    public synchronized void key(char key) {
        keys.append(key);
    }

    public void hangUp() {
        send(dialog -> dialog.bye());
        ended();
    }

    /** Asks for somebody else in its place (RFC 3515). */
    public void refers(String uri) {
        send(dialog -> {
            dialog.extra = "Refer-To: <" + uri + ">\r\n";
            String refer = dialog.next("REFER", "", "");
            dialog.extra = "";
            return refer;
        });
    }

    /** How that goes, as it was told: status lines. */
    public List<String> news() {
        return news;
    }

    /**
     * Says something within the call.
     *
     * @param more headers, each with its line's end
     */
    public void says(String method, String more, String contentType, String body) {
        send(dialog -> {
            dialog.extra = more;
            String request = dialog.next(method, contentType, body);
            dialog.extra = "";
            return request;
        });
    }

    private interface Request {
        String in(SipDialog dialog);
    }

    private synchronized void send(Request request) {
        try {
            flow.send(request.in(dialog));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ------------------------------------------------------------------ for the one who answers

    String tag() {
        return dialog.fromTag;
    }

    String sdp() {
        String audio = voice.sdp();
        String session = speaks ? audio : audio.substring(0, audio.indexOf("m=audio"));
        if (text != null) {
            return session + text.answer();
        }
        return session + (invite.body().contains("m=text ") ? "m=text 0 RTP/AVP 98\r\n" : "");
    }

    /** Begins with a greeting. */
    void speaks(byte[] greeting) {
        if (text != null) {
            text.begin();
            text.type("Guten Tag.");
        }
        if (speaks) {
            voice.say(greeting);
            voice.talk();
            voice.listen();
        }
    }

    void asks(SipMessage request) {
        if (!taken.add(request)) {
            return;
        }
        asked.add(new Asked(Instant.now(), request));
    }

    void tells(SipMessage by, String line) {
        if (!taken.add(by)) {
            return;
        }
        news.add(line);
    }

    void ended() {
        over = true;
        voice.close();
        if (text != null) {
            text.close();
        }
    }

    /** Whether a Replaces names this call (RFC 3891 §3). */
    boolean isNamedBy(String replaces) {
        return replaces.startsWith(dialog.callId + ";")
                && replaces.contains(";to-tag=" + dialog.fromTag)
                && dialog.toTag.equals(replaces.replaceAll(".*;from-tag=", ""));
    }

    String callId() {
        return dialog.callId;
    }
}
