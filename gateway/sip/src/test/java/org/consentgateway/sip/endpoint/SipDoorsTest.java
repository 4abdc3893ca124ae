package org.consentgateway.sip.endpoint;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.fuzz.KnownDoor;
import org.consentgateway.testkit.fuzz.ShortRun;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Messages and descriptions a little or very wrong: nothing breaks, nothing hangs, no number is
 * logged, and calls are taken all the while.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SipDoorsTest {
    @ParameterizedTest
    @CsvSource({
        "SDP, 5000",
        "SIP_MESSAGE, 5000",
        "SIP_UDP, 1500",
        "SIP_TCP, 300",
        "SIP_TLS, 60",
        "SIP_ANSWER, 300"
    })
    void takesWhateverComes(KnownDoor door, int rounds) throws Exception {
        ShortRun.of(door, rounds);
    }
}
