package org.consentgateway.ledger;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.fuzz.KnownDoor;
import org.consentgateway.testkit.fuzz.ShortRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReceiptDoorTest {
    @Test
    void noReceiptThatSomebodyChangedHoldsOrBreaksTheCheck() throws Exception {
        ShortRun.of(KnownDoor.RECEIPT, 300);
    }
}
