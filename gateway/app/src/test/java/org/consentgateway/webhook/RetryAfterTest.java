package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which words a receiver may ask for a pause. */
class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    private static HttpHeaders asks(String after) {
        return new DefaultHttpHeaders().set("Retry-After", after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    120                            | 120
                    Sun, 06 Nov 1994 08:51:37 GMT  | 120
                    Sunday, 06-Nov-94 08:51:37 GMT | 120
                    Sun Nov  6 08:51:37 1994       | 120
                    Sun, 06 Nov 1994 08:49:00 GMT  | 0
                    -120                           | 0
                    99999999                       | 0
                    soon                           | 0
                    """)
    void secondsAndDatesAreUnderstood(String after, long seconds) {
        assertThat(RetryAfter.seconds(asks(after), NOW)).isEqualTo(seconds);
    }

    @Test
    void whatIsMissingOrTooLongAsksForNothing() {
        assertThat(RetryAfter.seconds(new DefaultHttpHeaders(), NOW)).isZero();
        assertThat(RetryAfter.seconds(asks("1".repeat(9_000)), NOW)).isZero();
    }

    /** Ours may be wrong, and it is theirs that has to be over. */
    @Test
    void aDateIsReckonedByTheClockOfWhoeverAsks() {
        HttpHeaders answer = asks("Sun, 06 Nov 1994 08:51:37 GMT");
        answer.set("Date", "Sun, 06 Nov 1994 08:51:07 GMT");
        assertThat(RetryAfter.seconds(answer, NOW)).isEqualTo(30);
        answer.set("Date", "x".repeat(65));
        assertThat(RetryAfter.seconds(answer, NOW)).isEqualTo(120);
    }
}
