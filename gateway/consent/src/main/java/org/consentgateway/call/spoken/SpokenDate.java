package org.consentgateway.call.spoken;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;

/** A date put together from the parts of a notice. */
public final class SpokenDate {
    private SpokenDate() {}

    /**
     * The last day on which something holds.
     *
     * @param until first instant at which it does not
     * @return nothing where the notice has no words for it, such as a year far away
     */
    public static List<String> lastDay(Instant until, ZoneId zone, Notice notice) {
        LocalDate day = until.minusNanos(1).atZone(zone).toLocalDate();
        List<String> parts =
                List.of(
                        Parts.of(Parts.DAY, day.getDayOfMonth()),
                        Parts.of(Parts.MONTH, day.getMonthValue()),
                        Parts.of(Parts.YEAR, day.getYear()));
        return notice.texts().keySet().containsAll(parts) ? parts : List.of();
    }
}
