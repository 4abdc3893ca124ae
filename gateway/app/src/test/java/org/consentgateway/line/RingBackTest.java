package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is listened for while what was agreed to is being recorded. */
class RingBackTest {
    private static final Notice NOTICE =
            new Notice(
                    "demo",
                    "1",
                    "de",
                    "a",
                    1,
                    LocalDate.EPOCH,
                    false,
                    new Notice.Controller("", "", Notice.Controller.DEFAULT_COUNTRY),
                    Period.ofMonths(1),
                    Map.of(),
                    Map.of(),
                    "",
                    "");

    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final ToldRecogniser ear = new ToldRecogniser(true);
    private final VirtualLeg leg = new VirtualLeg(_ -> {});
    private final CallTime time = new CallTime(() -> Instant.EPOCH, () -> Instant.EPOCH, () -> 0);
    private final Hearing hearing = new Hearing(ear, leg, time, _ -> {});
    private final TypedWords typed = new TypedWords(Lexicons.none());
    private final WithdrawalListener withdrawals =
            new WithdrawalListener(hearing, keys, typed, inbox);
    private final RingBack ringBack =
            new RingBack(
                    new Prompts(
                            leg,
                            new CallerText(leg, UnaryOperator.identity(), inbox, keys),
                            new Sounds(_ -> List.of(), Tone.ringBack()),
                            inbox,
                            time,
                            _ -> {}),
                    new KeptBack(_ -> leg.play(List.of(), false)),
                    hearing,
                    withdrawals,
                    inbox,
                    typed);

    private void saysWhileItIsRecorded(SpokenMeaning meaning) {
        assertThat(hearing.hears("de")).isTrue();
        ringBack.listen("de");
        ear.heard(new Heard.Words(meaning, "", 0.9, 700, 1000, false));
    }

    /** In a talk there is something to withdraw already, and nobody is dialled. */
    @Test
    void thePhraseWithdrawsWhileMoreThatWasAgreedToIsRecorded() {
        withdrawals.watch(new Withdrawals("*9", true, "de"));
        saysWhileItIsRecorded(SpokenMeaning.WITHDRAW);
        assertThat(inbox.take(0)).isInstanceOf(Happening.Withdrew.class);
    }

    /** The end of the consent, if this key is one while it is confirmed; then it is answered. */
    private boolean withdraws(char key) {
        var result = new CompletableFuture<Dialled<AssistantEnd>>();
        Dialling<AssistantEnd> dialling =
                new Dialling<>() {
                    @Override
                    public CompletionStage<Dialled<AssistantEnd>> result() {
                        return result;
                    }

                    @Override
                    public void cancel(Ending why) {}
                };
        withdrawals.watch(Withdrawals.NONE);
        withdrawals.watch(new Withdrawals("*9", true, "de"));
        inbox.put(new Happening.KeyDown(key, 0));
        var withdrew = new AtomicBoolean();
        Dialled<AssistantEnd> _ =
                ringBack.untilAssistantAnswers(
                        dialling,
                        Utterance.of(NOTICE),
                        atMostNanos -> {
                            Happening happening = inbox.take(0);
                            if (happening == null) {
                                result.complete(new Dialled.NotReached<>(Dialled.Why.BUSY, 486));
                                return inbox.take(0);
                            }
                            if (happening instanceof Happening.Withdrew) {
                                withdrew.set(true);
                            }
                            return happening;
                        });
        return withdrew.get();
    }

    @Test
    void whatRefusesWhileAConsentIsConfirmedIsWhatRefusedInItsQuestion() {
        assertThat(withdraws('2')).as("nobody was asked").isTrue();
        ringBack.asked(KeyMeanings.ofMenu(3, true));
        for (char level = '1'; level <= '3'; level++) {
            assertThat(withdraws(level)).as("the level %s once more", level).isFalse();
        }
        assertThat(withdraws('0')).isTrue();
        ringBack.asked(KeyMeanings.ofYesOrNo(true));
        assertThat(withdraws('1')).as("yes once more").isFalse();
        assertThat(withdraws('2')).isTrue();
        assertThat(withdraws('0')).isTrue();
    }

    /** Before the first talk it is kept until there is something to withdraw. */
    @Test
    void aNoWaitsForTheFirstConsentToBeRecorded() {
        saysWhileItIsRecorded(SpokenMeaning.REFUSE);
        assertThat(inbox.take(0)).isInstanceOf(Happening.Listened.class);
    }

    private static final class Rings<E extends FarEnd> implements Dialling<E> {
        private final CompletableFuture<Dialled<E>> result = new CompletableFuture<>();
        private @Nullable Ending cancelled;

        @Override
        public CompletionStage<Dialled<E>> result() {
            return result;
        }

        @Override
        public void cancel(Ending why) {
            cancelled = why;
        }
    }

    private static Happening withdraws(long atMostNanos) {
        throw new ConsentWithdrawn(Method.KEY, Instant.EPOCH, null);
    }

    /** Their telephone system would keep it. */
    @Test
    void anAssistantIsToldThatTheCallerHasWithdrawnAndAPersonIsNot() {
        var assistant = new Rings<AssistantEnd>();
        assertThatExceptionOfType(ConsentWithdrawn.class)
                .isThrownBy(() ->
                        ringBack.untilAssistantAnswers(
                                assistant, Utterance.of(NOTICE), RingBackTest::withdraws));
        assertThat(assistant.cancelled).isEqualTo(Ending.CONSENT_WITHDRAWN);

        var human = new Rings<HumanEnd>();
        assertThatExceptionOfType(ConsentWithdrawn.class)
                .isThrownBy(() ->
                        ringBack.untilHumanAnswers(
                                human, Utterance.of(NOTICE), RingBackTest::withdraws));
        assertThat(human.cancelled).isEqualTo(Ending.NORMAL);
    }
}
