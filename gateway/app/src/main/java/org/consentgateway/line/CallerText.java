package org.consentgateway.line;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.line.text.TypedLines;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.TextListener;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #open} and what is read. A caller's
 * real-time text: what is said is shown, and what is typed becomes lines.
 */
final class CallerText implements TextListener, TypedLines.Reader, LocalMedia.TextPort {
    private static final String LINE_SEPARATOR = "\u2028";

    /** What a caller begins, or goes on with, is told once in so long. */
    private static final long TYPING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LAST_WORD_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Lines that may come at once, and then each second: a flood leaves room for the rest. */
    private static final int MOST_LINES = 20;

    private final MediaLeg leg;
    private final UnaryOperator<InetSocketAddress> advertised;
    private final Inbox inbox;
    private final KeyTrail keys;
    private final TypedLines lines = new TypedLines(this);
    private volatile @Nullable TextLeg text;
    private boolean active;
    private volatile boolean alone;

    /** Whether the caller's last answer was typed. */
    private boolean answers;

    /** What was said last, whoever could read it. */
    private String said = "";

    private static final long NOT_YET = Long.MAX_VALUE;

    private volatile Shown shown = new Shown(Long.MIN_VALUE);

    /**
     * Thread-safe. When the last character of what was shown went out; each time another one, so
     * that what was shown before can say so too late and changes nothing.
     */
    private static final class Shown {
        private volatile long atNanos;

        Shown(long atNanos) {
            this.atNanos = atNanos;
        }
    }

    /** Confined to the event loop, like all below. */
    private long toldNanos;

    private long secondNanos;
    private int linesInSecond;

    CallerText(
            MediaLeg leg, UnaryOperator<InetSocketAddress> advertised, Inbox inbox, KeyTrail keys) {
        this.leg = leg;
        this.advertised = advertised;
        this.inbox = inbox;
        this.keys = keys;
    }

    /** On a SIP thread, where text is offered. */
    @Override
    public @Nullable InetSocketAddress open() {
        try {
            TextLeg opened = leg.text();
            if (text == null) {
                opened.listen(this);
                text = opened;
            }
            return advertised.apply(opened.local());
        } catch (PortsExhaustedException e) {
            return null;
        }
    }

    /** What was agreed now; null where there is no text, or none any more. */
    void agreed(AgreedMedia.@Nullable TextStream now, boolean withoutAudio) {
        TextLeg opened = text;
        active = now != null && opened != null;
        alone = active && withoutAudio;
        if (opened == null) {
            return;
        }
        if (now == null) {
            opened.disconnect();
        } else {
            opened.connect(now.format(), now.peer());
        }
    }

    /** Whether the caller reads and types. */
    boolean active() {
        return active;
    }

    /** Whether the caller does nothing else. */
    boolean alone() {
        return alone;
    }

    /**
     * Whether the caller, who sends nothing while reading, is there for all we know; also where
     * there is sound as well, of which nothing has come: it can be answered in text alone then.
     */
    boolean reaches() {
        TextLeg opened = text;
        return active && opened != null && opened.reachable();
    }

    /** Whether the caller answers in text, so that to be heard by sound alone is of no use. */
    boolean answers() {
        return alone || (active && answers);
    }

    /** The caller has answered, in text or otherwise. */
    void answered(boolean typed) {
        answers = typed;
    }

    /** Shows what is being said; what still waits of what was said before is left out. */
    void show(List<Utterance> before, Utterance now) {
        if (!now.parts().isEmpty()) {
            said = before.stream().map(CallerText::line).collect(Collectors.joining()) + line(now);
            showSaid();
        }
    }

    /** The same of what was said last: for who begins to read in the middle of it. */
    void showSaid() {
        TextLeg opened = text;
        if (!active || opened == null || said.isEmpty()) {
            return;
        }
        opened.forget();
        var now = new Shown(NOT_YET);
        shown = now;
        opened.send(said).thenAccept(at -> now.atNanos = at);
    }

    private static String line(Utterance said) {
        return said.parts().stream()
                        .map(part -> said.notice().texts().getOrDefault(part, ""))
                        .collect(Collectors.joining(" "))
                + LINE_SEPARATOR;
    }

    /** A slow reader's telephone takes its text slowly: a BYE waits for it, but not for long. */
    void letTheLastWordArrive() {
        for (long waited = 0; alone && shown.atNanos == NOT_YET && waited < LAST_WORD_NANOS; ) {
            LockSupport.parkNanos(STEP_NANOS);
            waited += STEP_NANOS;
        }
    }

    /** Whether what was shown last could be read at that time. */
    boolean readable(long atNanos) {
        return shown.atNanos <= atNanos;
    }

    // ---- on the event loop from here ----

    @Override
    public void text(String typed, long atNanos) {
        lines.text(typed, atNanos);
    }

    @Override
    public void look(long nowNanos) {
        lines.look(nowNanos);
    }

    @Override
    public void typing(String line, long atNanos) {
        keys.typing(line, atNanos);
        if (atNanos - toldNanos >= TYPING_NANOS) {
            toldNanos = atNanos;
            inbox.put(new Happening.BeganToType());
        }
    }

    @Override
    public void line(String line, long beganNanos, long atNanos, boolean ended) {
        keys.typed(line, beganNanos, atNanos);
        if (atNanos - secondNanos >= TimeUnit.SECONDS.toNanos(1)) {
            secondNanos = atNanos;
            linesInSecond = 0;
        }
        if (++linesInSecond <= MOST_LINES) {
            inbox.put(new Happening.LineTyped(line, beganNanos, atNanos, ended));
        }
    }
}
