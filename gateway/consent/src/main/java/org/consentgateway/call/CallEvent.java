package org.consentgateway.call;

import java.time.Duration;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;

/**
 * Immutable. What happens in calls, for those who watch them ({@link CallListener}): metrics, log,
 * status page. Holds no number and no word of a caller.
 */
public sealed interface CallEvent {
    /** A call was not taken. */
    record Rejected(Calls.Room why) implements CallEvent {}

    /**
     * The first packet of the opening was sent; told on the event loop.
     *
     * @param afterAck from the ACK to that packet
     */
    record FirstAudio(CallFacts facts, Duration afterAck) implements CallEvent {}

    /**
     * A notice was played.
     *
     * @param completed whether wholly
     */
    record Served(CallFacts facts, NoticeRef notice, boolean completed) implements CallEvent {}

    /**
     * @param took from the start of the first question
     */
    record Decided(
            CallFacts facts, NoticeRef notice, Decision decision, Method method, Duration took)
            implements CallEvent {}

    /**
     * Whoever speaks now has agreed again to a consent of an earlier call.
     *
     * @param level id
     */
    record Reaffirmed(CallFacts facts, String level, Method method) implements CallEvent {}

    /**
     * A consent of an earlier call was honoured without a question.
     *
     * @param level id
     */
    record Used(CallFacts facts, String level) implements CallEvent {}

    /** The caller hung up before deciding. */
    record Abandoned(CallFacts facts, NoticeRef notice, Unclear stage) implements CallEvent {}

    /**
     * @param took how long the call waited for the store
     */
    record Committed(CallFacts facts, boolean durable, Duration took) implements CallEvent {}

    /**
     * @param level id
     */
    record Withdrawn(CallFacts facts, String level, Method method) implements CallEvent {}

    /**
     * @param afterwards from the last key or word of a withdrawal until nothing more was sent
     */
    record Cut(CallFacts facts, Duration afterwards) implements CallEvent {}

    /**
     * Never linked to a caller: no facts here.
     *
     * @param score 1 to 5
     */
    record Satisfaction(String line, String language, String variant, int score)
            implements CallEvent {}

    /** Once per call, last. */
    record Ended(CallOutcome outcome, MediaQuality media) implements CallEvent {}
}
