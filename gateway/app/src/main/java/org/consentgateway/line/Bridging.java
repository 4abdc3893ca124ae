package org.consentgateway.line;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.line.text.TypedKeys;
import org.consentgateway.line.text.TypedLines;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. What goes on while the gate is open, until the far end,
 * the caller or a withdrawal ends it.
 */
final class Bridging {
    private final Inbox inbox;
    private final WithdrawalListener withdrawals;
    private final CutMeasurement cuts;
    private final CallerState state;

    /** When the first of the two keys that end one purpose went down. */
    private long starNanos = Long.MIN_VALUE;

    Bridging(Inbox inbox, WithdrawalListener withdrawals, CutMeasurement cuts, CallerState state) {
        this.inbox = inbox;
        this.withdrawals = withdrawals;
        this.cuts = cuts;
        this.state = state;
    }

    /**
     * A withdrawal cuts before it surfaces; one that came before the gate is open leaves it shut.
     *
     * @param kept whether something of the talk is kept, which the caller can end alone
     * @param reminding null where nothing is told again
     */
    BridgeEnd converse(
            Supplier<CuttableBridge> gate,
            FarLeg assistant,
            boolean kept,
            @Nullable Reminding reminding,
            Happenings happenings) {
        var opened = new CompletableFuture<CuttableBridge>();
        if (!withdrawals.flows(() -> opened.thenCompose(CuttableBridge::cut))) {
            EndOfConsent.How elsewhere = withdrawals.endedElsewhere();
            return elsewhere == null
                    ? untilTheEnd(null, assistant, happenings)
                    : new BridgeEnd.EndedElsewhere(elsewhere);
        }
        state.withAssistant(true);
        try (CuttableBridge open = gate.get();
                var _ = opening(open, opened, kept)) {
            return reminding == null
                    ? untilTheEnd(open, assistant, happenings)
                    : untilTheEnd(open, assistant, reminding, happenings);
        } finally {
            state.withAssistant(false);
            withdrawals.flowsNoMore();
        }
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
            return untilTheEnd(
                    open,
                    human,
                    atMostNanos -> {
                        try {
                            return happenings.next(atMostNanos);
                        } catch (ConsentWithdrawn e) {
                            withdrawn.accept(e);
                            return null;
                        }
                    });
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

    private boolean endsOnePurpose(char digit, long atNanos) {
        boolean soon =
                starNanos != Long.MIN_VALUE
                        && atNanos - starNanos
                                <= TimeUnit.MILLISECONDS.toNanos(Withdrawals.BETWEEN_KEYS_MILLIS);
        starNanos = digit == Withdrawals.ONE_PURPOSE.charAt(0) ? atNanos : Long.MIN_VALUE;
        return soon && digit == Withdrawals.ONE_PURPOSE.charAt(1);
    }

    /** Typed in one line, or a key a line; also where a line was changed after a pause. */
    private boolean endsOnePurpose(String line, long beganNanos) {
        String keys = TypedKeys.of(TypedLines.withoutMark(line));
        return keys.equals(Withdrawals.ONE_PURPOSE)
                || (keys.length() == 1 && endsOnePurpose(keys.charAt(0), beganNanos));
    }

    private BridgeEnd endOf(@Nullable CuttableBridge gate, FarLeg far, Happenings happenings) {
        while (true) {
            if (gate != null) {
                gate.goOn();
            }
            switch (happenings.next()) {
                case Happening.FarEnded(FarLeg which, FarLeg.End end) when which.equals(far) -> {
                    return switch (end) {
                        case FarLeg.End.HungUp() -> new BridgeEnd.FarEndHungUp();
                        case FarLeg.End.Lost() -> new BridgeEnd.Lost();
                        case FarLeg.End.Referred(HumanTarget to) -> new BridgeEnd.Referred(to);
                    };
                }
                case Happening.EndedElsewhere(
                                EndOfConsent.How how,
                                long at,
                                CompletionStage<Long> lastSent)
                        when state.withAssistant() -> {
                    Instant _ = cuts.report(at, lastSent);
                    return new BridgeEnd.EndedElsewhere(how);
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
                case Happening.KeyDown(char digit, long at)
                        when endsOnePurpose(digit, at) && state.withAssistant() -> {
                    return new BridgeEnd.LessWanted(Method.KEY);
                }
                case Happening.LessSaid() when state.withAssistant() -> {
                    return new BridgeEnd.LessWanted(Method.SPEECH);
                }
                case Happening.LineTyped(String line, _, _, _)
                        when state.withAssistant() && withdrawals.wantsLess(line) -> {
                    return new BridgeEnd.LessWanted(Method.TEXT);
                }
                case Happening.LineTyped(String line, long began, _, _)
                        when state.withAssistant() && endsOnePurpose(line, began) -> {
                    return new BridgeEnd.LessWanted(Method.TEXT, true);
                }
                case null, default -> {
                    // the talk goes on
                }
            }
        }
    }
}
