package org.consentgateway.api;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.fuzz.KnownDoor;
import org.consentgateway.testkit.fuzz.ShortRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HttpDoorTest {
    @Test
    void whoHasNoKeyGetsAnAnswerAndNothingElseWhateverItSays() throws Exception {
        ShortRun.of(KnownDoor.HTTP, 300);
    }
}
