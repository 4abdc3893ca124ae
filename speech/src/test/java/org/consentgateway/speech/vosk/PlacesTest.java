package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.ListeningPlace.Use;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlacesTest {
    private static final Set<SpokenMeaning> YES = EnumSet.of(SpokenMeaning.AGREE);

    private final FakeModel model = new FakeModel();

    private VoskRecogniser recogniser(int questions, int talks) throws IOException {
        var settings =
                new SpeechSettings(
                        Map.of(),
                        Utterances.ROOT.resolve("config/lexicon"),
                        Utterances.verified(),
                        1,
                        new SpeechSettings.Limits(questions, talks),
                        Duration.ofSeconds(60));
        var recognised =
                RecognisedLanguage.of(
                        model,
                        Lexicon.load(settings.lexicon().resolve("de.yaml")),
                        DecisionRule.BUNDLED,
                        null);
        return new VoskRecogniser(Map.of("de", recognised), Map.of(), settings, System::nanoTime);
    }

    private static ListeningPlace taken(@Nullable ListeningPlace place) {
        return Objects.requireNonNull(place, "a place is free");
    }

    @Test
    void talksNeverTakeThePlaceOfAQuestion() throws Exception {
        try (var recogniser = recogniser(2, 1)) {
            taken(recogniser.place(Use.TALK)).listen("de", YES, _ -> {});
            assertThat(recogniser.place(Use.TALK)).as("a second talk").isNull();

            taken(recogniser.place(Use.QUESTIONS)).listen("de", YES, _ -> {});
            taken(recogniser.place(Use.QUESTIONS)).listen("de", YES, _ -> {});
            assertThat(recogniser.totals().listening()).isEqualTo(3);
        }
    }

    @Test
    void norDoQuestionsTakeThoseOfTalks() throws Exception {
        try (var recogniser = recogniser(1, 1)) {
            taken(recogniser.place(Use.QUESTIONS));
            assertThat(recogniser.place(Use.QUESTIONS)).isNull();
            taken(recogniser.place(Use.TALK));
        }
    }

    @Test
    void whoeverFindsNoPlaceIsCountedByWhatItWasFor() throws Exception {
        try (var recogniser = recogniser(1, 0)) {
            taken(recogniser.place(Use.QUESTIONS));
            for (int i = 0; i < 3; i++) {
                assertThat(recogniser.place(Use.QUESTIONS)).isNull();
            }
            assertThat(recogniser.place(Use.TALK)).isNull();
            assertThat(recogniser.totals().overLimit()).isEqualTo(3);
            assertThat(recogniser.totals().talksOverLimit()).isEqualTo(1);
        }
    }

    @Test
    void aPlaceIsGivenBackOnceAndHearsNobodyAfterwards() throws Exception {
        try (var recogniser = recogniser(1, 1)) {
            ListeningPlace place = taken(recogniser.place(Use.QUESTIONS));
            place.close();
            place.close();
            taken(recogniser.place(Use.QUESTIONS));
            assertThat(recogniser.place(Use.QUESTIONS)).as("one was given back").isNull();
            assertThatIllegalStateException().isThrownBy(() -> place.listen("de", YES, _ -> {}));
        }
    }

    /** Else those that wait to be let go of would pile up behind a thread that does not come. */
    @Test
    void aThreadThatStandsStillIsLeftNoMoreThanTwoListeningsOfAPlace() throws Exception {
        model.fault = FakeModel.Fault.NEVER_RETURNS;
        try (var recogniser = recogniser(1, 1)) {
            ListeningPlace place = taken(recogniser.place(Use.QUESTIONS));
            var stuck = place.listen("de", YES, _ -> {});
            for (int millis = 0; millis < 600; millis += 20) {
                short[] sound = millis < 200 ? new short[160] : Sounds.voice(20, -25);
                stuck.hear(new PcmFrame(sound, millis, PcmFrame.Origin.RECEIVED));
            }
            model.stuck.await();
            stuck.close();
            for (int i = 0; i < 9; i++) {
                place.listen("de", YES, _ -> {}).close();
            }
            assertThat(recogniser.totals().listening()).isEqualTo(4);
            assertThat(recogniser.totals().late()).isEqualTo(6);
            model.release.countDown();
        }
    }
}
