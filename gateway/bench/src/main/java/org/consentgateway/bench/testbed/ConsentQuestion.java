package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.time.Duration;
import org.consentgateway.bench.load.Phones;

/** The question that callers answer by key: nobody knows here when it begins. */
public final class ConsentQuestion {
    private ConsentQuestion() {}

    /** How long after the answer the question takes a key. */
    public static Duration opening(GatewayProcess gateway, Phones phones) throws Exception {
        long start = System.nanoTime();
        var batch = phones.call(new Phones.Plan(1, 1, null, Duration.ofMillis(500), true));
        while (batch.bridged.sum() == 0) {
            phones.press(batch, '1', 100);
            TestBed.pause(0.3);
            if (System.nanoTime() - start > 2 * TestBed.PATIENCE.toNanos()) {
                throw new IOException("a call was not bridged:\n" + gateway.log());
            }
        }
        Duration found = Duration.ofNanos(System.nanoTime() - start).plusMillis(700);
        batch.await(TestBed.PATIENCE);
        return found;
    }

    /** All press 1 until all are bridged, as many a second as came. */
    public static void answer(Phones phones, Phones.Batch batch) {
        long end = System.nanoTime() + TestBed.PATIENCE.toNanos();
        while (batch.bridged.sum() + batch.lost.sum() + batch.refused.sum() < batch.answered.sum()
                && System.nanoTime() < end) {
            phones.press(batch, '1', TestBed.SETUPS);
            TestBed.pause(0.5);
        }
    }
}
