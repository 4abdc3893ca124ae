package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.sip.dialog.IncomingCall.ReferResult;
import org.consentgateway.sip.sdp.Srtp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ReferDiallingTest {
    private static final Dialled.NotReached<HumanEnd> BUSY =
            new Dialled.NotReached<>(Dialled.Why.BUSY, 486);

    private final List<Consumer<ReferResult>> asked = new ArrayList<>();
    private final CompletableFuture<Dialled<HumanEnd>> bridged = new CompletableFuture<>();
    private volatile int bridges;
    private volatile int cancelled;

    private Dialling<HumanEnd> start(Duration ring) {
        return ReferDialling.start(
                (uri, result) -> asked.add(result),
                new SipTarget(
                        "team",
                        List.of(new SipTarget.At("sip:team@192.0.2.8", 1, 1)),
                        ring,
                        "",
                        Optional.empty(),
                        Srtp.OFF,
                        false,
                        new CallerShown.Never(),
                        true,
                        Transfer.REFER,
                        false,
                        OpeningHours.ALWAYS),
                () -> {
                    bridges++;
                    return new Dialling<HumanEnd>() {
                        @Override
                        public CompletionStage<Dialled<HumanEnd>> result() {
                            return bridged;
                        }

                        @Override
                        public void cancel(Ending why) {
                            cancelled++;
                            bridged.complete(BUSY);
                        }
                    };
                });
    }

    private static Dialled<HumanEnd> of(Dialling<HumanEnd> dialling) throws Exception {
        return dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoeverIsReachedByTheCallersSideIsNotDialledByUs() throws Exception {
        Dialling<HumanEnd> dialling = start(Duration.ofSeconds(30));
        asked.getFirst().accept(ReferResult.ANSWERED);

        assertThat(of(dialling)).isEqualTo(new Dialled.Transferred());
        assertThat(bridges).isZero();
    }

    @Test
    void whereTheCallersSideFailsWeDialOnce() throws Exception {
        Dialling<HumanEnd> dialling = start(Duration.ofSeconds(30));
        asked.getFirst().accept(ReferResult.FAILED);
        asked.getFirst().accept(ReferResult.FAILED);
        bridged.complete(BUSY);

        assertThat(of(dialling)).isEqualTo(BUSY);
        assertThat(bridges).isEqualTo(1);
    }

    @Test
    void aTransferThatTakesTooLongIsOurs() throws Exception {
        Dialling<HumanEnd> dialling = start(Duration.ofMillis(50));
        bridged.complete(BUSY);

        assertThat(of(dialling)).isEqualTo(BUSY);
        asked.getFirst().accept(ReferResult.ANSWERED);
        assertThat(of(dialling)).as("too late").isEqualTo(BUSY);
        assertThat(cancelled).isZero();
    }

    @Test
    void aTransferThatComesAboutWhileWeRingEndsOurRinging() throws Exception {
        Dialling<HumanEnd> dialling = start(Duration.ofMillis(50));
        while (bridges == 0) {
            Thread.sleep(5);
        }
        asked.getFirst().accept(ReferResult.ANSWERED);

        assertThat(of(dialling)).isEqualTo(new Dialled.Transferred());
        // By whoever starts our ringing, if that has not come back yet.
        assertThat(bridged.get(10, TimeUnit.SECONDS)).isEqualTo(BUSY);
        assertThat(cancelled).isEqualTo(1);
    }

    @Test
    void nobodyIsDialledForACallerWhoIsGone() throws Exception {
        Dialling<HumanEnd> hungUp = start(Duration.ofSeconds(30));
        asked.getLast().accept(ReferResult.ENDED);
        hungUp.cancel(Ending.NORMAL);
        assertThat(of(hungUp)).isInstanceOf(Dialled.NotReached.class);

        Dialling<HumanEnd> handedOver = start(Duration.ofSeconds(30));
        asked.getLast().accept(ReferResult.HANDED_OVER);
        assertThat(handedOver.result().toCompletableFuture())
                .as("the end of the call comes first")
                .isNotDone();
        handedOver.cancel(Ending.NORMAL);
        assertThat(of(handedOver)).isEqualTo(new Dialled.HandedOver());
        assertThat(bridges).isZero();
    }

    @Test
    void cancellingEndsEither() throws Exception {
        Dialling<HumanEnd> early = start(Duration.ofSeconds(30));
        early.cancel(Ending.NORMAL);
        asked.getFirst().accept(ReferResult.FAILED);
        assertThat(of(early)).isInstanceOf(Dialled.NotReached.class);
        assertThat(bridges).isZero();

        Dialling<HumanEnd> late = start(Duration.ofSeconds(30));
        asked.getLast().accept(ReferResult.FAILED);
        late.cancel(Ending.NORMAL);
        assertThat(of(late)).isInstanceOf(Dialled.NotReached.class);
        assertThat(cancelled).isEqualTo(1);
    }
}
