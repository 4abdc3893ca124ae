package org.consentgateway.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What the statistics say of experiments whose truth is known, looked at after every 50 callers.
 * Seeded, so each run is the same.
 */
class SimulationTest {
    private static final int CALLERS = 5000;
    private static final int LOOK = 50;
    private static final int FIRST = 200;
    private static final int RUNS = 2000;
    private static final double TWO_SIDED = 1.959963984540054;

    /** How many of all runs said what at some look; the last: at the last look. */
    private record Ever(double shown, double peeked, double once, double mismatch) {}

    @Test
    void twoSameTextsAreEverToldApartInFewerThanOneRunInTwenty() {
        Ever ever = run(0.7, 0.7, CALLERS, RUNS);

        assertThat(ever.shown()).isBetween(0.002, 0.05);
        assertThat(ever.mismatch()).isLessThan(0.05);
        // What a test for one look does when it is looked at a hundred times.
        assertThat(ever.peeked()).isGreaterThan(0.2);
        assertThat(ever.once()).isBetween(0.035, 0.065);
    }

    @Test
    void norWhereNearlyEverybodyAgrees() {
        assertThat(run(0.95, 0.95, CALLERS, RUNS).shown()).isBetween(0.002, 0.05);
    }

    @Test
    void aRiseByFivePointsIsFoundAsOftenAsComputed() {
        assertThat(run(0.7, 0.75, 2502, 1000).shown()).isBetween(0.45, 0.57);
        assertThat(run(0.7, 0.75, CALLERS, 1000).shown()).isBetween(0.83, 0.91);
    }

    private static Ever run(double spoken, double tried, int callers, int runs) {
        var random = new SplittableRandom(20261128);
        var one = new Coins(LOOK / 2, spoken);
        var other = new Coins(LOOK / 2, tried);
        var shares = new Coins(LOOK, 0.5);
        int shown = 0;
        int peeked = 0;
        int once = 0;
        int mismatch = 0;
        for (int i = 0; i < runs; i++) {
            Run run = new Run(callers);
            run.go(one, other, random);
            shown += run.shown ? 1 : 0;
            peeked += run.peeked ? 1 : 0;
            once += run.last ? 1 : 0;
            mismatch += mismatches(shares, callers, random) ? 1 : 0;
        }
        double of = runs;
        return new Ever(shown / of, peeked / of, once / of, mismatch / of);
    }

    private static boolean mismatches(Coins shares, int callers, RandomGenerator random) {
        int tried = 0;
        for (int n = LOOK; n <= callers; n += LOOK) {
            tried += shares.draw(random);
            if (n >= FIRST && SampleRatio.of(n - tried, tried, 0.5).isMismatch()) {
                return true;
            }
        }
        return false;
    }

    /** Confined to one run. */
    private static final class Run {
        private final int callers;
        private boolean shown;
        private boolean peeked;
        private boolean last;

        Run(int callers) {
            this.callers = callers;
        }

        void go(Coins one, Coins other, RandomGenerator random) {
            int a = 0;
            int b = 0;
            for (int n = LOOK / 2; 2 * n <= callers; n += LOOK / 2) {
                a += one.draw(random);
                b += other.draw(random);
                if (2 * n >= FIRST) {
                    look(a, b, n);
                }
            }
        }

        private void look(int a, int b, int n) {
            Sample spoken = Sample.ofShare(a, n);
            Sample tried = Sample.ofShare(b, n);
            Estimate difference = Estimate.between(spoken, tried, 0.05, callers);
            shown |= difference.isAbove(0) || difference.isBelow(0);
            double error = Math.sqrt((spoken.variance() + tried.variance()) / n);
            last = Math.abs(difference.value()) > TWO_SIDED * error;
            peeked |= last;
        }
    }
}
