package org.consentgateway.call;

import org.consentgateway.consent.Parts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Confined to the call's virtual thread. The way of every caller whom the assistant may not hear.
 */
final class ToHuman {
    private final Talk talk;

    ToHuman(Talk talk) {
        this.talk = talk;
    }

    /**
     * Connects the caller to the line's human target, or says goodbye where there is none or nobody
     * answers.
     *
     * @param outcome of the call, by where it went
     * @param before parts spoken first
     */
    CallOutcome connect(Function<CallOutcome.Path, CallOutcome> outcome, String... before) {
        talk.ifGone(() -> outcome.apply(CallOutcome.Path.HUNG_UP));
        Optional<HumanTarget> human = talk.services().targets().human(talk.line());
        return human.isEmpty()
                ? goodbye(outcome, before)
                : connect(human.get(), _ -> {}, outcome, before);
    }

    /**
     * The same, to this human.
     *
     * @param reached told once, as soon as it is known, unless the caller is gone before
     */
    CallOutcome connect(
            HumanTarget human,
            Consumer<Boolean> reached,
            Function<CallOutcome.Path, CallOutcome> outcome,
            String... before) {
        talk.ifGone(() -> outcome.apply(CallOutcome.Path.HUNG_UP));
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.TO_HUMAN);
        talk.say(words);
        Dialling<HumanEnd> dialling = human.dial(talk.facts());
        Dialled<HumanEnd> dialled = talk.caller().await(dialling);
        reached.accept(
                dialled instanceof Dialled.Connected || dialled instanceof Dialled.Transferred);
        return switch (dialled) {
            case Dialled.Connected(HumanEnd end) -> talk(end, outcome);
            case Dialled.Transferred() -> outcome.apply(CallOutcome.Path.HUMAN);
            case Dialled.NotReached<HumanEnd> _ -> goodbye(outcome);
        };
    }

    private CallOutcome talk(HumanEnd end, Function<CallOutcome.Path, CallOutcome> outcome) {
        talk.ifGone(() -> outcome.apply(CallOutcome.Path.HUMAN));
        try {
            BridgeEnd _ = talk.caller().talk(end);
        } finally {
            end.hangUp(Ending.NORMAL);
        }
        return outcome.apply(CallOutcome.Path.HUMAN);
    }

    private CallOutcome goodbye(Function<CallOutcome.Path, CallOutcome> outcome, String... before) {
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.GOODBYE);
        talk.ifGone(() -> outcome.apply(CallOutcome.Path.GOODBYE));
        talk.say(words);
        return outcome.apply(CallOutcome.Path.GOODBYE);
    }
}
