package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.request.Task;

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
     * The disclosure was played to this caller: once per call, in the language it came to.
     *
     * @param known whether the caller's number has a remembered consent in force
     * @param completed whether wholly
     */
    record DisclosureServed(CallFacts facts, NoticeRef notice, boolean known, boolean completed)
            implements CallEvent {}

    /** The opening was not played wholly, nor a second time, to a caller who stayed. */
    record OpeningUnheard(CallFacts facts) implements CallEvent {}

    /**
     * This caller was asked for consent, or answered before it could be asked: once per call, in
     * the language it came to. All who decide or abandon a question are among them. Told when that
     * is known.
     *
     * @param at when the first question began, or was answered before it could
     */
    record QuestionServed(CallFacts facts, NoticeRef notice, boolean known, Instant at)
            implements CallEvent {}

    /**
     * @param took from the start of the first question
     */
    record Decided(
            CallFacts facts,
            NoticeRef notice,
            boolean known,
            Decision decision,
            Method method,
            Duration took)
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
    record Abandoned(CallFacts facts, NoticeRef notice, boolean known, Unclear stage)
            implements CallEvent {}

    /**
     * @param took how long the call waited for the store
     */
    record Committed(CallFacts facts, boolean durable, Duration took) implements CallEvent {}

    /**
     * @param level id
     */
    record Withdrawn(CallFacts facts, String level, Method method) implements CallEvent {}

    /**
     * Of a crowded number some consents may be left in force, by a mistake of ours; told on any
     * thread, also after the call. Whoever withdraws once more ends them.
     *
     * @param error its class: the text may hold words of a caller
     */
    record WithdrawalFailed(CallFacts facts, String error) implements CallEvent {}

    /**
     * What came of dialling the assistant that a durable consent is for; not told where the caller
     * did not wait for it.
     *
     * @param took from that consent to the assistant's answer, or until it was given up
     */
    record AssistantDialled(CallFacts facts, boolean answered, Duration took)
            implements CallEvent {}

    /**
     * An assistant was to hear this caller on the proof of another call, which is a mistake of
     * ours; it heard nothing.
     */
    record GateRefused(CallFacts facts) implements CallEvent {}

    /**
     * This caller has somebody to talk to: once per call, the first time.
     *
     * @param waited since the call was answered
     */
    record Joined(CallFacts facts, NoticeRef notice, Whom whom, Duration waited)
            implements CallEvent {}

    /** Who a caller was joined with. */
    enum Whom {
        ASSISTANT,
        HUMAN
    }

    /** The talk with an assistant is over, whatever the caller does then. */
    record AssistantGone(CallFacts facts) implements CallEvent {}

    /** What became of one purpose in the middle of a talk. */
    record PurposeDecided(CallFacts facts, Purpose purpose, PurposeState state)
            implements CallEvent {}

    /** In the middle of a talk. */
    enum PurposeState {
        GRANTED,
        REFUSED,
        UNANSWERED,
        /** The caller ended it. */
        ENDED
    }

    /**
     * The consent that this call goes on under has ended outside it; told on any thread, but never
     * behind the {@link Ended} of the call.
     */
    record ConsentEnded(CallFacts facts, EndOfConsent.How how) implements CallEvent {}

    /**
     * @param afterwards from the last key or word of a withdrawal until nothing more was sent
     */
    record Cut(CallFacts facts, Duration afterwards) implements CallEvent {}

    /**
     * Somebody who was given data was told that the consent has ended.
     *
     * @param acknowledgedBy the message that was confirmed; empty: none
     */
    record HolderNotified(CallFacts facts, EndOfConsent.How how, String acknowledgedBy)
            implements CallEvent {}

    /**
     * Never linked to a caller: no facts here.
     *
     * @param score from 1, which is very clear, to 5, which is not clear at all
     */
    record Satisfaction(String line, NoticeRef notice, int score) implements CallEvent {}

    /** Never linked to a caller: no facts here. */
    record Helped(String line, NoticeRef notice, boolean helped) implements CallEvent {}

    /** A caller has left something for a person to do. */
    record TaskOpened(CallFacts facts, NoticeRef notice, Task.Kind kind) implements CallEvent {}

    /** Somebody asked for the address of the information as a text message. */
    record LinkAsked(CallFacts facts, NoticeRef notice, boolean taken) implements CallEvent {}

    /** Once per call, last. */
    record Ended(CallOutcome outcome, MediaQuality media) implements CallEvent {}
}
