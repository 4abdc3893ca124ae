package org.consentgateway.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the kernel tells of a datagram, and that nothing of the one before is left in it. */
final class StampedSocketTest {
    /** That the program may be kept from sending and from the clock. */
    private static final Duration LATE = Duration.ofMillis(100);

    private final Arrivals arrivals = new Arrivals(4, 64);

    @Test
    void aDatagramIsAsOldAsItIsHoweverLateItIsLookedAt() throws Exception {
        try (var from = new StampedSocket(0);
                var to = new StampedSocket(0)) {
            long before = StampedSocket.now();
            send(from, to, "a");
            long after = StampedSocket.now();
            Thread.sleep(LATE);
            to.receive(arrivals);

            assertEquals(1, arrivals.count());
            assertTrue(arrivals.nanos(0) >= before, "came before it was sent");
            assertTrue(arrivals.nanos(0) <= after, "came when it was looked at");
        }
    }

    @Test
    void whatIsThereComesAtOnceInItsOrderAndEachWithItsLengthAndPort() throws Exception {
        try (var one = new StampedSocket(0);
                var another = new StampedSocket(0);
                var to = new StampedSocket(0)) {
            for (int time = 0; time < 2; time++) {
                send(one, to, "a longer one");
                send(another, to, "short");
                to.receive(arrivals);

                assertEquals(2, arrivals.count());
                assertEquals("a longer one", text(0));
                assertEquals("short", text(1));
                assertEquals(one.port(), arrivals.port(0));
                assertEquals(another.port(), arrivals.port(1));
                assertTrue(arrivals.nanos(0) <= arrivals.nanos(1));
            }
        }
    }

    @Test
    void whereNothingComesNobodyWaitsForEver() throws Exception {
        try (var to = new StampedSocket(0)) {
            long start = System.nanoTime();
            to.receive(arrivals);

            assertEquals(0, arrivals.count());
            assertTrue(System.nanoTime() - start >= StampedSocket.PATIENCE.toNanos() / 2);
        }
    }

    private static void send(StampedSocket from, StampedSocket to, String text) throws IOException {
        byte[] octets = text.getBytes(US_ASCII);
        from.send(
                ByteBuffer.allocateDirect(octets.length).put(octets).flip(),
                from.address(to.port()));
    }

    private String text(int i) {
        return US_ASCII.decode(arrivals.datagram(i)).toString();
    }
}
