package org.consentgateway.line;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #passedOn}. What goes on while the gate is
 * open, until the far end, the caller or a withdrawal ends it.
 */
final class Bridging {
    private final Inbox inbox;
    private final WithdrawalListener withdrawals;
    private final CutMeasurement cuts;
    private final CallerState state;
    private final PassingOn passing = new PassingOn();

    /** Who was still there when the caller had heard all that they said before. */
    private @Nullable FarLeg met;

    Bridging(Inbox inbox, WithdrawalListener withdrawals, CutMeasurement cuts, CallerState state) {
        this.inbox = inbox;
        this.withdrawals = withdrawals;
        this.cuts = cuts;
        this.state = state;
    }

    /**
     * A withdrawal cuts before it surfaces; one that came before the gate is open leaves it shut,
     * and so do a wish for less and a call that is passed on.
     *
     * @param purposes that hold now
     * @param reminding null where nothing is told again
     */
    BridgeEnd converse(
            Supplier<CuttableBridge> gate,
            FarLeg assistant,
            Collection<Purpose> purposes,
            @Nullable Reminding reminding,
            Happenings happenings) {
        BridgeEnd.@Nullable LessWanted wish = wishBefore(purposes);
        if (wish != null) {
            return wish;
        }
        boolean kept = purposes.stream().anyMatch(Purpose::keepsTheTalk);
        var opened = new CompletableFuture<CuttableBridge>();
        if (!withdrawals.flows(() -> opened.thenCompose(CuttableBridge::cut))) {
            EndOfConsent.How elsewhere = withdrawals.endedElsewhere();
            return elsewhere == null
                    ? untilTheEnd(null, assistant, happenings)
                    : new BridgeEnd.EndedElsewhere(elsewhere);
        }
        if (!passing.flows(() -> opened.thenCompose(CuttableBridge::cut))) {
            withdrawals.flowsNoMore();
            throw new CallEnded(CallEnded.How.PASSED_ON);
        }
        state.withAssistant(true);
        try (CuttableBridge open = gate.get();
                var _ = opening(open, opened, kept)) {
            return orGone(
                    open,
                    () ->
                            reminding == null
                                    ? untilTheEnd(open, assistant, happenings)
                                    : untilTheEnd(open, assistant, reminding, happenings),
                    withdrawn -> {
                        throw withdrawn;
                    });
        } finally {
            state.withAssistant(false);
            passing.flowsNoMore();
            withdrawals.flowsNoMore();
        }
    }

    /**
     * What the caller pressed or typed while something was confirmed, or the assistant still rang.
     * Where nothing but the talk holds, nothing of it is left to do.
     */
    private BridgeEnd.@Nullable LessWanted wishBefore(Collection<Purpose> purposes) {
        if (purposes.size() > 1) {
            return withdrawals.takeLess();
        }
        withdrawals.forgetLess();
        return null;
    }

    /** It flows from now on, so that it can be cut from now on: to listen may take a while. */
    private WithdrawalListener.UntilClosed opening(
            CuttableBridge open, CompletableFuture<CuttableBridge> opened, boolean kept) {
        opened.complete(open);
        return listenAlong(open, kept);
    }

    private BridgeEnd untilTheEnd(
            CuttableBridge open, FarLeg assistant, Reminding reminding, Happenings happenings) {
        try (reminding) {
            return untilTheEnd(
                    open,
                    assistant,
                    atMostNanos -> {
                        reminding.goOn();
                        return happenings.next(Math.min(atMostNanos, reminding.untilDue()));
                    });
        }
    }

    /**
     * Neither a withdrawal nor the end of a consent or of a purpose changes anything here: who
     * talks to a person is not torn away from it.
     *
     * @param withdrawn told of a withdrawal
     */
    BridgeEnd talk(
            CuttableBridge open,
            FarLeg human,
            Consumer<ConsentWithdrawn> withdrawn,
            Happenings happenings) {
        try (var _ = listenAlong(open, false)) {
            return orGone(
                    open,
                    () -> untilTheEnd(open, human, telling(withdrawn, happenings)),
                    withdrawn);
        }
    }

    private static Happenings telling(Consumer<ConsentWithdrawn> withdrawn, Happenings happenings) {
        return atMostNanos -> {
            try {
                return happenings.next(atMostNanos);
            } catch (ConsentWithdrawn e) {
                withdrawn.accept(e);
                return null;
            }
        };
    }

    /**
     * Where the caller hangs up, nobody hears anything more; but the caller may have withdrawn in
     * the last words, which are told only then. Whose media was lost has said nothing for long, and
     * may still be there: to that caller the story would go on.
     *
     * @param withdrawn told of a withdrawal in them
     */
    private BridgeEnd orGone(
            CuttableBridge open, Supplier<BridgeEnd> talk, Consumer<ConsentWithdrawn> withdrawn) {
        try {
            return talk.get();
        } catch (CallEnded e) {
            if (e.how() == CallEnded.How.MEDIA_LOST) {
                throw e;
            }
            long gone = cuts.nanos();
            Instant at = cuts.instantOf(gone);
            CompletionStage<Long> _ = open.cut();
            open.close();
            Happening.Withdrew last = withdrawals.lastWords();
            if (last != null) {
                withdrawn.accept(cuts.withdrawnBefore(gone, last));
            }
            throw e.at(at);
        }
    }

    private WithdrawalListener.UntilClosed listenAlong(CuttableBridge open, boolean kept) {
        if (withdrawals.listens()) {
            open.listenAlong();
        }
        return withdrawals.inTalk(kept);
    }

    private BridgeEnd untilTheEnd(
            @Nullable CuttableBridge gate, FarLeg far, Happenings happenings) {
        far.ended().thenAccept(end -> inbox.put(new Happening.FarEnded(far, end)));
        far.asking(() -> inbox.put(new Happening.Asked(far)));
        state.inTalk(true);
        try {
            return endOf(gate, far, happenings);
        } finally {
            state.inTalk(false);
        }
    }

    private BridgeEnd endOf(@Nullable CuttableBridge gate, FarLeg far, Happenings happenings) {
        while (true) {
            if (gate != null) {
                boolean _ = gate.goOn();
                if (gate.caughtUp() && !isOver(far)) {
                    met = far;
                }
            }
            Happening happening = happenings.next();
            switch (happening) {
                case Happening.FarEnded(FarLeg which, FarLeg.End end) when which.equals(far) -> {
                    return switch (end) {
                        case FarLeg.End.HungUp() -> hungUp(gate, far, happenings);
                        case FarLeg.End.Replaced() -> new BridgeEnd.FarEndHungUp();
                        case FarLeg.End.Lost() -> new BridgeEnd.Lost(talked(far));
                        case FarLeg.End.Referred(HumanTarget to) -> new BridgeEnd.Referred(to);
                    };
                }
                case Happening.Asked(FarLeg which) when which.equals(far) -> {
                    Optional<Purpose> purpose = far.takeRequest();
                    if (purpose.isPresent()) {
                        return new BridgeEnd.Asked(purpose.get());
                    }
                }
                case Happening.AskedElsewhere(Purpose purpose) when state.withAssistant() -> {
                    return new BridgeEnd.Asked(purpose);
                }
                case null, default -> {
                    BridgeEnd wish = ofTheConsent(happening);
                    if (wish != null) {
                        return wish;
                    }
                }
            }
        }
    }

    /** What it has said before is heard to its end; what it has asked for meanwhile is over. */
    private BridgeEnd hungUp(@Nullable CuttableBridge gate, FarLeg far, Happenings happenings) {
        while (gate != null && !gate.goOn()) {
            BridgeEnd wish = ofTheConsent(happenings.next());
            if (wish != null) {
                return wish;
            }
        }
        return talked(far) ? new BridgeEnd.FarEndHungUp() : new BridgeEnd.Lost(false);
    }

    /** Null where the talk goes on. */
    private @Nullable BridgeEnd ofTheConsent(@Nullable Happening happening) {
        return switch (happening) {
            case Happening.EndedElsewhere(
                            EndOfConsent.How how,
                            long at,
                            CompletionStage<Long> lastSent)
                    when state.withAssistant() -> {
                Instant _ = cuts.report(at, lastSent);
                yield new BridgeEnd.EndedElsewhere(how);
            }
            case Happening.KeyDown _, Happening.LineTyped _, Happening.LessSaid _
                    when state.withAssistant() ->
                    withdrawals.takeLess();
            case null, default -> null;
        };
    }

    private static boolean isOver(FarLeg far) {
        return far.ended().toCompletableFuture().isDone();
    }

    /** Whether it and the caller could hear each other, and anything came of it. */
    private boolean talked(FarLeg far) {
        return far.equals(met) && far.heardFrom();
    }

    /**
     * Thread-safe. The call goes on with somebody else, who has agreed to nothing: what flows to an
     * assistant is cut at once, for good, and only then the call's thread is told.
     */
    void passedOn() {
        passing.passedOn();
        inbox.put(new Happening.PassedOn());
    }

    /** Thread-safe. What it cuts, and that it has. */
    private static final class PassingOn {
        private @Nullable Supplier<CompletionStage<Long>> cut;
        private boolean passedOn;

        /**
         * From now on audio of the caller flows.
         *
         * @param cut stops it at once
         * @return false where it may not: who agreed is no longer there
         */
        synchronized boolean flows(Supplier<CompletionStage<Long>> cut) {
            this.cut = cut;
            return !passedOn;
        }

        synchronized void flowsNoMore() {
            cut = null;
        }

        synchronized void passedOn() {
            passedOn = true;
            if (cut != null) {
                CompletionStage<Long> _ = cut.get();
            }
        }
    }
}
