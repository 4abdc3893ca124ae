package org.consentgateway.testkit.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectIteration;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class MeasurementsTest {
    private static final Duration LONG = Duration.ofMillis(40);

    private static final Stalls STALLS = new Stalls();
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static volatile int failing;
    private static volatile Duration stalled = Duration.ZERO;

    /** Run by the tests below, on a machine that stalls as they say. */
    static class Measured {
        @RegisterExtension
        static final Measurements MEASUREMENTS = new Measurements(STALLS, System::nanoTime);

        @TestTemplate
        void fails() {
            STALLS.saw(System.nanoTime(), stalled.toNanos());
            assertThat(RUNS.incrementAndGet()).isGreaterThan(failing);
        }
    }

    static class Annotated {
        @RealTimeTest
        void succeeds() {
            RUNS.incrementAndGet();
        }
    }

    /** What is told of a test that fails so often. */
    private static List<String> failures(Class<?> test, int often, Duration stall) {
        return failures(selectClass(test), often, stall);
    }

    private static List<String> failures(DiscoverySelector selected, int often, Duration stall) {
        RUNS.set(0);
        failing = often;
        stalled = stall;
        SummaryGeneratingListener told = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request().selectors(selected).build(),
                        told);
        return told.getSummary().getFailures().stream()
                .map(failure -> failure.getException().getClass().getSimpleName())
                .toList();
    }

    @Test
    void whatSucceedsIsMeasuredOnce() {
        assertThat(failures(Measured.class, 0, LONG)).isEmpty();
        assertThat(RUNS).hasValue(1);
        assertThat(failures(Annotated.class, 0, LONG)).isEmpty();
        assertThat(RUNS).hasValue(1);
    }

    @Test
    void whatFailsOnAMachineThatStallsIsMeasuredAgain() {
        assertThat(failures(Measured.class, 2, LONG)).isEmpty();
        assertThat(RUNS).hasValue(3);
    }

    @Test
    void whatFailsOnAQuietMachineHasFailed() {
        Duration unrest = Measurements.STALL.minusMillis(1);
        assertThat(failures(Measured.class, 1, unrest)).hasSize(1);
        assertThat(RUNS).hasValue(1);
    }

    @Test
    void whatNeverSucceedsHasFailedHoweverTheMachineStalls() {
        assertThat(failures(Measured.class, 1000, LONG)).hasSize(1);
        assertThat(RUNS).hasValue(Measurements.MOST);
    }

    /** As Surefire selects what has failed, to run it once more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, Measurements.MOST})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsSelectedAloneIsMeasuredOnceAndSucceedsOrFails(int number) {
        DiscoverySelector selected =
                selectIteration(selectMethod(Measured.class, "fails"), number - 1);
        assertThat(failures(selected, 0, LONG)).isEmpty();
        assertThat(RUNS).hasValue(1);
        assertThat(failures(selected, 1, LONG)).hasSize(1);
        assertThat(RUNS).hasValue(1);
    }

    /** How often it was measured, where that throws so many times and then has a result. */
    private static int measured(int throwing, Duration stall) throws Exception {
        Stalls stalls = new Stalls();
        RUNS.set(0);
        stalls.measuredWhileStalled(
                LONG,
                () -> {
                    stalls.saw(System.nanoTime(), stall.toNanos());
                    assertThat(RUNS.incrementAndGet()).isGreaterThan(throwing);
                    return RUNS.get();
                },
                result -> true);
        return RUNS.get();
    }

    @Test
    void whatHasNoResultOnAMachineThatStallsIsMeasuredAgain() throws Exception {
        assertThat(measured(2, LONG)).isEqualTo(3);
    }

    @Test
    void whatHasNoResultOnAQuietMachineOrEachTimeHasNone() {
        assertThatThrownBy(() -> measured(1, LONG.minusMillis(1)))
                .isInstanceOf(AssertionError.class);
        assertThat(RUNS).hasValue(1);
        assertThatThrownBy(() -> measured(1000, LONG)).isInstanceOf(AssertionError.class);
        assertThat(RUNS).hasValue(Stalls.MOST);
    }

    @Test
    void theLongestStallSinceAMomentCounts() {
        Stalls stalls = new Stalls();
        stalls.saw(100, Duration.ofMillis(50).toNanos());
        stalls.saw(200, Duration.ofMillis(20).toNanos());
        stalls.saw(300, Duration.ofMillis(1).toNanos());
        assertThat(stalls.longestSince(0)).isEqualTo(Duration.ofMillis(50));
        assertThat(stalls.longestSince(150)).isEqualTo(Duration.ofMillis(20));
        assertThat(stalls.longestSince(250)).isZero();
    }
}
