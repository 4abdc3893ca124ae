package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.PageWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guides that are shipped: the same in both languages, and no link leads nowhere. */
class GuidesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Path SHIPPED = PROJECT.resolve("config/console/help");

    @TempDir private Path directory;

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void bothLanguagesHaveTheSameSectionsAndSteps() throws Exception {
        Guides guides = Guides.in(SHIPPED);
        for (String name : Guides.NAMES) {
            Guides.Guide de = guides.named("de", name).orElseThrow();
            Guides.Guide en = guides.named("en", name).orElseThrow();
            assertThat(de.sections()).as(name).hasSameSizeAs(en.sections()).isNotEmpty();
            assertThat(found("<li>", de.html())).as(name).hasSameSizeAs(found("<li>", en.html()));
            assertThat(found("href=\"[^\"]+\"", de.html()))
                    .as(name)
                    .isEqualTo(found("href=\"[^\"]+\"", en.html()));
            assertThat(de.lead()).isNotEmpty();
            assertThat(en.lead()).isNotEmpty();
        }
    }

    @Test
    void theServiceDeskHasTenStepsForEachConversation() throws Exception {
        for (String language : PageWords.LANGUAGES) {
            Guides.Guide guide = Guides.in(SHIPPED).named(language, "service-desk").orElseThrow();
            String[] parts = guide.html().split("<h2", -1);
            assertThat(parts).hasSize(6);
            for (String part : Arrays.asList(parts).subList(1, 6)) {
                assertThat(found("<li>", part)).as(part).hasSize(10);
            }
        }
    }

    @Test
    void everyLinkLeadsToAPageThatThereIs() throws Exception {
        Set<String> pages =
                Arrays.stream(ConsoleSection.values())
                        .map(ConsoleSection::path)
                        .collect(Collectors.toSet());
        Guides.NAMES.forEach(name -> pages.add("/help/" + name));
        for (String language : PageWords.LANGUAGES) {
            for (Guides.Guide guide : Guides.in(SHIPPED).all(language)) {
                for (String link : found("href=\"[^\"]+\"", guide.html())) {
                    assertThat(pages)
                            .as(guide.name())
                            .contains(link.replaceAll("href=|\"|#.*", ""));
                }
            }
        }
    }

    /** A command that is gone, or a file that was moved, is found here. */
    @Test
    void everyFileThatAGuideNamesIsThere() throws Exception {
        for (String language : PageWords.LANGUAGES) {
            for (Guides.Guide guide : Guides.in(SHIPPED).all(language)) {
                for (String named :
                        found("(?<=<code>)(config|scripts)/[A-Za-z/-]+", guide.html())) {
                    assertThat(PROJECT.resolve(named))
                            .as(guide.name())
                            .satisfiesAnyOf(
                                    path -> assertThat(path).exists(),
                                    path ->
                                            assertThat(path.toString())
                                                    .as("a new version, as an example")
                                                    .contains("config/notices/demo/"));
                }
            }
        }
    }

    @Test
    void whatAnEditorWritesStaysText() {
        String markdown =
                """
                # <script>alert(1)</script> A

                <img src=x onerror=alert(1)>

                [here](javascript:alert(1))

                ## "><b>

                <div onclick="x">y</div>
                """;
        Guides.Guide guide = Guides.guide("x", markdown);

        assertThat(guide.html())
                .doesNotContain("<script", "<img src=x", "javascript:", "<div", "<b>");
        assertThat(guide.sections().getFirst().anchor()).matches("[\\p{L}\\p{Nd}-]*");
    }

    @Test
    void aGuideThatIsNotThereIsNamed() throws Exception {
        Files.createDirectories(directory.resolve("de"));

        assertThatThrownBy(() -> Guides.in(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("service-desk.md")
                .hasMessageContaining("console.help");
    }
}
