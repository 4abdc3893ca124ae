package org.consentgateway.call;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
     * Connects the caller to the first of the line's humans who is there and answers, or says
     * goodbye. Who is closed is not waited for; who is known not to answer is tried last.
     *
     * @param outcome of the call, by where it went
     * @param before parts spoken while the first is dialled
     */
    CallOutcome connect(Function<CallOutcome.Path, CallOutcome> outcome, String... before) {
        ZonedDateTime now = call.now().atZone(call.line().zone());
        List<HumanTarget> humans =
                call.services().targets().humans(call.line()).stream()
                        .filter(human -> human.open(now))
                        .sorted(Comparator.comparing(HumanTarget::down))
                        .toList();
        return humans.isEmpty()
                ? goodbye(outcome, before)
                : connect(humans, _ -> {}, outcome, before);
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
        return connect(List.of(human), reached, outcome, before);
    }

    private CallOutcome connect(
            List<HumanTarget> humans,
            Consumer<Boolean> reached,
            Function<CallOutcome.Path, CallOutcome> outcome,
            String... before) {
        CallStage onTheWay = call.stage(() -> outcome.apply(CallOutcome.Path.HUNG_UP));
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.TO_HUMAN);
        for (HumanTarget human : humans) {
            switch (onTheWay.awaitHuman(human.dial(call.facts()), words)) {
                case Dialled.Connected(HumanEnd end) -> {
                    reached.accept(true);
                    return talk(end, outcome);
                }
                case Dialled.Transferred() -> {
                    reached.accept(true);
                    return outcome.apply(CallOutcome.Path.HUMAN);
                }
                case Dialled.NotReached<HumanEnd> _ -> words.clear();
            }
        }
        reached.accept(false);
        return goodbye(outcome);
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
