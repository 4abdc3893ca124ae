package org.consentgateway.ledger.tally;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * Immutable. So many times something has happened on a day.
 *
 * @param day in UTC
 * @param name of what has happened, 40 characters at most
 * @param labels what it is told apart by, 500 characters at most; nothing personal
 */
public record DayCount(LocalDate day, String name, String labels, long amount) {
    /** Two nodes that add at the same time must not wait for each other. */
    static final Comparator<DayCount> ORDER =
            Comparator.comparing(DayCount::day)
                    .thenComparing(DayCount::name)
                    .thenComparing(DayCount::labels);
}
