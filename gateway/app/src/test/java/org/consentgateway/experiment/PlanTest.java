package org.consentgateway.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    private static final LocalDate START = LocalDate.of(2026, 12, 1);

    /** The usual formula for two shares, as in any table of sample sizes. */
    @ParameterizedTest(name = "from {0} to {1} takes {2}")
    @CsvSource({
        "0.50, 0.52, 9806",
        "0.50, 0.55, 1565",
        "0.70, 0.75, 1251",
        "0.80, 0.83, 2629",
        "0.90, 0.95, 435"
    })
    void callersOfEachVariant(double before, double after, double callers) {
        assertThat(Math.ceil(Plan.perVariant(before, after))).isEqualTo(callers);
    }

    @Test
    void whatCanBeDetectedIsTheOtherWayRound() {
        Double rise = Plan.detectable(0.7, 5004);

        assertThat(rise).isNotNull();
        assertThat(rise).isCloseTo(0.05, within(1e-3));
        assertThat(Plan.detectable(1, 5004)).isNull();
        assertThat(Plan.detectable(0.99, 200)).isNull();
    }

    @ParameterizedTest(name = "{0} asked by day {1}: {2} more")
    @CsvSource(
            nullValues = "-",
            value = {"1000, 10, 40", "999, 10, 41", "5000, 50, 0", "10, 0, -", "0, 5, -"})
    void daysLeftAreCountedAtThePaceSoFar(double asked, int day, Long left) {
        var terms = new Experiment.Terms(START, START.plusDays(90), 5000, 100, 1);

        assertThat(Plan.daysLeft(terms, asked, START.plusDays(day))).isEqualTo(left);
    }
}
