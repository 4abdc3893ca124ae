package org.consentgateway.ledger.entry;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** Times of day as callers and courts read them. */
public final class LocalTimes {
    public static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private LocalTimes() {}

    /**
     * Which of the two it is, in the hour of autumn that clocks show twice, such as "+01:00"; empty
     * at any other time, which needs no such word.
     */
    public static String whichOfTwo(Instant time) {
        ZonedDateTime local = time.atZone(ZONE);
        List<ZoneOffset> possible = ZONE.getRules().getValidOffsets(local.toLocalDateTime());
        return possible.size() > 1 ? local.getOffset().getId() : "";
    }
}
