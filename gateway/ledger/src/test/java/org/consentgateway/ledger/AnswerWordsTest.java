package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerWordsTest {
    private static final Path LANGUAGES =
            Path.of(System.getProperty("project.root")).resolve("config/languages");

    static final Path SHIPPED = LANGUAGES.resolve("answers");

    @TempDir Path temp;

    @Test
    void eachLanguageThatCallersAreSpokenToAnswersAllThatEnglishDoes() throws IOException {
        AnswerWords english = AnswerWords.in(SHIPPED, "en");
        for (String language : spoken()) {
            AnswerWords words = AnswerWords.in(SHIPPED, language);
            assertThat(words.language()).isEqualTo(language);
            assertThat(words.events()).containsOnlyKeys(english.events().keySet());
            assertThat(words.facts()).containsOnlyKeys(english.facts().keySet());
            assertThat(words.values()).containsOnlyKeys(english.values().keySet());
            assertThat(words.given().split("%s", -1)).as(words.given()).hasSize(4);
            assertThat(words.told().split("%s", -1)).as(words.told()).hasSize(3);
            assertThat(words.part().formatted(501, 1000, 10_001)).contains("501", "1000", "10001");
            assertThat(words.untold()).isNotBlank().doesNotContain("%");
            assertThat(List.of(words.title(), words.rights(), words.source(), words.none()))
                    .doesNotContain("");
        }
        assertThat(english.events().keySet())
                .isSubsetOf(Stream.of(EntryType.values()).map(EntryType::text).toList());
    }

    @Test
    void anUnknownLanguageIsAnsweredInEnglish() throws IOException {
        assertThat(AnswerWords.in(SHIPPED, "xx").language()).isEqualTo("en");
        assertThat(AnswerWords.in(SHIPPED, "").language()).isEqualTo("en");
        assertThat(AnswerWords.in(SHIPPED, "../de").language()).isEqualTo("en");
    }

    @Test
    void aLanguageIsAFileAndWhatItLacksIsSaidInEnglish() throws IOException {
        Files.copy(SHIPPED.resolve("en.json"), temp.resolve("en.json"));
        Files.writeString(
                temp.resolve("it.json"),
                "{\"language\": \"it\", \"title\": \"Titolo\", \"values\": {\"KEY\": \"tasto\"}}");
        AnswerWords words = AnswerWords.in(temp, "it");
        assertThat(words.language()).isEqualTo("it");
        assertThat(words.title()).isEqualTo("Titolo");
        assertThat(words.values())
                .containsEntry("KEY", "tasto")
                .containsEntry("BOTH", "key and voice");
        assertThat(AnswerWords.lacking(temp, "it"))
                .contains("/none", "/values/BOTH", "/facts/~1call~1line")
                .doesNotContain("/title", "/values/KEY");
        assertThat(AnswerWords.lacking(temp, "en")).isEmpty();
        assertThat(AnswerWords.lacking(temp, "fr")).containsExactly("all of it");
        assertThat(words.none()).isEqualTo(AnswerWords.in(SHIPPED, "en").none());
    }

    /** A folder from before a word came says it in English, and check-config names it. */
    @Test
    void whatTheEnglishOfTheFolderLacksIsSaidInTheWordsOfThisVersion() throws IOException {
        AnswerWords shipped = AnswerWords.in(SHIPPED, "en");
        Files.writeString(temp.resolve("en.json"), "{\"language\": \"en\", \"title\": \"Before\"}");
        Files.writeString(temp.resolve("it.json"), "{\"language\": \"it\", \"title\": \"Titolo\"}");

        assertThat(AnswerWords.in(temp, "en").title()).isEqualTo("Before");
        for (String language : List.of("en", "it")) {
            AnswerWords words = AnswerWords.in(temp, language);
            assertThat(words.part()).isEqualTo(shipped.part());
            assertThat(words.facts()).isEqualTo(shipped.facts());
            assertThat(AnswerWords.lacking(temp, language))
                    .contains("/part")
                    .doesNotContain("/title");
        }
        assertThat(AnswerWords.lacking(SHIPPED, "en")).as("what is built in").isEmpty();
        assertThat(shipped).isEqualTo(AnswerWords.in(temp.resolve("none"), "en"));
    }

    private static List<String> spoken() throws IOException {
        try (Stream<Path> files = Files.list(LANGUAGES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .sorted()
                    .toList();
        }
    }
}
