package org.consentgateway.media.fuzz;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.fuzz.KnownDoor;
import org.consentgateway.testkit.fuzz.ShortRun;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No datagram and no file throws, hangs or, without the key, gets through. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MediaDoorsTest {
    private static final int ROUNDS = 5_000;

    @ParameterizedTest
    @EnumSource(names = {"RTP", "RTCP", "SRTP", "T140", "WAV"})
    void takesWhateverComes(KnownDoor door) throws Exception {
        ShortRun.of(door, ROUNDS);
    }
}
