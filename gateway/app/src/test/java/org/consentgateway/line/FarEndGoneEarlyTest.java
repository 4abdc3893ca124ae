package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.FarLeg;
import org.consentgateway.token.Grants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has answered and is gone before, or soon after, the caller can hear them. */
@Timeout(60)
class FarEndGoneEarlyTest {
    private static final BridgeEnd NOT_SERVED = new BridgeEnd.Lost(false);

    /** 1.2 s, as packets of 20 ms. */
    private static final int WORDS = 60;

    /** Longer than any test goes on. */
    private static final int MOST_FRAMES = 5000;

    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final VirtualLeg caller = new VirtualLeg(_ -> {});
    private final KeptBack keptBack =
            new KeptBack(clip -> {
                Playback playback = caller.play(List.of(clip), false);
                playback.ended().thenAccept(how -> inbox.put(new Happening.Played(playback, how)));
                return playback;
            });
    private final CallTime time = new CallTime(() -> Instant.EPOCH, () -> Instant.EPOCH, () -> 0);
    private final WithdrawalListener withdrawals =
            new WithdrawalListener(
                    new Hearing(new ToldRecogniser(false), caller, time, _ -> {}),
                    keys,
                    new TypedWords(Lexicons.none()),
                    inbox);
    private final CutMeasurement cuts = new CutMeasurement(time, _ -> {});
    private final Bridging bridging =
            new Bridging(inbox, withdrawals, cuts, new CallerState(Grants.facts(new UUID(7, 7))));
    private final Far far = new Far();

    /** Packets of sound that have gone to the caller. */
    private int heard;

    /** Packets in all. */
    private int sent;

    /** What happens once there were so many of them. */
    private int afterFrames;

    private Runnable then = () -> {};

    private BridgeEnd converse() {
        return bridging.converse(
                this::opened, far, List.of(Purpose.ASSISTANT, Purpose.RECORDING), null, this::next);
    }

    private BridgeEnd talk() {
        return bridging.talk(opened(), far, _ -> {}, this::next);
    }

    private CuttableBridge opened() {
        return new CuttableBridge(new Bridge(), keptBack);
    }

    /** As the caller does it; 20 ms go by wherever nothing has happened. */
    private @Nullable Happening next(long atMost) {
        @Nullable Happening happening = inbox.take(0);
        for (int frames = 0; happening == null && frames < MOST_FRAMES; frames++) {
            if (sent++ >= afterFrames) {
                Runnable now = then;
                then = () -> {};
                now.run();
            }
            heard += caller.sent()[1] == 0 ? 0 : 1;
            happening = inbox.take(0);
        }
        return switch (happening) {
            case Happening.Withdrew withdrew -> throw cuts.withdrawn(withdrew);
            case Happening.Ended _ -> throw new CallEnded(CallEnded.How.CALLER_HUNG_UP);
            case null -> throw new AssertionError("nothing happens any more");
            default -> happening;
        };
    }

    private void speaksWhileTheCallerIsSpokenTo() {
        keptBack.from(far);
        far.leg.receives(Tone.sine(500, WORDS * 20, 6000));
    }

    private void speaksAndHangsUpWhileTheCallerIsSpokenTo() {
        speaksWhileTheCallerIsSpokenTo();
        far.ends(new FarLeg.End.HungUp());
    }

    @Test
    void whatItHasSaidIsHeardToItsEndAndThenSomebodyElseServesTheCaller() {
        speaksAndHangsUpWhileTheCallerIsSpokenTo();

        assertThat(converse()).isEqualTo(NOT_SERVED);
        assertThat(heard).isEqualTo(WORDS);
    }

    @Test
    void soIsWhatAPersonHasSaid() {
        speaksAndHangsUpWhileTheCallerIsSpokenTo();

        assertThat(talk()).isEqualTo(NOT_SERVED);
        assertThat(heard).isEqualTo(WORDS);
    }

    @Test
    void whoHangsUpWhileThatIsPlayedIsStillHeardToItsEnd() {
        speaksWhileTheCallerIsSpokenTo();
        afterFrames = 20;
        then = () -> far.ends(new FarLeg.End.HungUp());

        assertThat(talk()).isEqualTo(NOT_SERVED);
        assertThat(heard).isEqualTo(WORDS);
    }

    @Test
    void whatIsAskedForMeanwhileIsNotAsked() {
        speaksAndHangsUpWhileTheCallerIsSpokenTo();
        afterFrames = 20;
        then = () -> inbox.put(new Happening.AskedElsewhere(Purpose.TRANSCRIPT));

        assertThat(converse()).isEqualTo(NOT_SERVED);
        assertThat(heard).isEqualTo(WORDS);
    }

    @Test
    void aWithdrawalMeanwhileIsAWithdrawal() {
        withdrawals.watch(new Withdrawals("*9", false, "de"));
        speaksAndHangsUpWhileTheCallerIsSpokenTo();
        afterFrames = 20;
        then =
                () -> {
                    keys.pressed('*', 0);
                    keys.pressed('9', 0);
                };

        assertThatExceptionOfType(ConsentWithdrawn.class)
                .isThrownBy(this::converse)
                .satisfies(how -> assertThat(how.method()).isEqualTo(Method.KEY));
        assertThat(heard).isLessThan(WORDS);
    }

    @Test
    void whoHangsUpMeanwhileHearsNoMoreOfIt() {
        speaksAndHangsUpWhileTheCallerIsSpokenTo();
        afterFrames = 20;
        then = () -> inbox.put(new Happening.Ended(IncomingCall.How.BYE));

        assertThatExceptionOfType(CallEnded.class).isThrownBy(this::talk);
        assertThat(heard).isLessThan(WORDS);
    }

    @Test
    void whoHungUpWithoutAWordWhileTheCallerWasSpokenToHasServedNobody() {
        keptBack.from(far);
        far.ends(new FarLeg.End.HungUp());

        assertThat(talk()).isEqualTo(NOT_SERVED);
    }

    @Test
    void whoWasHeardAndListenedHasHungUp() {
        speaksWhileTheCallerIsSpokenTo();
        afterFrames = WORDS + 10;
        then = () -> far.ends(new FarLeg.End.HungUp());

        assertThat(talk()).isEqualTo(new BridgeEnd.FarEndHungUp());
    }

    /** Of somebody in a noisy room there may be no pause by which the caller catches up. */
    @Test
    void whoSpeaksWithoutAPauseAndWasStillThereBehindTheFirstWordsHasTalked() {
        speaksWhileTheCallerIsSpokenTo();
        afterFrames = 20;
        then =
                () -> {
                    far.leg.receives(Tone.sine(500, WORDS * 20, 6000));
                    afterFrames = WORDS + 20;
                    then = () -> far.ends(new FarLeg.End.HungUp());
                };

        assertThat(talk()).isEqualTo(new BridgeEnd.FarEndHungUp());
        assertThat(heard).isEqualTo(2 * WORDS);
    }

    @Test
    void whoHangsUpInAPauseOfTheTalkHasHungUpAsWell() {
        then = () -> inbox.put(new Happening.AskedElsewhere(Purpose.TRANSCRIPT));
        assertThat(converse()).isEqualTo(new BridgeEnd.Asked(Purpose.TRANSCRIPT));
        far.ends(new FarLeg.End.HungUp());

        assertThat(converse()).isEqualTo(new BridgeEnd.FarEndHungUp());
    }

    @Test
    void ofWhomNothingEverCameHasServedNobodyHoweverItEnds() {
        for (FarLeg.End end : List.of(new FarLeg.End.Lost(), new FarLeg.End.HungUp())) {
            var silent = new Far();
            silent.heardFrom = false;
            then = () -> silent.ends(end);

            assertThat(bridging.talk(opened(), silent, _ -> {}, this::next)).isEqualTo(NOT_SERVED);
        }
    }

    @Test
    void whoHasTalkedAndIsLostThenHasServedTheCaller() {
        then = () -> far.ends(new FarLeg.End.Lost());

        assertThat(talk()).isEqualTo(new BridgeEnd.Lost(true));
    }

    /** The caller's side has taken our place, and talks to that person. */
    @Test
    void whoTalksToTheCallerPastUsIsNeitherPlayedOutNorReplaced() {
        speaksWhileTheCallerIsSpokenTo();
        far.ends(new FarLeg.End.Replaced());

        assertThat(talk()).isEqualTo(new BridgeEnd.FarEndHungUp());
        assertThat(heard).isZero();
    }

    private static final class Bridge implements MediaBridge {
        @Override
        public CompletionStage<Long> cutFirstToSecond() {
            return CompletableFuture.completedStage(0L);
        }

        @Override
        public void tapFirst(boolean open) {}

        @Override
        public void tapSecond(boolean open) {}

        @Override
        public void close() {}
    }

    private static final class Far implements FarLeg {
        private final VirtualLeg leg = new VirtualLeg(_ -> {});
        private final CompletableFuture<End> ended = new CompletableFuture<>();
        private boolean heardFrom = true;

        void ends(End how) {
            ended.complete(how);
        }

        @Override
        public MediaLeg leg() {
            return leg;
        }

        @Override
        public CompletionStage<End> ended() {
            return ended;
        }

        @Override
        public boolean heardFrom() {
            return heardFrom;
        }
    }
}
