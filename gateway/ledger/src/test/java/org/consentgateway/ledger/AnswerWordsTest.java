package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.Test;

class AnswerWordsTest {
    private static final Path LANGUAGES =
            Path.of(System.getProperty("project.root")).resolve("config/languages");

    @Test
    void eachLanguageThatCallersAreSpokenToAnswersAllThatEnglishDoes() throws IOException {
        AnswerWords english = AnswerWords.in("en");
        for (String language : spoken()) {
            AnswerWords words = AnswerWords.in(language);
            assertThat(words.language()).isEqualTo(language);
            assertThat(words.events()).containsOnlyKeys(english.events().keySet());
            assertThat(words.facts()).containsOnlyKeys(english.facts().keySet());
            assertThat(words.values()).containsOnlyKeys(english.values().keySet());
            assertThat(words.given().split("%s", -1)).as(words.given()).hasSize(4);
            assertThat(words.told().split("%s", -1)).as(words.told()).hasSize(3);
            assertThat(words.untold()).isNotBlank().doesNotContain("%");
            assertThat(List.of(words.title(), words.rights(), words.source(), words.none()))
                    .doesNotContain("");
        }
        assertThat(english.events().keySet())
                .isSubsetOf(Stream.of(EntryType.values()).map(EntryType::text).toList());
    }

    @Test
    void anUnknownLanguageIsAnsweredInEnglish() {
        assertThat(AnswerWords.in("xx").language()).isEqualTo("en");
        assertThat(AnswerWords.in("").language()).isEqualTo("en");
        assertThat(AnswerWords.in("../de").language()).isEqualTo("en");
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
