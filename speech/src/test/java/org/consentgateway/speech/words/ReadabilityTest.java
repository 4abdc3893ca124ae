package org.consentgateway.speech.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadabilityTest {
    private static final String DE =
            "ja 1,nein 1,aber 2,oder 2,Abend 2,Oma 2,Auto 2,Einwilligung 4,einverstanden 4,"
                    + "Datenschutz 3,KI 2,KI-Assistent 5,Musterfirma 4,Gespräch 2,aufnehmen 3,"
                    + "mitschreiben 3,drücken 2,Stern 1,neun 1,Häuser 2,Freude 2,Bau 1,Ei 1,"
                    + "quer 1,Qualität 3,Familie 4,zurücknehmen 4,jederzeit 3,Anliegen 3,"
                    + "verbinde 3,Menschen 2,Zoo 1,Tee 1,geimpft 2,Computer 3,weiter 2,"
                    + "Verarbeitung 4,personenbezogener 7,Verantwortliche 5,bei 1";
    private static final String EN =
            "yes 1,no 1,the 1,agree 2,press 1,one 1,two 1,assistant 3,company 3,person 2,"
                    + "table 2,people 2,talked 1,wanted 2,notes 1,choices 2,withdraw 2,consent 2,"
                    + "AI 2,recording 3,take 1,time 1,computer 3,another 3,every 2,something 2,"
                    + "business 2,here 1,please 1,because 2,language 2,information 4,help 1,"
                    + "comfort 2,basic 2,privacy 3,number 2,choose 1,address 2,erase 2";

    @Test
    void syllablesMatchTheGoldenCounts() {
        var wrong = new ArrayList<String>();
        for (String language : List.of("de", "en")) {
            for (String pair : (language.equals("de") ? DE : EN).split(",", -1)) {
                String[] word = pair.split(" ", -1);
                int counted = Syllables.in(language, word[0]);
                if (counted != Integer.parseInt(word[1])) {
                    wrong.add(pair + " but counted " + counted);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aGermanSentenceHasTheValuesWorkedOutByHand() {
        // 8 words, 11 syllables, one sentence: 180 - 8 - 58.5 * 11/8.
        var r = Readability.of("de", "Sagen Sie Ja oder drücken Sie die 1.");
        assertThat(r.words()).isEqualTo(8);
        assertThat(r.syllables()).isEqualTo(11);
        assertThat(r.ease()).isCloseTo(91.56, within(0.01));
        // No word of three syllables, one of seven letters, five of one syllable.
        assertThat(r.wiener().getAsDouble())
                .isCloseTo(0.1672 * 8 + 0.1297 * 12.5 - 0.0327 * 62.5 - 0.875, within(0.01));
    }

    @Test
    void anEnglishSentenceHasTheValuesWorkedOutByHand() {
        // 5 words, 5 syllables: 206.835 - 1.015 * 5 - 84.6.
        var r = Readability.of("en", "Say yes or press 1.");
        assertThat(r.ease()).isCloseTo(117.16, within(0.01));
        assertThat(r.wiener()).isEmpty();
    }

    @Test
    void numbersAndShortFormsAreCountedAsTheyAreSpoken() {
        assertThat(SpokenText.of("de", "Drücken Sie * 9, z. B. 21 oder 2027."))
                .isEqualTo(
                        "Drücken Sie Stern neun, zum Beispiel einundzwanzig oder"
                                + " zweitausendsiebenundzwanzig.");
        assertThat(SpokenText.of("en", "No. Press 101 or 2040."))
                .isEqualTo("No. Press one hundred one or two thousand forty.");
        assertThat(SpokenText.of("de", "0211")).isEqualTo("null zwei eins eins");
    }

    @Test
    void legalGermanIsFoundHardByBothFormulas() {
        var r =
                Readability.of(
                        "de",
                        "Die Verarbeitung Ihrer personenbezogenen Daten erfolgt ausschließlich"
                                + " zum Zwecke der Qualitätssicherung und Vertragsabwicklung gemäß"
                                + " den datenschutzrechtlichen Bestimmungen.");
        assertThat(r.ease()).isLessThan(20);
        assertThat(r.wiener().getAsDouble()).isGreaterThan(12);
        assertThat(r.longest()).isEqualTo(17);
    }

    @Test
    void otherLanguagesHaveNoScoreAndTheirDigitsAreLeftToTheVoice() {
        String french = "Dites oui ou tapez 1. Dites non ou tapez 2.";
        assertThat(SpokenText.of("fr", french)).isEqualTo(french);
        Readability score = Readability.of("fr", french);
        assertThat(score.isScored()).isFalse();
        assertThat(score.ease()).isZero();
        assertThat(score.longest()).isEqualTo(4);
        assertThat(Syllables.in("tr", "kayıt")).isEqualTo(2);
        assertThat(Syllables.in("fr", "enregistrée")).isEqualTo(4);
        assertThat(Readability.of("en", "Say yes or press 1.").isScored()).isTrue();
    }
}
