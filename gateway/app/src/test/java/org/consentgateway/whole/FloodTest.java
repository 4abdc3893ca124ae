package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.attack.Attack;
import org.consentgateway.testkit.timing.Stalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a running call suffers while its trunk's address sends what belongs to no call. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class FloodTest {
    private static final int PACKET_MILLIS = 20;
    private static final int FLOOD_SECONDS = 4;

    /** As much as a jitter buffer bears; and a machine that stands still lets nobody be in time. */
    private static final int BUDGET_MILLIS = 60;

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    /** Thread-safe. When which packet came. */
    private static final class Log implements RtpVoice.Listener {
        private final List<Integer> sequences = new ArrayList<>();
        private long last;
        private long longest;

        @Override
        public synchronized void packet(int sequence) {
            long now = Stalls.now();
            longest = sequences.isEmpty() ? 0 : Math.max(longest, now - last);
            last = now;
            sequences.add(sequence);
        }

        synchronized int packets() {
            return sequences.size();
        }

        synchronized long lost() {
            int span = sequences.getLast() - sequences.getFirst() & 0xFFFF;
            return span + 1 - sequences.stream().distinct().count();
        }

        synchronized long longestMillis() {
            return TimeUnit.NANOSECONDS.toMillis(longest);
        }
    }

    private static @Nullable Void flood() throws Exception {
        attack("flood", "--rate", "2000", "--octets", "3400", "--seconds", "" + FLOOD_SECONDS);
        return null;
    }

    private static void attack(String name, String... options) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(List.of("--gateway", "127.0.0.1:" + gateway.sip().getPort()));
        all.addAll(List.of("--line", TestGateway.ONE_LEVEL));
        all.addAll(List.of(options));
        Attack.main(all.toArray(String[]::new));
    }

    /** Not beside the other, which measures times. */
    @Test
    void callsFullOfHeaderValuesAreToldSoAndOthersAreAnswered() throws Exception {
        attack("heavy", "--seconds", "1");
        assertThat(gateway.http("/metrics"))
                .containsPattern("reason=\"too_many_headers\"[^}]*} [1-9]");
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000102").calls()) {
            assertThat(caller.hangsUpUntilAnswered().status()).isEqualTo(200);
        }
    }

    @Test
    void theSoundAndTheEndOfARunningCallAreUnharmed() throws Exception {
        var log = new Log();
        long begun = Stalls.now();
        try (ExecutorService flooding = Executors.newVirtualThreadPerTaskExecutor();
                Caller caller =
                        Caller.of(gateway.sip(), TestGateway.ONE_LEVEL, "+491741000101", log)
                                .calls()) {
            caller.talks();
            TestWait.until(() -> log.packets() > 25);
            int before = log.packets();
            Future<?> flood = flooding.submit(FloodTest::flood);
            int most = before + 1000 * (FLOOD_SECONDS - 1) / PACKET_MILLIS;
            TestWait.until(() -> log.packets() > most || flood.isDone());
            assertThat(caller.hangsUpUntilAnswered().status()).isEqualTo(200);
            Object _ = flood.get();
            long stalled = Stalls.sinceNanos(begun).toMillis();
            assertThat(log.lost()).isZero();
            assertThat(log.longestMillis())
                    .as("the machine stood still for %d ms", stalled)
                    .isLessThan(PACKET_MILLIS + BUDGET_MILLIS + stalled);
            assertThat((long) log.packets()).isGreaterThan(most - stalled / PACKET_MILLIS);
        }
        assertThat(gateway.http("/metrics")).containsPattern("reason=\"request_rate\"[^}]*} [1-9]");
    }
}
