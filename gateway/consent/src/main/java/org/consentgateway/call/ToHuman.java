package org.consentgateway.call;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.request.Task;

/**
 * Confined to the call's virtual thread. The way of every caller whom the assistant may not hear.
 */
final class ToHuman {
    private final CallInProgress call;
    private final boolean asksBack;

    ToHuman(CallInProgress call) {
        this(call, false);
    }

    private ToHuman(CallInProgress call, boolean asksBack) {
        this.call = call;
        this.asksBack = asksBack;
    }

    /** Of who said no: asked afterwards how it was, like who said yes. */
    static ToHuman afterRefusal(CallInProgress call) {
        return new ToHuman(call, true);
    }

    /**
     * Connects the caller to the first of the line's humans who is there and answers, or offers to
     * call back. Who is closed, or has just failed to answer, is not waited for; who may not answer
     * is tried last.
     *
     * @param outcome of the call, by where it went
     * @param before parts spoken while the first is dialled
     */
    CallOutcome connect(Function<Path, CallOutcome> outcome, String... before) {
        ZonedDateTime now = call.now().atZone(call.line().zone());
        List<HumanTarget> humans =
                call.services().targets().humans(call.line()).stream()
                        .filter(human -> human.open(now))
                        .filter(human -> human.health() != HumanTarget.Health.DOWN)
                        .sorted(Comparator.comparing(HumanTarget::health))
                        .toList();
        return humans.isEmpty()
                ? nobody(outcome, before)
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
            Function<Path, CallOutcome> outcome,
            String... before) {
        return connect(List.of(human), reached, outcome, before);
    }

    private CallOutcome connect(
            List<HumanTarget> humans,
            Consumer<Boolean> reached,
            Function<Path, CallOutcome> outcome,
            String... before) {
        CallStage onTheWay = call.stage(() -> outcome.apply(Path.HUNG_UP));
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.TO_HUMAN);
        for (HumanTarget human : humans) {
            switch (onTheWay.awaitHuman(human.dial(call.facts()), words)) {
                case Dialled.Connected(HumanEnd end) -> {
                    call.joined(CallEvent.Whom.HUMAN);
                    reached.accept(true);
                    return talk(end, outcome);
                }
                case Dialled.Transferred() -> {
                    call.joined(CallEvent.Whom.HUMAN);
                    reached.accept(true);
                    return outcome.apply(Path.HUMAN);
                }
                case Dialled.NotReached<HumanEnd> _ -> words.clear();
            }
        }
        reached.accept(false);
        return nobody(outcome);
    }

    private CallOutcome talk(HumanEnd end, Function<Path, CallOutcome> outcome) {
        CallStage talking = call.stage(() -> outcome.apply(Path.HUMAN));
        try {
            BridgeEnd _ = talking.talk(end);
        } finally {
            end.hangUp(Ending.NORMAL);
        }
        return asksBack
                ? new Feedback(call, () -> outcome.apply(Path.HUMAN)).ask()
                : outcome.apply(Path.HUMAN);
    }

    /** Never only "call later", where a number can be left. */
    private CallOutcome nobody(Function<Path, CallOutcome> outcome, String... before) {
        if (!call.line().service().callBack() || !call.hasWords(Parts.CALL_BACK)) {
            return goodbye(outcome, before);
        }
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.NOBODY_THERE);
        Function<Boolean, CallOutcome> by =
                noted -> outcome.apply(noted ? Path.CALL_BACK : Path.GOODBYE);
        return by.apply(new CallBack(call, Task.Kind.CALL_BACK, by).offer(words));
    }

    private CallOutcome goodbye(Function<Path, CallOutcome> outcome, String... before) {
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.GOODBYE);
        call.stage(() -> outcome.apply(Path.GOODBYE)).say(words);
        return outcome.apply(Path.GOODBYE);
    }
}
