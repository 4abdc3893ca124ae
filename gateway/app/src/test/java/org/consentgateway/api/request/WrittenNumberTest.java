package org.consentgateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.consentgateway.ledger.keys.Pseudonyms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same caller, however somebody writes the number; in doubt nobody's. */
class WrittenNumberTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    +4930123456,          +4930123456
                    +49 30 / 123-456,     +4930123456
                    +49.30.123456,        +4930123456
                    0049 30 123456,       +4930123456
                    (0049) 30 123456,     +4930123456
                    +49 (30) 123456,      +4930123456
                    +49 (0)30 123456,     +4930123456
                    +49 (0) 30 / 123-456, +4930123456
                    +49(0)30123456,       +4930123456
                    0049 (0)30 123456,    +4930123456
                    (+49) (0)30 123456,   +4930123456
                    +44 (0)20 7946 0000,  +442079460000
                    +1 (212) 555-0100,    +12125550100
                    +39 06 123456,        +3906123456
                    +39 (0)6 123456,      +3906123456
                    +39 (06) 123456,      +3906123456
                    +378 (0549) 123456,   +3780549123456
                    """)
    void isReadAsTheOneThatCalls(String written, String number) {
        assertThat(WrittenNumber.e164(written)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+49 (030) 123456",
                "+49 30 (0) 123456",
                "+49 (0)(0)30 123456",
                "(0)30 123456",
                "030 123456",
                "000 49 30 123456",
                "++49 30 123456",
                "+49 30 123456 (Anna)",
                ""
            })
    void isNobodysWhereItCannotBeRead(String written) {
        assertThat(WrittenNumber.e164(written)).doesNotMatch(Pseudonyms.E164);
    }
}
