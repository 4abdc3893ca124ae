package org.consentgateway.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.consent.Parts;

/**
 * Confined to the call's virtual thread. The way of every caller whom the assistant may not hear.
 */
final class ToHuman {
    private final CallInProgress call;

    ToHuman(CallInProgress call) {
        this.call = call;
    }

    /**
     * Connects the caller to the line's human target, or says goodbye where there is none or nobody
     * answers.
     *
     * @param outcome of the call, by where it went
     * @param before parts spoken while the human is dialled
     */
    CallOutcome connect(Function<CallOutcome.Path, CallOutcome> outcome, String... before) {
        Optional<HumanTarget> human = call.services().targets().human(call.line());
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
        CallStage onTheWay = call.stage(() -> outcome.apply(CallOutcome.Path.HUNG_UP));
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.TO_HUMAN);
        Dialled<HumanEnd> dialled = onTheWay.awaitHuman(human.dial(call.facts()), words);
        reached.accept(
                dialled instanceof Dialled.Connected || dialled instanceof Dialled.Transferred);
        return switch (dialled) {
            case Dialled.Connected(HumanEnd end) -> talk(end, outcome);
            case Dialled.Transferred() -> outcome.apply(CallOutcome.Path.HUMAN);
            case Dialled.NotReached<HumanEnd> _ -> goodbye(outcome);
        };
    }

    private CallOutcome talk(HumanEnd end, Function<CallOutcome.Path, CallOutcome> outcome) {
        CallStage talking = call.stage(() -> outcome.apply(CallOutcome.Path.HUMAN));
        try {
            BridgeEnd _ = talking.talk(end);
        } finally {
            end.hangUp(Ending.NORMAL);
        }
        return outcome.apply(CallOutcome.Path.HUMAN);
    }

    private CallOutcome goodbye(Function<CallOutcome.Path, CallOutcome> outcome, String... before) {
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.GOODBYE);
        call.stage(() -> outcome.apply(CallOutcome.Path.GOODBYE)).say(words);
        return outcome.apply(CallOutcome.Path.GOODBYE);
    }
}
