package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One utterance after the other in a talk, with the decoder of the first. */
class ListeningOnTest {
    private static final Set<SpokenMeaning> ENDS =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    private final FakeModel model = new FakeModel();
    private InlineSession session;

    @BeforeEach
    void inATalk() throws IOException {
        session =
                new InlineSession(
                        RecognisedLanguage.of(
                                model,
                                Lexicon.load(Utterances.ROOT.resolve("config/lexicon/de.yaml")),
                                new DecisionRule(0.7, 0.6, 0.6, 160, 120, false),
                                null),
                        ENDS);
        session.goesOn = true;
        model.partial = new Hypothesis("[unk]", 0);
        model.last = new Hypothesis("[unk]", 1);
        session.hear(Sounds.silence(500));
    }

    @Test
    void theNextUtteranceIsHeardByTheSameDecoderAfterItsFinalResult() {
        speakAndPause();
        model.partial = new Hypothesis("einwilligung widerrufen", 0);
        model.last = new Hypothesis("einwilligung widerrufen", 0.9);
        speakAndPause();
        assertThat(told()).containsExactly("SpeechStarted", "Nothing", "SpeechStarted", "Words");
        assertThat(session.counters.opened).hasValue(2L);
        assertThat(model.grammars).as("one in the talk, one for the phrase alone").hasSize(2);
    }

    @Test
    void aDecoderThatWasNotAskedForItsFinalResultHearsNothingMore() {
        model.partial = new Hypothesis("keine aufzeichnung", 0);
        model.last = new Hypothesis("keine aufzeichnung", 0.9);
        session.hear(Sounds.voice(900, -25));
        session.hear(Sounds.silence(100));
        assertThat(told()).containsExactly("SpeechStarted", "Words");
        assertThat(session.wentOn).isTrue();
        assertThat(model.open).hasValue(0);
    }

    @Test
    void aDecoderIsKeptForThreeSecondsOfSilence() {
        speakAndPause();
        assertThat(model.open).hasValue(1);
        session.hear(Sounds.silence(1800));
        assertThat(model.open).hasValue(1);
        session.hear(Sounds.silence(1000));
        assertThat(model.open).hasValue(0);
        speakAndPause();
        assertThat(told()).containsExactly("SpeechStarted", "Nothing", "SpeechStarted", "Nothing");
    }

    @Test
    void nobodyGoesOnButWhoIsTold() {
        assertThat(session.session.again()).as("nothing is told").isFalse();
        session.goesOn = false;
        speakAndPause();
        assertThat(session.session.again()).as("it was told").isFalse();
        assertThat(model.open).hasValue(0);
        session.session.close();
        assertThat(session.session.again()).isFalse();
    }

    @Test
    void whatFailedDoesNotGoOn() {
        model.fault = FakeModel.Fault.EXCEPTION_AT_END;
        speakAndPause();
        assertThat(told()).containsExactly("SpeechStarted", "Failed");
        assertThat(session.wentOn).isFalse();
        assertThat(model.open).hasValue(0);
    }

    private void speakAndPause() {
        session.hear(Sounds.voice(900, -25));
        session.hear(Sounds.silence(900));
    }

    private List<String> told() {
        return session.told.stream().map(told -> told.heard().getClass().getSimpleName()).toList();
    }
}
