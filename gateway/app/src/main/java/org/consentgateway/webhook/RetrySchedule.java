package org.consentgateway.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Immutable. When what has failed is tried again: soon, then less often, and for good every ten
 * minutes, for however long the outage takes. There is no last attempt.
 */
final class RetrySchedule {
    private static final List<Duration> PAUSES =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10));

    /** A receiver may ask for more, but not to be forgotten. */
    private static final long MOST_ASKED_SECONDS = 86_400;

    private static final double JITTER = 0.2;

    private RetrySchedule() {}

    /**
     * @param failures in a row, 1 after the first
     * @param askedSeconds that the receiver asks for; 0: none
     */
    static Duration after(int failures, long askedSeconds, RandomGenerator random) {
        Duration pause = PAUSES.get(Math.clamp(failures - 1, 0, PAUSES.size() - 1));
        Duration asked = Duration.ofSeconds(Math.min(askedSeconds, MOST_ASKED_SECONDS));
        long millis = (long) (pause.toMillis() * (1 + JITTER * random.nextDouble()));
        return Duration.ofMillis(Math.max(millis, asked.toMillis()));
    }
}
