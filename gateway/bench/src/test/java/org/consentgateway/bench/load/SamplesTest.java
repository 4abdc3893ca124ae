package org.consentgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SamplesTest {
    @ParameterizedTest
    @CsvSource({"0.5, 50", "0.95, 95", "0.99, 99", "0.999, 100", "1, 100", "0, 1"})
    void ofAHundredTheLargestIsNotTheNinetyNinthPart(double part, double value) {
        var samples = new Samples();
        for (int i = 100; i > 0; i--) {
            samples.add(i);
        }

        assertThat(samples.quantile(part)).isEqualTo(value);
    }

    @Test
    void theMiddleOfThreeIsTheSecond() {
        var samples = new Samples();
        samples.add(3);
        samples.add(1);
        samples.add(2);

        assertThat(samples.quantile(0.5)).isEqualTo(2);
        assertThat(new Samples().quantile(0.5)).isNaN();
    }
}
