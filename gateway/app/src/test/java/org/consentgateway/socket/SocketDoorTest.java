package org.consentgateway.socket;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.fuzz.KnownDoor;
import org.consentgateway.testkit.fuzz.ShortRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SocketDoorTest {
    @Test
    void noMessageOfAnAssistantBreaksItsCall() throws Exception {
        ShortRun.of(KnownDoor.WEBSOCKET, 3000);
    }
}
