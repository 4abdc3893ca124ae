package org.consentgateway.line;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.target.FarLeg;

/**
 * Confined to the call's virtual thread. What goes on while the gate is open, until the far end,
 * the caller or a withdrawal ends it.
 */
final class Bridging {
    /** The event loop needs one tick to cut; more only if the machine is overloaded. */
    private static final Duration CUTTING = Duration.ofMillis(500);

    private final Inbox inbox;
    private final KeyTrail keys;
    private final Hearing hearing;
    private final CallTime time;
    private final CallerState state;
    private final Consumer<Duration> cut;

    /**
     * @param cut told of each cut: from the end of the word, or from the key, to the last packet
     */
    Bridging(
            Inbox inbox,
            KeyTrail keys,
            Hearing hearing,
            CallTime time,
            CallerState state,
            Consumer<Duration> cut) {
        this.inbox = inbox;
        this.keys = keys;
        this.hearing = hearing;
        this.time = time;
        this.state = state;
        this.cut = cut;
    }

    /** Watches for a withdrawal meanwhile. */
    BridgeEnd converse(
            CuttableBridge gate, FarLeg assistant, Withdrawals watching, Happenings happenings) {
        try {
            var watch = new WithdrawalWatch(watching, gate::cut, inbox);
            keys.watch(watch);
            if (watching.phrase() && hearing.hears(watching.language())) {
                gate.listenAlong();
                listenForPhrase(watching.language(), watch);
            }
            return untilTheEnd(gate, assistant, happenings);
        } finally {
            keys.watch(null);
            hearing.stop();
        }
    }

    BridgeEnd talk(CuttableBridge gate, FarLeg human, Happenings happenings) {
        return untilTheEnd(gate, human, happenings);
    }

    private BridgeEnd untilTheEnd(CuttableBridge gate, FarLeg far, Happenings happenings) {
        far.ended().thenAccept(end -> inbox.put(new Happening.FarEnded(far, end)));
        state.inTalk(true);
        try {
            return endOf(gate, far, happenings);
        } finally {
            state.inTalk(false);
        }
    }

    private BridgeEnd endOf(CuttableBridge gate, FarLeg far, Happenings happenings) {
        while (true) {
            gate.goOn();
            switch (happenings.next()) {
                case Happening.FarEnded(FarLeg which, FarLeg.End end) when which.equals(far) -> {
                    return switch (end) {
                        case FarLeg.End.HungUp() -> new BridgeEnd.FarEndHungUp();
                        case FarLeg.End.Lost() -> new BridgeEnd.Lost();
                        case FarLeg.End.Referred(HumanTarget to) -> new BridgeEnd.Referred(to);
                    };
                }
                case Happening.Withdrew(Method method, long at, CompletionStage<Long> lastSent) -> {
                    long cutAt = told(at, lastSent);
                    return new BridgeEnd.Withdrawn(
                            method, time.instantOf(at), time.instantOf(cutAt));
                }
                case Happening.EndedElsewhere(
                                EndOfConsent.How how,
                                long at,
                                CompletionStage<Long> lastSent) -> {
                    told(at, lastSent);
                    return new BridgeEnd.EndedElsewhere(how);
                }
                case null, default -> {
                    // the talk goes on
                }
            }
        }
    }

    /**
     * Reports how long after this the last packet of the caller was really sent.
     *
     * @return when that was
     */
    private long told(long atNanos, CompletionStage<Long> lastSent) {
        long cutAt = lastSent(lastSent);
        cut.accept(Duration.ofNanos(cutAt - atNanos));
        return cutAt;
    }

    private long lastSent(CompletionStage<Long> cut) {
        try {
            return cut.toCompletableFuture().get(CUTTING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return time.nanos(); // the cut itself does not wait: it is in force since it was asked
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return time.nanos();
        }
    }

    private void listenForPhrase(String language, WithdrawalWatch watch) {
        hearing.start(
                language,
                EnumSet.of(SpokenMeaning.WITHDRAW),
                (_, heard) -> {
                    switch (heard) {
                        case Heard.Words words when words.meaning() == SpokenMeaning.WITHDRAW ->
                                watch.spoken(hearing.nanosOf(words.endOfSpeechMediaMillis()));
                        case Heard.Words _, Heard.Nothing _ -> listenForPhrase(language, watch);
                        case Heard.SpeechStarted _, Heard.Failed _ -> {
                            // wait for the words; or only keys are left
                        }
                    }
                });
    }
}
