package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentPagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each of what the API answers a withdrawal with reaches whoever speaks with the person. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"recorded\": true} | ''",
                "{\"recorded\": true, \"all_ended\": false} | ?left=yes",
                "{\"recorded\": false} | ?late=yes",
                "{\"recorded\": false, \"all_ended\": false} | ?left=yes&late=yes"
            })
    void whatIsNotCertainOfAWithdrawalIsToldBehindIt(String said, String cautions)
            throws Exception {
        assertThat(ConsentPages.cautions(JSON.readTree(said))).isEqualTo(cautions);
    }
}
