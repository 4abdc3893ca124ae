package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private static int taken(TokenBucket bucket, int tries, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            if (bucket.take(now)) {
                taken++;
            }
        }
        return taken;
    }

    @Test
    void aSecondsWorthMayComeAtOnceAndThenAsMuchAsTimePasses() {
        long start = -5 * SECOND; // a clock may be negative
        TokenBucket bucket = new TokenBucket(10, start);

        assertThat(taken(bucket, 100, start)).isEqualTo(10);
        assertThat(taken(bucket, 100, start + SECOND / 2)).isEqualTo(5);
        assertThat(taken(bucket, 100, start + 10 * SECOND)).isEqualTo(10);
    }

    @Test
    void severalAreTakenTogetherOrNone() {
        TokenBucket bucket = new TokenBucket(10, 0);
        assertThat(bucket.take(7, 0)).isTrue();
        assertThat(bucket.take(4, 0)).isFalse();
        assertThat(bucket.take(3, 0)).isTrue();
        assertThat(bucket.take(1, 0)).isFalse();
        assertThat(bucket.take(10, SECOND)).isTrue();

        var buckets = new TokenBuckets<String>(10, 0);
        assertThat(buckets.take("a", 11, false, 0)).as("more than there can be").isTrue();
        assertThat(buckets.take("a", 1, false, 0)).isFalse();
    }

    @Test
    void overAMinuteTheRateHolds() {
        TokenBucket bucket = new TokenBucket(50, 0);
        int taken = 0;
        for (long now = 0; now < 60 * SECOND; now += SECOND / 1000) {
            taken += taken(bucket, 1, now);
        }
        assertThat(taken).isBetween(60 * 50, 61 * 50);
    }

    @Test
    void sourcesDoNotShareUntilThereAreTooMany() {
        TokenBuckets<Integer> buckets = new TokenBuckets<>(1, 0);
        for (int source = 0; source < TokenBuckets.MAX; source++) {
            assertThat(buckets.take(source, false, 0)).isTrue();
            assertThat(buckets.take(source, false, 0)).isFalse();
        }
        assertThat(buckets.take(-1, false, 0)).isTrue();
        assertThat(buckets.take(-2, false, 0)).as("shares with -1").isFalse();
        assertThat(buckets.take(-2, false, SECOND))
                .as("the others are full again: forgotten")
                .isTrue();
    }

    @Test
    void datagramsLeaveConnectionsTheirRateAndHaveWhatThoseLeave() {
        SplitBucket bucket = new SplitBucket(10, 0);
        int datagrams = 0;
        int connections = 0;
        for (long now = 0; now < 60 * SECOND; now += SECOND / 100) {
            datagrams += bucket.take(false, now) ? 1 : 0;
            // Six a second, behind a flood.
            boolean due = now % (SECOND / 50) == 0 && now / (SECOND / 50) % 8 == 0;
            connections += due && bucket.take(true, now) ? 1 : 0;
        }
        assertThat(connections).as("all that came").isEqualTo(60 * 50 / 8);
        assertThat(datagrams + connections).isBetween(60 * 10 - 10, 62 * 10);
    }
}
