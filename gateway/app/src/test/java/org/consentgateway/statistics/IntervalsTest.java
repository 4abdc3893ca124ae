package org.consentgateway.statistics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what was published, and by hand. */
class IntervalsTest {
    private static final Offset<Double> DIGITS = within(0.00006);

    /** Newcombe (1998), Statistics in Medicine 17:857, table I, method 3. */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0,   20, 0.0000, 0.1611",
        "1,   29, 0.0061, 0.1718"
    })
    void aShareHasTheIntervalOfWilson(long number, long of, double low, double high) {
        Interval interval = requireNonNull(new Share(number, of).interval());

        assertThat(interval.low()).isCloseTo(low, DIGITS);
        assertThat(interval.high()).isCloseTo(high, DIGITS);
        Interval others = requireNonNull(new Share(of - number, of).interval());
        assertThat(others.low()).isCloseTo(1 - high, DIGITS);
    }

    @Test
    void nobodyHasNoRate() {
        assertThat(new Share(0, 0).rate()).isNull();
        assertThat(new Share(0, 0).interval()).isNull();
        assertThat(Change.of(new Share(0, 0), new Share(1, 2))).isNull();
    }

    /** Newcombe (1998), Statistics in Medicine 17:873, table II, method 10. */
    @ParameterizedTest(name = "{0}/{1} less {2}/{3}")
    @CsvSource({
        "56, 70, 48, 80, 0.0524, 0.3339",
        " 9, 10,  3, 10, 0.1705, 0.8090",
        "10, 10,  0, 20, 0.6791, 1.0000",
        "10, 10,  0, 10, 0.6075, 1.0000"
    })
    void aDifferenceHasTheIntervalOfNewcombe(
            long now, long ofNow, long before, long ofBefore, double low, double high) {
        Change change =
                requireNonNull(Change.of(new Share(before, ofBefore), new Share(now, ofNow)));

        assertThat(change.points().low()).isCloseTo(low, DIGITS);
        assertThat(change.points().high()).isCloseTo(high, DIGITS);
    }

    /** 0.5 times e to the power of ±1.96 times the root of 0.08. */
    @Test
    void aRelativeChangeHasTheIntervalOfKatz() {
        Change change = requireNonNull(Change.of(new Share(30, 100), new Share(15, 100)));

        assertThat(change.relative()).isCloseTo(-0.5, DIGITS);
        Interval percent = requireNonNull(change.percent());
        assertThat(percent.low()).isCloseTo(-0.71278, DIGITS);
        assertThat(percent.high()).isCloseTo(-0.12957, DIGITS);

        Change none = requireNonNull(Change.of(new Share(30, 100), new Share(0, 100)));
        Interval all = requireNonNull(none.percent());
        assertThat(all.low()).isEqualTo(-1);
        assertThat(all.high()).isBetween(-1.0, -0.5);
        assertThat(requireNonNull(Change.of(new Share(0, 100), new Share(1, 100))).relative())
                .as("no percentage of nothing")
                .isNull();
    }

    @Test
    void aMedianHasTheIntervalOfTheOrder() {
        var values = new TreeMap<String, Long>();
        for (int second = 1; second <= 100; second++) {
            values.put("human/" + second, 1L);
        }
        values.put("assistant/600", 500L);
        Seconds seconds = Seconds.of(values, "human");

        assertThat(seconds.callers()).isEqualTo(100);
        assertThat(seconds.median()).isEqualTo(50);
        assertThat(seconds.quantile(0.9)).isEqualTo(90);
        assertThat(seconds.interval()).isEqualTo(new Interval(40, 61));
        assertThat(Seconds.of(Map.of(), "human").median()).isNull();
    }

    @Test
    void marksHaveAMeanWithinTheirScale() {
        Scores scores = Scores.of(Map.of("5", 3L, "4", 1L));

        assertThat(scores.callers()).isEqualTo(4);
        assertThat(scores.mean()).isEqualTo(4.75);
        assertThat(scores.interval().low()).isCloseTo(4.26, within(0.005));
        assertThat(scores.interval().high()).isEqualTo(5);
    }

    @Test
    void aGroupOfFewIsNotToldOfNorOneThatWouldTellIt() {
        assertThat(SmallGroups.among(Map.of("a", 100L, "b", 5L))).isEmpty();
        assertThat(SmallGroups.among(Map.of("a", 100L, "b", 4L, "c", 50L)))
                .containsExactlyInAnyOrder("b", "c");
        assertThat(SmallGroups.among(Map.of("a", 100L, "b", 4L, "c", 3L)))
                .containsExactlyInAnyOrder("b", "c");
        assertThat(SmallGroups.among(Map.of("a", 0L, "b", 9L))).isEmpty();
        assertThat(SmallGroups.among(Map.of("a", 1L))).containsExactly("a");
    }
}
