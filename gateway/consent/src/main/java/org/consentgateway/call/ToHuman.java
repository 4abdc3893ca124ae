package org.consentgateway.call;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
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
     * is tried last. Who answers and is never heard counts as not reached.
     *
     * @param outcome of the call, by where it went
     * @param before parts spoken while the first is dialled
     */
    CallOutcome connect(Function<Path, CallOutcome> outcome, String... before) {
        return connect(present(ofLine()), (_, _) -> {}, outcome, before);
    }

    /**
     * The same, where somebody has named a human: that one first, and whoever is not reached there
     * is served like all others.
     *
     * @param reached told once whether the named one is, as soon as it is known, unless the caller
     *     is gone before
     */
    CallOutcome connect(
            HumanTarget named,
            Consumer<Boolean> reached,
            Function<Path, CallOutcome> outcome,
            String... before) {
        List<HumanTarget> humans = new ArrayList<>(present(Stream.of(named)));
        if (humans.isEmpty()) {
            reached.accept(false);
        }
        humans.addAll(present(ofLine().filter(other -> !isSame(other, named))));
        return connect(
                humans,
                (human, yes) -> {
                    if (isSame(human, named)) {
                        reached.accept(yes);
                    }
                },
                outcome,
                before);
    }

    private Stream<HumanTarget> ofLine() {
        return call.services().targets().humans(call.line()).stream();
    }

    private static boolean isSame(HumanTarget one, HumanTarget other) {
        return one.name().equals(other.name());
    }

    /** In the order in which they are tried. */
    private List<HumanTarget> present(Stream<HumanTarget> humans) {
        ZonedDateTime now = call.now().atZone(call.line().zone());
        return humans.filter(human -> human.open(now))
                .filter(human -> human.health() != HumanTarget.Health.DOWN)
                .sorted(Comparator.comparing(HumanTarget::health))
                .toList();
    }

    private CallOutcome connect(
            List<HumanTarget> humans,
            BiConsumer<HumanTarget, Boolean> reached,
            Function<Path, CallOutcome> outcome,
            String... before) {
        if (humans.isEmpty()) {
            return nobody(outcome, before);
        }
        var words = new ArrayList<>(Arrays.asList(before));
        words.add(Parts.TO_HUMAN);
        for (HumanTarget human : humans) {
            Dialling<HumanEnd> dialling = human.dial(call.facts());
            CallStage onTheWay = call.stage(() -> left(dialling, outcome));
            switch (onTheWay.awaitHuman(dialling, words)) {
                case Dialled.Connected(HumanEnd end) -> {
                    call.joined(CallEvent.Whom.HUMAN);
                    reached.accept(human, true);
                    if (talk(end, outcome)) {
                        return behindTheTalk(outcome);
                    }
                    words.clear();
                }
                case Dialled.Transferred() -> {
                    call.joined(CallEvent.Whom.HUMAN);
                    reached.accept(human, true);
                    return outcome.apply(Path.HUMAN);
                }
                case Dialled.HandedOver() -> {
                    return outcome.apply(Path.HUMAN);
                }
                case Dialled.NotReached<HumanEnd> _ -> {
                    reached.accept(human, false);
                    words.clear();
                }
            }
        }
        return nobody(outcome);
    }

    /** Who leaves while a human is dialled may have been brought there by their own side. */
    private CallOutcome left(Dialling<HumanEnd> dialling, Function<Path, CallOutcome> outcome) {
        CompletableFuture<Dialled<HumanEnd>> result = dialling.result().toCompletableFuture();
        if (!result.isDone()) {
            return outcome.apply(Path.HUNG_UP);
        }
        return switch (result.join()) {
            case Dialled.Transferred() -> {
                call.joined(CallEvent.Whom.HUMAN);
                yield outcome.apply(Path.HUMAN);
            }
            case Dialled.HandedOver() -> outcome.apply(Path.HUMAN);
            case Dialled.Connected<HumanEnd> _, Dialled.NotReached<HumanEnd> _ ->
                    outcome.apply(Path.HUNG_UP);
        };
    }

    /** Returns false where nothing was ever heard of who answered: that has served nobody. */
    private boolean talk(HumanEnd end, Function<Path, CallOutcome> outcome) {
        CallStage talking = call.stage(() -> outcome.apply(Path.HUMAN));
        try {
            return !(talking.talk(end) instanceof BridgeEnd.Lost(boolean talked)) || talked;
        } finally {
            end.hangUp(Ending.NORMAL);
        }
    }

    private CallOutcome behindTheTalk(Function<Path, CallOutcome> outcome) {
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
