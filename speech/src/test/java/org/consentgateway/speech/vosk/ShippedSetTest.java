package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicon;
import org.consentgateway.speech.words.Understood;
import org.junit.jupiter.api.Test;

/** The short form of scripts/evaluate-speech that every build runs. */
class ShippedSetTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HEDGED,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HELP,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW);

    @Test
    void whatIsNoYesIsNeverTakenForOneAndMostAnswersAreUnderstoodAtOnce() throws Exception {
        var falseYes = new ArrayList<String>();
        var delays = new ArrayList<Double>();
        int answers = 0;
        int right = 0;
        for (String language : List.of("de", "en")) {
            try (var model = LanguageModel.open(Utterances.model(language))) {
                RecognisedLanguage recognised = Utterances.recognised(model, language);
                Lexicon lexicon = recognised.lexicon();
                for (Utterances.Utterance u : Utterances.all()) {
                    var session = new InlineSession(recognised, YES_NO);
                    session.hear(Sounds.silence(400));
                    session.hear(u.samples());
                    session.hear(Sounds.silence(1200));
                    SpokenMeaning heard =
                            session.last()
                                    .map(told -> told.heard() instanceof Heard.Words w ? w : null)
                                    .map(Heard.Words::meaning)
                                    .orElse(SpokenMeaning.HEDGED);
                    SpokenMeaning meant =
                            lexicon.understand(u.expected(), YES_NO)
                                    .map(Understood::meaning)
                                    .orElse(SpokenMeaning.HEDGED);
                    // In an English question a German "ja" sounds like "yeah", and means it.
                    if (heard == SpokenMeaning.AGREE
                            && meant != SpokenMeaning.AGREE
                            && !u.expected().equals("ja")) {
                        falseYes.add(language + " " + u.file());
                    }
                    if (u.language().equals(language)
                            && (meant == SpokenMeaning.AGREE || meant == SpokenMeaning.REFUSE)) {
                        answers++;
                        right += heard == meant ? 1 : 0;
                        if (heard == meant) {
                            delays.add(
                                    session.last().orElseThrow().atMillis()
                                            - 400
                                            - 1000 * u.endSeconds());
                        }
                    }
                }
            }
        }
        assertThat(falseYes).isEmpty();
        assertThat(answers).isGreaterThan(24);
        assertThat(right).isGreaterThanOrEqualTo(answers - 2);
        Collections.sort(delays);
        assertThat(Evaluation.percentile(delays, 90)).isLessThan(350);
        assertThat(delays.getLast()).isLessThan(500);
    }

    @Test
    void aWithdrawalByItsPhraseIsReportedWithinAHundredMillisecondsOfItsEnd() throws Exception {
        short[] german =
                Wav.read(
                                Utterances.ROOT.resolve(
                                        "speech/src/test/resources/sounds/einwilligung-widerrufen.wav"))
                        .samples();
        assertThat(withdrawnAfter("de", german) - german.length / 8.0).isLessThan(100);
        short[] english =
                Wav.read(Utterances.ROOT.resolve("config/prompts/demo/say/en-withdraw-consent.wav"))
                        .samples();
        assertThat(withdrawnAfter("en", english) - english.length / 8.0).isLessThan(100);
        // One word might go on: "widerrufen werde ich das nicht".
        Utterances.Utterance single = Utterances.of("48-de-widerrufen.wav");
        assertThat(withdrawnAfter("de", single.samples()) - 1000 * single.endSeconds())
                .isBetween(100.0, 350.0);
    }

    private static long withdrawnAfter(String language, short[] sound) throws Exception {
        Lexicon lexicon =
                Lexicon.load(Utterances.ROOT.resolve("config/lexicon/" + language + ".yaml"));
        try (var model = LanguageModel.open(Utterances.model(language))) {
            var session =
                    new InlineSession(
                            RecognisedLanguage.of(model, lexicon, DecisionRule.BUNDLED, null),
                            EnumSet.of(SpokenMeaning.WITHDRAW));
            session.hear(sound);
            session.hear(Sounds.silence(1000));
            InlineSession.Told told = session.last().orElseThrow();
            assertThat(told.heard())
                    .isInstanceOfSatisfying(
                            Heard.Words.class,
                            w -> assertThat(w.meaning()).isEqualTo(SpokenMeaning.WITHDRAW));
            session.session.close();
            session.session.work();
            return told.atMillis();
        }
    }
}
