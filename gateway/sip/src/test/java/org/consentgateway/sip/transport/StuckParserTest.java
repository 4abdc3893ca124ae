package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.sip.counters.LiveCounters;
import org.junit.jupiter.api.Test;

/** A message that the parser does not come back from is noticed. */
final class StuckParserTest {
    private static final byte[] MALFORMED =
            "OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong nanos = new AtomicLong();
    private final CountedParser parser =
            new CountedParser(new LiveCounters(() -> 0), false, nanos::get, _ -> {});

    @Test
    void howLongItIsAtAMessageIsSeen() throws Exception {
        var reached = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        assertThat(parser.busy()).isZero();
        Thread reader = Thread.startVirtualThread(() -> parse(reached, goesOn));
        reached.await();
        nanos.addAndGet(Duration.ofSeconds(21).toNanos());
        assertThat(parser.busy()).isEqualTo(Duration.ofSeconds(21));
        goesOn.countDown();
        reader.join();
        assertThat(parser.busy()).isZero();
    }

    /** Stands still where a malformed header is told. */
    private void parse(CountDownLatch reached, CountDownLatch goesOn) {
        try {
            parser.parseSIPMessage(
                    MALFORMED,
                    true,
                    false,
                    (_, _, _, _, _) -> {
                        reached.countDown();
                        awaits(goesOn);
                    });
        } catch (ParseException refused) {
            // as it may
        }
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
