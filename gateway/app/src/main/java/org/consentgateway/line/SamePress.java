package org.consentgateway.line;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Thread-safe. One press is one key, also where a trunk tells of it twice, in the media and by SIP
 * INFO. Of one key there were as many presses as the way told that told most. The media tells of it
 * when it begins, and INFO mostly when it is over: so it is not points in time that have to be near
 * each other but the presses, from the first to the last that is known of them.
 */
final class SamePress {
    /** By which a message may be later than the media, a retransmission included. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What INFO says of a longer press is taken for a mistake in the unit. */
    private static final int MOST_MILLIS = 10_000;

    private static final int REMEMBERED = 16;

    /** How a key is told. */
    enum Way {
        /** RFC 4733 events, or tones where there are none. */
        MEDIA,
        INFO
    }

    /** Confined to its owner's lock. */
    private static final class Press {
        private final char digit;
        private final long fromNanos;
        private final Set<Way> told;
        private long untilNanos;

        /** Whether the media has told of its beginning and not of its end. */
        private boolean down;

        Press(char digit, Way way, long fromNanos, long untilNanos) {
            this.digit = digit;
            this.told = EnumSet.of(way);
            this.fromNanos = fromNanos;
            this.untilNanos = untilNanos;
            this.down = way == Way.MEDIA;
        }

        boolean isNear(long from, long until) {
            return (down || from - untilNanos < WINDOW_NANOS) && fromNanos - until < WINDOW_NANOS;
        }
    }

    private final Deque<Press> recent = new ArrayDeque<>();

    /** Whether the media tells with this of a press of which nothing was told yet. */
    synchronized boolean isDown(char digit, long atNanos) {
        return isNew(digit, Way.MEDIA, atNanos, atNanos);
    }

    /** The media tells that the same press is over. */
    synchronized void isUp(char digit, long atNanos) {
        for (Iterator<Press> last = recent.descendingIterator(); last.hasNext(); ) {
            Press press = last.next();
            if (press.digit == digit && press.down) {
                press.down = false;
                press.untilNanos = Math.max(press.untilNanos, atNanos);
                return;
            }
        }
    }

    /** Whether INFO tells with this of a press of which nothing was told yet. */
    synchronized boolean isInformed(char digit, int millis, long atNanos) {
        return isNew(digit, Way.INFO, begun(millis, atNanos), atNanos);
    }

    /** When a press began of which INFO tells now that it took so long. */
    static long begun(int millis, long atNanos) {
        return atNanos - TimeUnit.MILLISECONDS.toNanos(Math.clamp(millis, 0, MOST_MILLIS));
    }

    private boolean isNew(char digit, Way way, long fromNanos, long untilNanos) {
        for (Press press : recent) {
            if (press.digit == digit
                    && press.isNear(fromNanos, untilNanos)
                    && press.told.add(way)) {
                press.down |= way == Way.MEDIA;
                press.untilNanos = Math.max(press.untilNanos, untilNanos);
                return false;
            }
        }
        recent.addLast(new Press(digit, way, fromNanos, untilNanos));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return true;
    }
}
