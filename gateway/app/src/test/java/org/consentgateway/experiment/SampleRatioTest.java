package org.consentgateway.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleRatioTest {

    @ParameterizedTest(name = "{0} and {1} of a share of {2}: {3}")
    @CsvSource({
        "5200, 4800, 0.5, true",
        "4800, 5200, 0.5, true",
        "10400, 9600, 0.5, true",
        "5050, 4950, 0.5, false",
        "9000, 1000, 0.1, false",
        "8800, 1200, 0.1, true",
        "52, 48, 0.5, false",
        "0, 0, 0.5, false",
        "400, 0, 0.5, true"
    })
    void isMissedWhereMoreThanChanceIsNeeded(
            double spoken, double tried, double share, boolean is) {
        assertThat(SampleRatio.of(spoken, tried, share).isMismatch()).isEqualTo(is);
    }

    @Test
    void isPearsonsForOneLook() {
        assertThat(SampleRatio.of(5200, 4800, 0.5).chiSquare()).isCloseTo(16, within(1e-9));
    }

    /** By the sum over what may come: the mean of the evidence is 1 where the shares are kept. */
    @Test
    void evidenceIsFairWhereTheSharesAreKept() {
        double mean = 0;
        double probability = Math.pow(0.7, 60);
        for (int tried = 0; tried <= 60; tried++) {
            mean += probability * Math.exp(SampleRatio.of(60 - tried, tried, 0.3).logEvidence());
            probability *= (60 - tried) / (tried + 1.0) * 0.3 / 0.7;
        }
        assertThat(mean).isCloseTo(1, within(1e-9));
    }

    @Test
    void oneLostCallInTenOfOneVariantIsSeen() {
        var random = new SplittableRandom(7);
        int seen = 0;
        for (int run = 0; run < 200; run++) {
            int spoken = 0;
            int tried = 0;
            for (int call = 0; call < 10_000; call++) {
                if (random.nextBoolean()) {
                    spoken++;
                } else if (random.nextInt(10) > 0) {
                    tried++;
                }
            }
            seen += SampleRatio.of(spoken, tried, 0.5).isMismatch() ? 1 : 0;
        }
        assertThat(seen).isGreaterThan(180);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "5, 3.1780538303479458", "0.5, 0.5723649429247001"})
    void gammaIsThatOfTheTables(double x, double logGamma) {
        assertThat(SampleRatio.logGamma(x)).isCloseTo(logGamma, within(1e-11));
    }
}
