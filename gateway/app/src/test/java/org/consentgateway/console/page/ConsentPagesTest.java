package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.consentgateway.console.ApiRefused;
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
                "{\"recorded\": true, \"all_ended\": false} | left",
                "{\"recorded\": false} | late",
                "{\"recorded\": false, \"all_ended\": false} | 'left,late'"
            })
    void whatIsNotCertainOfAWithdrawalIsToldBehindIt(String said, String cautions)
            throws Exception {
        assertThat(String.join(",", ConsentPages.cautions(JSON.readTree(said))))
                .isEqualTo(cautions);
    }

    /** To withdraw again what has ended otherwise would be answered the same for ever. */
    @ParameterizedTest
    @CsvSource({
        "503, unavailable, true",
        "409, under-way, true",
        "409, conflict, false",
        "404, not-found, false"
    })
    void onlyWhatMayBeRecordedOrNotIsSentAgain(int status, String kind, boolean again) {
        var refused = new ApiRefused(status, "urn:consentgateway:problem:" + kind, "");

        assertThat(refused.isUncertain()).isEqualTo(again);
    }
}
