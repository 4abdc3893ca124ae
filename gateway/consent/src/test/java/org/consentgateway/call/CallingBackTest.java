package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.consentgateway.consent.PhoneNumber;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a stranger can have called. */
class CallingBackTest {
    private static final Line.CallingBack GERMANY = new Line.CallingBack(List.of("+49"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+499001234567", // 3 euros a minute
                "+491371234567",
                "+491381234567",
                "+491801234567",
                "+4911833",
                "+49190123456",
                "+4912123456",
                "+4930112",
                "+4930110",
                "+4933971112",
                "+439001234567",
                "0301234567"
            })
    void whatIsDearOrForHelpIsNotCalled(String number) {
        assertThat(GERMANY.reaches(new PhoneNumber(number))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+491701234567",
                "+4915112345112",
                "+4930123456",
                "+498912345110",
                "+4930901820",
                "+496131112233"
            })
    void aPersonIs(String number) {
        assertThat(GERMANY.reaches(new PhoneNumber(number))).isTrue();
    }
}
