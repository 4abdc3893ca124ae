package org.consentgateway.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.speech.words.Formula;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.Readability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageFilesTest {
    private static final Path SHIPPED = Path.of("../../config/languages");

    /** Counted by hand. */
    private static final Map<String, String> SYLLABLES =
            Map.of(
                    "de",
                    "ja 1,nein 1,aber 2,oder 2,Abend 2,Oma 2,Auto 2,Einwilligung 4,einverstanden 4,"
                            + "Datenschutz 3,KI 2,KI-Assistent 5,Musterfirma 4,Gespräch 2,"
                            + "aufnehmen 3,mitschreiben 3,drücken 2,Stern 1,neun 1,Häuser 2,"
                            + "Freude 2,Bau 1,Ei 1,quer 1,Qualität 3,Familie 4,zurücknehmen 4,"
                            + "jederzeit 3,Anliegen 3,verbinde 3,Menschen 2,Zoo 1,Tee 1,geimpft 2,"
                            + "Computer 3,weiter 2,Verarbeitung 4,personenbezogener 7,"
                            + "Verantwortliche 5,bei 1",
                    "en",
                    "yes 1,no 1,the 1,agree 2,press 1,one 1,two 1,assistant 3,company 3,person 2,"
                            + "table 2,people 2,talked 1,wanted 2,notes 1,choices 2,withdraw 2,"
                            + "consent 2,AI 2,recording 3,take 1,time 1,computer 3,another 3,"
                            + "every 2,something 2,business 2,here 1,please 1,because 2,language 2,"
                            + "information 4,help 1,comfort 2,basic 2,privacy 3,number 2,choose 1,"
                            + "address 2,erase 2",
                    "fr",
                    "oui 1,non 1,le 1,IA 2,appel 2,personne 2,écouter 3,aider 2,enregistrer 4,"
                            + "enregistrée 4,touche 1,étoile 2,neuf 1,arrêter 3,moment 2,"
                            + "consentement 4,données 2,réunion 3,appuyez 3,messages 2,quatre 1,"
                            + "téléphone 3,numéro 3,effacer 3,année 2,mois 1,humain 2,une 1,elle 1",
                    "tr",
                    "evet 2,hayır 2,kayıt 2,yapay 2,zekâ 2,insan 2,dinleyebilir 5,yıldız 2,dokuz 2,"
                            + "rıza 2,görüşme 3,saat 2");

    @TempDir Path temp;

    private static Language in(String code) {
        return ShippedLanguages.ALL.find(code).orElseThrow();
    }

    @Test
    void syllablesMatchTheGoldenCounts() {
        var wrong = new ArrayList<String>();
        SYLLABLES.forEach((code, words) -> {
            for (String pair : words.split(",", -1)) {
                String[] word = pair.split(" ", -1);
                int counted = Readability.of(in(code), word[0]).syllables();
                if (counted != Integer.parseInt(word[1])) {
                    wrong.add(code + ": " + pair + " but counted " + counted);
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void aGermanSentenceHasTheValuesWorkedOutByHand() {
        // 8 words, 11 syllables, one sentence: 180 - 8 - 58.5 * 11/8.
        var r = Readability.of(in("de"), "Sagen Sie Ja oder drücken Sie die 1.");
        assertThat(r.words()).isEqualTo(8);
        assertThat(r.syllables()).isEqualTo(11);
        assertThat(scores(r).getFirst()).isCloseTo(91.56, within(0.01));
        // No word of three syllables, one of seven letters, five of one syllable.
        assertThat(scores(r).getLast())
                .isCloseTo(0.1672 * 8 + 0.1297 * 12.5 - 0.0327 * 62.5 - 0.875, within(0.01));
    }

    @Test
    void eachLanguageIsScoredByAFormulaOfItsOwn() {
        // 5 words, 5 syllables: 206.835 - 1.015 * 5 - 84.6.
        var english = Readability.of(in("en"), "Say yes or press 1.");
        assertThat(scores(english)).hasSize(1);
        assertThat(scores(english).getFirst()).isCloseTo(117.16, within(0.01));
        // 8 words, 9 syllables: 207 - 1.015 * 8 - 73.6 * 9/8.
        var french = Readability.of(in("fr"), "Dites oui ou non, ou tapez le 1.");
        assertThat(french.syllables()).isEqualTo(9);
        assertThat(scores(french).getFirst()).isCloseTo(116.08, within(0.01));
        // 4 words, 9 syllables: 198.825 - 2.61 * 4 - 40.175 * 9/4.
        var turkish = Readability.of(in("tr"), "Evet için 1 tuşlayın.");
        assertThat(turkish.syllables()).isEqualTo(8);
        assertThat(scores(turkish).getFirst()).isCloseTo(198.825 - 10.44 - 80.35, within(0.01));
    }

    private static List<Double> scores(Readability text) {
        return text.language().formulas().stream().map(text::score).toList();
    }

    @Test
    void numbersAndShortFormsAreCountedAsTheyAreSpoken() {
        assertThat(in("de").spoken("Drücken Sie * 9, z. B. 21 oder 2027."))
                .isEqualTo(
                        "Drücken Sie Stern neun, zum Beispiel einundzwanzig oder"
                                + " zweitausendsiebenundzwanzig.");
        assertThat(in("en").spoken("No. Press 101 or 2040."))
                .isEqualTo("No. Press one hundred one or two thousand forty.");
        assertThat(in("fr").spoken("Appuyez sur * 9, p. ex. à 50 %."))
                .isEqualTo("Appuyez sur étoile neuf, par exemple à cinquante pour cent.");
        assertThat(in("tr").spoken("%50 vb.")).isEqualTo("yüzde elli ve benzeri");
        assertThat(in("de").spoken("0211")).isEqualTo("null zwei eins eins");
        assertThat(in("fr").spoken("0612")).isEqualTo("zéro six un deux");
    }

    @Test
    void numbersAreThoseOfTheLanguage() {
        assertThat(spoken("de", 1, 16, 21, 101, 1001, 21_000, 101_000))
                .containsExactly(
                        "eins",
                        "sechzehn",
                        "einundzwanzig",
                        "einhunderteins",
                        "eintausendeins",
                        "einundzwanzigtausend",
                        "einhunderteintausend");
        assertThat(spoken("fr", 21, 22, 70, 71, 75, 80, 81, 91, 99, 100, 101, 200, 201, 80_000))
                .containsExactly(
                        "vingt et un",
                        "vingt-deux",
                        "soixante-dix",
                        "soixante et onze",
                        "soixante-quinze",
                        "quatre-vingts",
                        "quatre-vingt-un",
                        "quatre-vingt-onze",
                        "quatre-vingt-dix-neuf",
                        "cent",
                        "cent un",
                        "deux cents",
                        "deux cent un",
                        "quatre-vingt mille");
        assertThat(spoken("fr", 1000, 1958, 200_000))
                .containsExactly("mille", "mille neuf cent cinquante-huit", "deux cent mille");
        assertThat(spoken("tr", 11, 30, 90, 100, 365, 1000, 1997, 100_001))
                .containsExactly(
                        "on bir",
                        "otuz",
                        "doksan",
                        "yüz",
                        "üç yüz altmış beş",
                        "bin",
                        "bin dokuz yüz doksan yedi",
                        "yüz bin bir");
    }

    private static List<String> spoken(String code, int... numbers) {
        return java.util.Arrays.stream(numbers)
                .mapToObj(n -> in(code).spoken(Integer.toString(n)))
                .toList();
    }

    @Test
    void everyNumberOfEveryLanguageCanBeSaid() {
        for (String code : SYLLABLES.keySet()) {
            for (int n = 0; n < 1_000_000; n += n < 2000 ? 1 : 997) {
                assertThat(in(code).spoken(Integer.toString(n))).doesNotContainPattern("[\\d<>]");
            }
        }
    }

    @Test
    void legalGermanIsFoundHardByBothFormulas() {
        var r =
                Readability.of(
                        in("de"),
                        "Die Verarbeitung Ihrer personenbezogenen Daten erfolgt ausschließlich"
                                + " zum Zwecke der Qualitätssicherung und Vertragsabwicklung gemäß"
                                + " den datenschutzrechtlichen Bestimmungen.");
        assertThat(scores(r).getFirst()).isLessThan(20);
        assertThat(scores(r).getLast()).isGreaterThan(12);
        assertThat(r.longest()).isEqualTo(17);
    }

    @Test
    void legalFrenchAndTurkishAreFoundHard() {
        var french =
                Readability.of(
                        in("fr"),
                        "Vos données à caractère personnel font l'objet d'un traitement automatisé"
                                + " destiné à l'amélioration continue de nos prestations"
                                + " conformément à la réglementation applicable.");
        var turkish =
                Readability.of(
                        in("tr"),
                        "Kişisel verileriniz, hizmetlerimizin iyileştirilmesi ve sözleşmesel"
                                + " yükümlülüklerimizin yerine getirilmesi amacıyla mevzuata uygun"
                                + " biçimde işlenmektedir.");
        for (Readability each : List.of(french, turkish)) {
            Formula formula = each.language().formulas().getFirst();
            assertThat(each.score(formula)).isLessThan(formula.least().orElseThrow());
        }
    }

    @Test
    void aTurkishCapitalIsNotThatOfOthers() {
        assertThat("HAYIR".toLowerCase(in("tr").locale())).isEqualTo("hayır");
        assertThat("HAYIR".toLowerCase(in("de").locale())).isEqualTo("hayir");
    }

    @Test
    void allMistakesOfAllFilesAreToldWithLineAndWhatWouldBeRight() throws IOException {
        Files.writeString(
                temp.resolve("de.yaml"),
                Files.readString(SHIPPED.resolve("de.yaml"))
                        .replace("16: sechzehn, ", "")
                        .replace("constant: 180", "constant: viel")
                        .replace("shortened:", "shorten:"));
        Files.writeString(
                temp.resolve("nl.yaml"),
                Files.readString(SHIPPED.resolve("en.yaml"))
                        .replace("\"[aeiouy]+\"", "\"[aeiouy\"")
                        .replace("    least: 60\n    wanted: 70\n", ""));

        assertThatThrownBy(() -> LanguageFiles.read(temp))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageContaining("de.yaml:8: numbers do not say 16")
                .hasMessageContaining("right: words: {16: …}")
                .hasMessageContaining("shorten is no key; did you mean \"shortened\"?")
                .hasMessageContaining("constant must be a number such as -1.015, not \"viel\"")
                .hasMessageContaining("nl.yaml:2: language is not that of the file's name")
                .hasMessageContaining("right: language: nl")
                .hasMessageContaining("must be a regular expression such as [aeiouy]+")
                .hasMessageContaining("refuses nothing: Flesch has no limit");
    }

    @Test
    void aFolderThatIsNotThereIsAMistakeToo() {
        assertThatThrownBy(() -> LanguageFiles.read(temp.resolve("none")))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageContaining("is no folder to be read");
    }
}
