package org.consentgateway.call;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.request.Task;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. What is asked after a talk, at most two questions, once
 * each: whether it was clear what the AI may do, and whether the caller was helped. Never linked to
 * the caller; who hangs up has skipped it. Whoever complains is taken down for a person.
 */
final class Feedback {
    private static final char COMPLAINS = '7';

    private static final Map<Character, Meaning> ONE_TO_FIVE =
            Map.of(
                    '1', Meaning.ONE,
                    '2', Meaning.TWO,
                    '3', Meaning.THREE,
                    '4', Meaning.FOUR,
                    '5', Meaning.FIVE);

    private static final Map<Character, Meaning> YES_OR_NO =
            Map.of('1', Meaning.AGREE, '2', Meaning.REFUSE);

    private final CallInProgress call;
    private final CallStage stage;
    private final Supplier<CallOutcome> outcome;

    /**
     * @param outcome of the call, whatever is answered
     */
    Feedback(CallInProgress call, Supplier<CallOutcome> outcome) {
        this.call = call;
        this.stage = call.stage(outcome);
        this.outcome = outcome;
    }

    /** Asks where the line wants it, once in a call. */
    CallOutcome ask() {
        if (!call.line().service().satisfaction() || call.line().privacy() || !call.mayAskBack()) {
            return outcome.get();
        }
        @Nullable Meaning clear = put(Parts.SATISFACTION, ONE_TO_FIVE, Expecting.Starts.AT_ONCE);
        if (clear == Meaning.COMPLAIN) {
            return complaint();
        }
        if (clear != null) {
            call.tell(
                    new CallEvent.Satisfaction(call.line().id(), call.noticeRef(), clear.digit()));
        }
        @Nullable Meaning helped = put(Parts.HELPED, YES_OR_NO, Expecting.Starts.ONCE_PUT);
        if (helped == Meaning.COMPLAIN) {
            return complaint();
        }
        if (helped != null) {
            call.tell(
                    new CallEvent.Helped(
                            call.line().id(), call.noticeRef(), helped == Meaning.AGREE));
        }
        stage.say(Parts.THANKS);
        return outcome.get();
    }

    private CallOutcome complaint() {
        boolean _ =
                new CallBack(call, Task.Kind.COMPLAINT, _ -> outcome.get())
                        .offer(List.of(Parts.COMPLAINT));
        return outcome.get();
    }

    /**
     * @param counts the second question follows on an answer, which may be given once more
     * @return null where nothing was answered
     */
    private @Nullable Meaning put(
            String part, Map<Character, Meaning> answers, Expecting.Starts counts) {
        if (!call.hasWords(part)) {
            return null;
        }
        var keys = new HashMap<>(answers);
        keys.put(COMPLAINS, Meaning.COMPLAIN);
        Set<Meaning> words =
                call.hears() ? EnumSet.copyOf(keys.values()) : EnumSet.noneOf(Meaning.class);
        Reply reply =
                stage.ask(Utterance.of(call.notice(), part), new Expecting(keys, words, counts));
        return switch (reply) {
            case Reply.Meant meant -> meant.meaning();
            case Reply.Conflict _, Reply.NoInput _, Reply.NoMatch _, Reply.PromptIncomplete _ ->
                    null;
        };
    }
}
