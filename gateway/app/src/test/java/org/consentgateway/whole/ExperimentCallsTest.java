package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real calls hear the variant that their caller is assigned. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ExperimentCallsTest {
    /** So many hear the same with a chance of one in a thousand. */
    private static final int MOST_CALLERS = 11;

    @TempDir Path folder;

    @Story
    @Nightly("18 s of calls one after the other; AssignmentTest is in each run")
    void callersHearDifferentTextsEachTheSameAgainAndNobodyIsAskedAnewForAVariant()
            throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            variant(gateway);
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            JsonNode read =
                    gateway.reloadWith(
                            "lines:\n",
                            """
                            experiments:
                              - {name: other-opening, line: remember, language: en, version: 2026-11, start: %s, end: %s}
                            lines:
                            """
                                    .formatted(today, today.plusDays(27)));
            assertThat(read.path("done").asBoolean()).as(read.toString()).isTrue();

            Map<String, String> callers = new TreeMap<>();
            for (int i = 0; i < MOST_CALLERS && callers.size() < 2; i++) {
                String number = "+4917400007%02d".formatted(i);
                TestCaller caller =
                        TestCaller.agrees(gateway, TestGateway.REMEMBER, number)
                                .hears("remember-keys")
                                .presses("1")
                                .hears("assistant");
                caller.hangsUp();
                String variant = field(gateway, number, EntryType.GIVEN, "/notice/variant");
                assertThat(caller.heard().contains("opening"))
                        .as("the recording of the spoken one")
                        .isEqualTo(variant.equals("a"));
                callers.putIfAbsent(variant, number);
            }

            assertThat(callers).containsOnlyKeys("a", "b");
            assertThat(callers.values().stream().map(number -> text(gateway, number)).distinct())
                    .hasSize(2);
            for (Map.Entry<String, String> each : callers.entrySet()) {
                TestCaller again =
                        TestCaller.calls(gateway, TestGateway.REMEMBER, each.getValue())
                                .talks()
                                .hears("opening-known")
                                .hears("known-keys.merken")
                                .presses("1")
                                .hears("assistant");
                assertThat(again.heard()).noneMatch(part -> part.startsWith("question"));
                again.hangsUp();
                assertThat(field(gateway, each.getValue(), EntryType.REAFFIRMED, "/notice/variant"))
                        .isEqualTo(each.getKey());
            }
        }
    }

    private static String text(TestGateway gateway, String number) {
        try {
            return field(gateway, number, EntryType.GIVEN, "/notice/text_sha256");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String field(TestGateway gateway, String number, EntryType type, String path)
            throws Exception {
        List<Entry> found =
                gateway.entries(number).stream().filter(each -> each.type() == type).toList();
        return TestGateway.payload(found.getLast()).at(path).asText();
    }

    /** The same notice with another opening, which nobody hears but in experiments. */
    private void variant(TestGateway gateway) throws Exception {
        Path spoken = gateway.prompts().notices().resolve("demo/en/2026-11.yaml");
        String text = Files.readString(spoken);
        String opening =
                text.lines()
                        .filter(line -> line.startsWith("  opening: "))
                        .findFirst()
                        .orElseThrow();
        String other = opening.replace("this is an AI", "here is an AI");
        assertThat(other).isNotEqualTo(opening);
        Files.writeString(
                spoken.resolveSibling("2026-11.b.yaml"),
                text.replace(opening, other)
                        .replace("variant: a", "variant: b")
                        .replace("weight: 1", "weight: 0"));
        String words = other.substring("  opening: ".length()).replaceAll("^\"|\"$", "");
        OtherWording.record(gateway, folder.resolve("cache"), words);
    }
}
