package org.consentgateway.speech.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.speech.SpokenMeaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexiconTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));

    private static Set<SpokenMeaning> question(String name) {
        return switch (name) {
            case "yesno" ->
                    EnumSet.of(
                            SpokenMeaning.AGREE,
                            SpokenMeaning.REFUSE,
                            SpokenMeaning.REPEAT,
                            SpokenMeaning.HELP,
                            SpokenMeaning.OTHER_LANGUAGE,
                            SpokenMeaning.HUMAN);
            case "menu" ->
                    EnumSet.of(
                            SpokenMeaning.ZERO,
                            SpokenMeaning.ONE,
                            SpokenMeaning.TWO,
                            SpokenMeaning.THREE);
            case "menuyes" ->
                    EnumSet.of(
                            SpokenMeaning.AGREE,
                            SpokenMeaning.REFUSE,
                            SpokenMeaning.ONE,
                            SpokenMeaning.TWO,
                            SpokenMeaning.THREE);
            case "privacy" ->
                    EnumSet.of(
                            SpokenMeaning.WITHDRAW,
                            SpokenMeaning.ERASE,
                            SpokenMeaning.HUMAN,
                            SpokenMeaning.ONE,
                            SpokenMeaning.TWO);
            case "inforce" ->
                    EnumSet.of(
                            SpokenMeaning.AGREE,
                            SpokenMeaning.REFUSE,
                            SpokenMeaning.HUMAN,
                            SpokenMeaning.WITHDRAW);
            case "confirmed" ->
                    EnumSet.of(
                            SpokenMeaning.AGREE,
                            SpokenMeaning.REFUSE,
                            SpokenMeaning.HUMAN,
                            SpokenMeaning.WITHDRAW,
                            SpokenMeaning.HEDGED,
                            SpokenMeaning.NEGATED);
            case "talk" -> EnumSet.of(SpokenMeaning.WITHDRAW);
            case "kept" -> EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({"de,150", "en,100"})
    void everyUtteranceOfTheTableMeansWhatTheTableSays(String language, int atLeast)
            throws IOException {
        Lexicon lexicon = lexicon(language);
        var wrong = new ArrayList<String>();
        List<String> rows =
                Files.readAllLines(
                        ROOT.resolve("speech/src/test/resources/words/" + language + ".tsv"));
        int counted = 0;
        for (String row : rows) {
            if (row.startsWith("#") || row.isBlank()) {
                continue;
            }
            String[] cell = row.split("\t", -1);
            String meant =
                    lexicon.understand(cell[1], question(cell[0]))
                            .map(u -> u.weak() ? "WEAK" : u.meaning().name())
                            .orElse("NONE");
            if (!meant.equals(cell[2])) {
                wrong.add(row + "\tbut understood " + meant);
            }
            counted++;
        }
        assertThat(wrong).isEmpty();
        assertThat(counted).isGreaterThanOrEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"de,ja", "en,yes"})
    void anyStrangeWordBesideAYesMakesItNoPlainYes(String language, String yes) throws IOException {
        Lexicon lexicon = lexicon(language);
        for (String strange : List.of("Rechnung", "xyz", "[unk]", "7")) {
            for (String said : List.of(yes + " " + strange, strange + " " + yes)) {
                assertThat(lexicon.understand(said, question("yesno")))
                        .as(said)
                        .get()
                        .extracting(Understood::meaning)
                        .isEqualTo(SpokenMeaning.HEDGED);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"de", "en"})
    void everyPhraseOfARefusalSpoilsEveryPhraseOfAYes(String language) throws IOException {
        Lexicon lexicon = lexicon(language);
        for (String yes : lexicon.phrases(SpokenMeaning.AGREE)) {
            for (String no : lexicon.phrases(SpokenMeaning.REFUSE)) {
                for (String said : List.of(yes + " " + no, no + " " + yes)) {
                    assertThat(lexicon.understand(said, question("yesno")))
                            .as(said)
                            .get()
                            .extracting(Understood::meaning)
                            .isNotEqualTo(SpokenMeaning.AGREE);
                }
            }
        }
    }

    @Test
    void theGrammarOfAYesAlwaysHoldsTheWordsThatUndoIt() throws IOException {
        assertThat(lexicon("de").grammar(EnumSet.of(SpokenMeaning.AGREE)))
                .contains("ja", "nein", "nicht", "aber", "nicht einverstanden")
                .doesNotContain("widerrufen", "eins");
        assertThat(lexicon("de").grammar(EnumSet.of(SpokenMeaning.WITHDRAW)))
                .contains("widerrufen")
                .doesNotContain("ja", "nicht");
    }

    @Test
    void theEntryIsALexiconEntryAndNeverWhatElseWasSaid() throws IOException {
        Understood heard =
                lexicon("de")
                        .understand("nein Frau Schmidt am Apparat", question("yesno"))
                        .orElseThrow();
        assertThat(heard.entry()).isEqualTo("nein");
        assertThat(heard.toString()).doesNotContain("nein");
    }

    @Test
    void aWrongLexiconSaysWhereAndWhat() {
        assertThatThrownBy(() -> Lexicon.parse("x.yaml", "fillers: []\nmeanings:\n  AGRE: [ja]\n"))
                .hasMessageContaining("x.yaml")
                .hasMessageContaining("AGRE");
        assertThatThrownBy(() ->
                        Lexicon.parse(
                                "x.yaml",
                                """
                                fillers: []
                                negations: []
                                hedges: []
                                meanings:
                                  AGREE: [ja]
                                  REFUSE: [ja]
                                """))
                .hasMessageContaining("two meanings");
        String rest =
                """
                fillers: [gut]
                negations: []
                hedges: []
                meanings: {AGREE: [ja], REFUSE: [nein]}
                """;
        assertThatThrownBy(() -> Lexicon.parse("x.yaml", rest + "weak: [klar]\n"))
                .hasMessageContaining("x.yaml: weak: \"klar\" is no phrase of AGREE");
        for (String decoy : List.of("ja", "gut")) {
            assertThatThrownBy(() -> Lexicon.parse("x.yaml", rest + "decoys: [" + decoy + "]\n"))
                    .hasMessageContaining("x.yaml: decoys: \"" + decoy + "\" stands among");
        }
    }

    @ParameterizedTest
    @CsvSource({"de,ja", "en,yes"})
    void aDecoyIsInTheGrammarOfEveryQuestionAndSpoilsAYesBesideIt(String language, String yes)
            throws IOException {
        Lexicon lexicon = lexicon(language);
        assertThat(lexicon.decoys()).hasSizeGreaterThan(10);
        for (String question : List.of("yesno", "menu", "menuyes")) {
            assertThat(lexicon.grammar(question(question))).containsAll(lexicon.decoys());
        }
        assertThat(lexicon.grammar(question("talk"))).doesNotContainAnyElementsOf(lexicon.decoys());
        for (String decoy : lexicon.decoys()) {
            for (String said : List.of(decoy, yes + " " + decoy, decoy + " " + yes)) {
                assertThat(lexicon.understand(said, question("yesno")).map(Understood::meaning))
                        .as(said)
                        .isNotEqualTo(Optional.of(SpokenMeaning.AGREE));
            }
        }
    }

    private static Lexicon lexicon(String language) throws IOException {
        return Lexicon.load(ROOT.resolve("config/lexicon/" + language + ".yaml"));
    }
}
