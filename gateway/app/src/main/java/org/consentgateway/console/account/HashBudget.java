package org.consentgateway.console.account;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.web.Attempts;

/**
 * Thread-safe. For whom a password is hashed where more want it than there is time for beside
 * calls. Each hash takes some 30 ms of a core whether there is such an account or not, so a limit
 * by name and address alone leaves as many as somebody has addresses.
 */
final class HashBudget {
    /** After which an address at which somebody has signed in is a stranger's again. */
    private static final Duration LATELY = Duration.ofDays(7);

    private static final int MOST_KNOWN = 1_000;

    /** Each address has these before it is one of those that try again and again. */
    private static final int FIRST_TRIES = 3;

    private static final Duration PAUSE_OF_FIRST_TRIES = Duration.ofMinutes(1);

    /** Of all strangers together: a seventh of a core. */
    private static final int FIRST_AT_ONCE = 30;

    private static final Duration PAUSE_OF_FIRST = Duration.ofMillis(250);

    private static final int OTHERS_AT_ONCE = 10;

    private static final Duration PAUSE_OF_OTHERS = Duration.ofSeconds(1);

    private static final String ALL = "";

    private final Attempts firstFromAddress = new Attempts(FIRST_TRIES, PAUSE_OF_FIRST_TRIES);
    private final Attempts first = new Attempts(FIRST_AT_ONCE, PAUSE_OF_FIRST);
    private final Attempts others = new Attempts(OTHERS_AT_ONCE, PAUSE_OF_OTHERS);

    /** When somebody signed in last, by address. */
    private final Map<String, Instant> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    /** Whoever has signed in waits for no stranger the next time. */
    synchronized void know(String address, Instant now) {
        known.put(address, now);
    }

    synchronized boolean isKnown(String address, Instant now) {
        Instant at = known.get(address);
        return at != null && now.isBefore(at.plus(LATELY));
    }

    /** Takes a hash for a stranger; false where there is none. */
    boolean take(String address, Instant now) {
        return (firstFromAddress.take(address, now) && first.take(ALL, now))
                || others.take(ALL, now);
    }
}
