package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.junit.jupiter.api.Test;

/** What is listened for while what was agreed to is being recorded. */
class RingBackTest {
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

    /** Before the first talk it is kept until there is something to withdraw. */
    @Test
    void aNoWaitsForTheFirstConsentToBeRecorded() {
        saysWhileItIsRecorded(SpokenMeaning.REFUSE);
        assertThat(inbox.take(0)).isInstanceOf(Happening.Listened.class);
    }
}
