package org.consentgateway.webhook;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** When an answer asks to be asked again (RFC 9110 §10.2.3). */
final class RetryAfter {
    private static final int MOST_DIGITS = 7;

    /** Longer than any of the three forms (RFC 9110 §5.6.7). */
    private static final int LONGEST_DATE = 64;

    private RetryAfter() {}

    /**
     * @param now where the answer does not say when it was made
     * @return 0 where it does not ask, or for a time that is past
     */
    static long seconds(HttpHeaders answer, Instant now) {
        String asked = answer.get(HttpHeaderNames.RETRY_AFTER, "").strip();
        if (asked.matches("[0-9]{1," + MOST_DIGITS + "}")) {
            return Long.parseLong(asked);
        }
        Instant until = date(asked);
        if (until == null) {
            return 0;
        }
        // By the clock of whoever asks: ours may be another.
        @Nullable Instant made = date(answer.get(HttpHeaderNames.DATE, ""));
        return Math.max(0, Duration.between(made == null ? now : made, until).toSeconds());
    }

    private static @Nullable Instant date(String text) {
        Date date = text.length() > LONGEST_DATE ? null : DateFormatter.parseHttpDate(text);
        return date == null ? null : date.toInstant();
    }
}
