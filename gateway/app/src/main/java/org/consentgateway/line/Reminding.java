package org.consentgateway.line;

import java.time.Instant;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.media.Playback;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Tells the disclosure again in a talk, to both of its
 * sides: while it is spoken neither hears the other. It knows no gate and no cut, so it can neither
 * open the one nor keep back the other.
 */
final class Reminding implements AutoCloseable {
    private final Reminder reminder;
    private final Prompts prompts;
    private final Hearing hearing;
    private final FarLeg far;
    private final CallTime time;
    private long due;
    private @Nullable Playback playing;
    private Instant started = Instant.MIN;

    Reminding(Reminder reminder, Prompts prompts, Hearing hearing, FarLeg far, CallTime time) {
        this.reminder = reminder;
        this.prompts = prompts;
        this.hearing = hearing;
        this.far = far;
        this.time = time;
        this.due = time.nanos() + reminder.every().toNanos();
    }

    /** How long to wait for what happens until there is something to say. */
    long untilDue() {
        return playing != null
                ? Happenings.PATIENCE_NANOS
                : Math.clamp(due - time.nanos(), 0, Happenings.PATIENCE_NANOS);
    }

    /** Whenever something has happened, or nothing has for so long. */
    void goOn() {
        Playback now = playing;
        if (now == null && due - time.nanos() <= 0) {
            started = time.instant();
            hearing.prompt(true);
            playing = prompts.begin(reminder.utterance()).playback();
            Playback _ = prompts.tell(far, reminder.utterance());
        } else if (now != null && now.ended().toCompletableFuture().isDone()) {
            over(now);
            due = time.nanos() + reminder.every().toNanos();
        }
    }

    private void over(Playback now) {
        hearing.prompt(false);
        playing = null;
        reminder.said().accept(started, prompts.stopped(now, Said.End.BARGED_IN));
    }

    /** The talk is over; what is being said ends with it. */
    @Override
    public void close() {
        if (playing != null) {
            over(playing);
        }
    }
}
