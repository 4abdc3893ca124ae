package org.consentgateway.call;

import java.time.Duration;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;

/** Thread-safe. Those who watch calls: metrics, console. Called on call threads: return at once. */
public interface CallEvents {
    CallEvents NONE = new CallEvents() {};

    /** A call was taken. */
    default void arrived(CallFacts facts) {}

    /** A call was not taken, such as "limit" or "draining". */
    default void rejected(String reason) {}

    default void answered(CallFacts facts) {}

    /** From the ACK to the first packet of the opening sent; told on the event loop. */
    default void firstAudio(CallFacts facts, Duration afterAck) {}

    /** A notice was played, wholly or not. */
    default void served(CallFacts facts, NoticeRef notice, boolean completed) {}

    /**
     * @param level id of the level given, or the empty string
     * @param took from the start of the first question
     */
    default void decided(
            CallFacts facts,
            NoticeRef notice,
            Decision decision,
            String level,
            Method method,
            Duration took) {}

    /**
     * A consent of an earlier call was honoured.
     *
     * @param level id
     */
    default void used(CallFacts facts, String level) {}

    /** The caller hung up before deciding. */
    default void abandoned(CallFacts facts, NoticeRef notice, Unclear stage) {}

    /** How long the call waited for the store. */
    default void committed(CallFacts facts, boolean durable, Duration took) {}

    default void bridged(CallFacts facts, String target) {}

    default void withdrawn(CallFacts facts, String level, Method method) {}

    /**
     * @param afterwards from the last key or word of a withdrawal until nothing more was sent;
     *     reported by the line
     */
    default void cut(CallFacts facts, Duration afterwards) {}

    /** Never linked to a caller: no facts here. */
    default void satisfaction(String line, String language, String variant, int score) {}

    /** Once per call, last. */
    default void ended(CallOutcome outcome) {}
}
