package org.consentgateway.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.api.text.TextReview;
import org.consentgateway.api.text.VariantReview;
import org.consentgateway.api.text.VariantReview.Draft;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.Test;

/** A wording is checked as it would be spoken, in the shipped texts, and nothing is written. */
class VariantTrialTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);
    private static final TextReview.Name SPOKEN = new TextReview.Name("demo", "de", "2026-11", "a");
    private static final String GOOD = "Hier ist die KI der Musterfirma, kein Mensch.";

    private static VariantTrial trial() throws Exception {
        GatewayConfig config = GatewayConfig.load(PROJECT.resolve("config/gateway.yaml"), PROJECT);
        return new VariantTrial(
                () -> new PartSettings(config).texts(TODAY.atStartOfDay(ZoneOffset.UTC)),
                () -> config);
    }

    private static VariantReview.Wish wish(Map<String, String> texts, VariantReview.Trial trial) {
        return new VariantReview.Wish(
                SPOKEN, "b", texts, new VariantReview.SignOff("Ada Meier", TODAY), trial);
    }

    private static VariantReview.Trial on(String line, LocalDate start) {
        return new VariantReview.Trial("warmer", line, 50, start, start.plusDays(89));
    }

    private static Draft drafted(String part, String words) throws Exception {
        return trial().draft(wish(Map.of(part, words), on("demo", TODAY.plusDays(3))))
                .orElseThrow();
    }

    private static List<String> wrong(Draft draft) {
        return draft.findings().stream()
                .filter(each -> each.kind().equals("wrong"))
                .map(TextReview.Finding::what)
                .toList();
    }

    @Test
    void aGoodWordingPassesAndIsAFileAndABlock() throws Exception {
        Draft draft = drafted("opening", GOOD);

        assertThat(wrong(draft)).isEmpty();
        assertThat(draft.passes()).isTrue();
        assertThat(draft.file()).isEqualTo("demo/de/2026-11.b.yaml");
        assertThat(draft.text())
                .contains(
                        "\nvariant: b\n",
                        "\nweight: 0\n",
                        "\n  who: \"Ada Meier\"\n  when: 2026-11-28\n",
                        "\n  opening: \"" + GOOD + "\"\n",
                        "\n  # A remembered yes.")
                .doesNotContain("opening: Musterfirma, hier");
        assertThat(draft.block()).contains("line: demo", "tried: b", "start: 2026-12-01");
        assertThat(draft.unrecorded()).containsExactly("opening");
    }

    /** Made by hand of what is handed over, it is read as it was checked. */
    @Test
    void nothingIsWrittenBesideTheTexts() throws Exception {
        Path folder = PROJECT.resolve("config/notices/demo/de");
        Draft _ = drafted("opening", GOOD);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactly("2026-11.yaml");
        }
    }

    @Test
    void aHarderNoDoesNotPass() throws Exception {
        Draft draft =
                drafted(
                        "question.assistant",
                        "Darf sie zuhören und helfen? Sagen Sie Ja. Wer das nicht will, legt auf.");

        assertThat(draft.passes()).isFalse();
        assertThat(wrong(draft)).isNotEmpty();
    }

    /** Quotes, colons and keys of YAML are words as well, or are told. */
    @Test
    void whatLooksLikeYamlStaysText() throws Exception {
        String words = "Hier ist die KI: \"kein\" Mensch. # weight: 1 \\n levels: [x] Musterfirma.";
        Draft draft = drafted("opening", words);

        assertThat(draft.text())
                .contains("\\\"kein\\\"", "\\\\n levels")
                .containsOnlyOnce("\nweight: ")
                .containsOnlyOnce("\nlevels: ");
    }

    @Test
    void aPartThatOnlyTheCommonFileHasIsAddedHere() throws Exception {
        Draft draft = drafted("goodbye", "Auf Wiederhören und danke.");

        assertThat(draft.text()).contains("\n  goodbye: \"Auf Wiederhören und danke.\"\n");
        assertThat(wrong(draft)).isEmpty();
    }

    @Test
    void theExperimentIsCheckedAsTheConfigurationIs() throws Exception {
        VariantTrial trial = trial();
        Map<String, String> texts = Map.of("opening", GOOD);

        Draft nowhere = trial.draft(wish(texts, on("nowhere", TODAY))).orElseThrow();
        assertThat(wrong(nowhere)).anyMatch(each -> each.contains("names no line that asks"));
        assertThat(nowhere.findings()).anyMatch(each -> each.what().startsWith("start: "));
        LocalDate start = TODAY.plusDays(3);
        var back = new VariantReview.Trial("warmer", "demo", 50, start, start);
        assertThat(wrong(trial.draft(wish(texts, back)).orElseThrow()))
                .anyMatch(each -> each.contains("must be after start"));
    }

    @Test
    void whatIsNotThereIsNotCopied() throws Exception {
        var gone = new TextReview.Name("demo", "de", "2020-01", "a");

        assertThat(
                        trial().draft(
                                        new VariantReview.Wish(
                                                gone,
                                                "b",
                                                Map.of("opening", GOOD),
                                                new VariantReview.SignOff("", TODAY),
                                                on("demo", TODAY))))
                .isEmpty();
    }
}
