package org.consentgateway.line;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.consentgateway.consent.CallFacts;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #facts}, {@link #acknowledged(long)},
 * {@link #sinceAck}, {@link #tonesInMusic()} and {@link #withAssistant()}. How far a call has come,
 * and whether the caller can be spoken to.
 */
final class CallerState {
    private static final long NEVER = Long.MIN_VALUE;

    private volatile CallFacts facts;

    /** When the ACK came: before it nothing is spoken. */
    private volatile long acknowledgedNanos = NEVER;

    private boolean acknowledged;

    /** When media was first agreed on: where the INVITE has an offer, with our answer to it. */
    private @Nullable Instant agreedAt;

    /** The call was passed on, and the story does not know it yet. */
    private boolean passedOn;

    private boolean onHold;

    /** Whether keys may be found in the music that callers on hold send. */
    private volatile boolean tonesInMusic;

    /** Whether somebody hears the caller. */
    private boolean inTalk;

    /** Whether that is an assistant. */
    private volatile boolean withAssistant;

    /** The caller's media was missing already when nobody heard the caller. */
    private boolean lostBefore;

    CallerState(CallFacts facts) {
        this.facts = facts;
    }

    CallFacts facts() {
        return facts;
    }

    /** Whether both sides know that the call is answered. */
    boolean isAnswered() {
        return facts.answeredAt() != null;
    }

    void agreed(Instant at) {
        agreedAt = agreedAt == null ? at : agreedAt;
        answered();
    }

    /**
     * Not without an ACK: whoever forges the source of an INVITE cannot send one, and each call
     * that was answered leaves a record, which nobody may delete.
     */
    private void answered() {
        Instant at = agreedAt;
        if (acknowledged && at != null) {
            facts = facts.answered(at);
        }
    }

    /** The call goes on with somebody else. */
    void passedOn() {
        facts = facts.passedOn();
        passedOn = true;
    }

    /** Whether that happened, and is told to the story now. */
    boolean tellPassedOn() {
        boolean told = passedOn && isAnswered();
        passedOn &= !told;
        return told;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    void acknowledged() {
        acknowledged = true;
        answered();
    }

    /** On a SIP thread. */
    void acknowledged(long atNanos) {
        if (acknowledgedNanos == NEVER) {
            acknowledgedNanos = atNanos;
        }
    }

    /** How long after the ACK this was; empty if it has not come. */
    Optional<Duration> sinceAck(long atNanos) {
        long since = acknowledgedNanos;
        return since == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(atNanos - since));
    }

    boolean onHold() {
        return onHold;
    }

    /**
     * @param tones whether keys are told in the sound alone
     */
    void onHold(boolean now, boolean tones) {
        onHold = now;
        tonesInMusic = now && tones;
    }

    /** Whether what sounds like a key may be music. Any thread. */
    boolean tonesInMusic() {
        return tonesInMusic;
    }

    boolean inTalk() {
        return inTalk;
    }

    void inTalk(boolean now) {
        inTalk = now;
    }

    boolean withAssistant() {
        return withAssistant;
    }

    void withAssistant(boolean now) {
        withAssistant = now;
    }

    /**
     * The caller's media is missing. While we speak, the story finds out by itself that nothing
     * comes back, records it so and tries a human; only a talk ends with the caller's media.
     *
     * @return whether the call is over with it
     */
    boolean mediaLost() {
        boolean over = !onHold && inTalk && !lostBefore;
        lostBefore = !inTalk;
        return over;
    }
}
