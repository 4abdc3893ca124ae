package org.consentgateway.line;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Thread-safe. One press is one key, also where a trunk tells of it twice, in the media and by SIP
 * INFO. Of one key there were as many presses as the way told that told most.
 */
final class SamePress {
    /** By which a message may be later than the media, a retransmission included. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int REMEMBERED = 16;

    /** How a key is told. */
    enum Way {
        /** RFC 4733 events, or tones where there are none. */
        MEDIA,
        INFO
    }

    private record Press(char digit, long atNanos, Set<Way> told) {}

    private final Deque<Press> recent = new ArrayDeque<>();

    /** Whether this is a press of which nothing was told yet. */
    synchronized boolean isNew(char digit, Way way, long atNanos) {
        for (Press press : recent) {
            if (press.digit() == digit
                    && Math.abs(atNanos - press.atNanos()) < WINDOW_NANOS
                    && press.told().add(way)) {
                return false;
            }
        }
        recent.addLast(new Press(digit, atNanos, EnumSet.of(way)));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return true;
    }
}
