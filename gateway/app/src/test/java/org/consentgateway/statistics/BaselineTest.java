package org.consentgateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.consentgateway.statistics.Comparison.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was before, and whether what is said of it holds. */
class BaselineTest {
    @TempDir private Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("baseline.json"), json);
    }

    private Baseline saying(String claims) throws IOException {
        return Baseline.read(
                file(
                        """
                        {"schema": "operation-baseline/1", "name": "Without a question",
                         "calls": 10000, "asked": 9000, "accepted": 7000, "complaints": 100,
                         "claims": %s}
                        """
                                .formatted(claims)));
    }

    private static Sums month(long given, long refused, long complaints) {
        var sums = new Sums();
        sums.add(Figure.DECISION, "new/given", given);
        sums.add(Figure.DECISION, "new/refused", refused);
        sums.add(Figure.TASK, "COMPLAINT", complaints);
        sums.add(Figure.TASK, "CALL_BACK", 500);
        return sums;
    }

    @Test
    void whatIsSaidIsShownOrRefutedOrOpen() throws IOException {
        Baseline said = saying("{\"acceptance\": 0.89, \"fewer-complaints\": 0.37}");

        Comparison shown = Comparison.of(said, month(9_200, 800, 40));
        assertThat(shown.claims())
                .extracting(Comparison.Claim::text)
                .containsExactly("89 % acceptance", "37 % fewer complaints");
        assertThat(shown.claims())
                .extracting(Comparison.Claim::verdict)
                .containsExactly(Verdict.SHOWN, Verdict.SHOWN);
        assertThat(Comparison.of(said, month(8_000, 2_000, 110)).claims())
                .extracting(Comparison.Claim::verdict)
                .containsExactly(Verdict.REFUTED, Verdict.REFUTED);
        assertThat(Comparison.of(said, month(89, 11, 1)).claims())
                .extracting(Comparison.Claim::verdict)
                .containsExactly(Verdict.OPEN, Verdict.OPEN);
        assertThat(Comparison.of(said, new Sums()).claims())
                .extracting(Comparison.Claim::verdict)
                .containsExactly(Verdict.OPEN, Verdict.OPEN);
        assertThat(shown.measures().getFirst().before()).isEqualTo(new Share(7000, 9000));
    }

    /** As beside the headline, which does not tell of them. */
    @Test
    void ofFewPeopleNothingStandsBesideWhatWasBefore() throws IOException {
        Baseline said = saying("{\"acceptance\": 0.2, \"fewer-complaints\": 0.1}");

        Comparison few = Comparison.of(said, month(1, 3, 1));
        assertThat(few.measures())
                .hasSize(2)
                .allSatisfy(beside -> {
                    assertThat(beside.before()).isNotNull();
                    assertThat(beside.now()).isNull();
                    assertThat(beside.change()).isNull();
                });
        assertThat(few.claims()).extracting(Comparison.Claim::verdict).containsOnly(Verdict.OPEN);
        assertThat(Comparison.of(said, month(2, 3, 1)).measures())
                .extracting(Comparison.Beside::now)
                .containsExactly(new Share(2, 5), new Share(1, 5));
    }

    @Test
    void whereNobodyKnowsWhoWasAskedAcceptanceIsThatOfAllCalls() throws IOException {
        Baseline before =
                Baseline.read(
                        file(
                                """
                                {"schema": "operation-baseline/1", "name": "PBX",
                                 "calls": 100, "accepted": 70, "complaints": 0}
                                """));

        assertThat(Comparison.of(before, month(5, 5, 0)).measures().getFirst().measure())
                .isEqualTo(Rate.CONSENT_OF_ANSWERED);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws IOException {
        Path wrong =
                file(
                        """
                        {"schema": "1", "name": " ", "calls": 10, "asked": 20, "accepted": -1,
                         "complaint": 3, "claims": {"acceptance": 89}}
                        """);

        assertThatThrownBy(() -> Baseline.read(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "baseline.json",
                        "\"complaint\" is not known",
                        "\"schema\" has to be \"operation-baseline/1\"",
                        "\"name\" says",
                        "\"asked\" is a whole number from 0 to 10",
                        "\"accepted\"",
                        "\"complaints\"",
                        "\"claims.acceptance\" is a share from 0 to 1");
        Path none = file("nonsense");
        assertThatThrownBy(() -> Baseline.read(none)).hasMessageContaining("no JSON");
    }
}
