package org.consentgateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerPortsTest {
    @ParameterizedTest
    @CsvSource({
        "20000, 23999, 24000",
        "30000, 39999, 24000",
        "20000, 29999, 30000",
        "24400, 26399, 26400",
        "26000, 26998, 27000",
        "20000, 65000, 16000"
    })
    void aDemoCallerTakesNoPortOfTheGateway(int first, int last, int callers) {
        CallerPorts ports = CallerPorts.beside(first, last);
        assertThat(ports.first()).isEqualTo(callers).isEven();
        assertThat(ports.last() < first || ports.first() > last).isTrue();
    }
}
