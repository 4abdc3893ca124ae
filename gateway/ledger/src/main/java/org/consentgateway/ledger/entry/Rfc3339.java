package org.consentgateway.ledger.entry;

import java.time.DateTimeException;
import java.time.Instant;

/** Times as records write them. */
public final class Rfc3339 {
    private Rfc3339() {}

    /** What has no time is of all times: {@link Instant#MAX}, which is before nothing. */
    public static Instant of(String text) {
        if (!text.endsWith("Z")) {
            return Instant.MAX;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }
}
