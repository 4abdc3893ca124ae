package org.consentgateway.ledger.tree;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. From when until when a key signs its log: by the size of the tree, which nobody can
 * set, and by time. As text: members {@code NAME=VALUE}, a space between.
 *
 * @param fromSize of the first tree it signs
 * @param untilSize of the last tree it has signed; null while it signs, or where only a time is
 *     known
 * @param until when it was replaced; null while it signs
 * @param revoked since when nothing that it alone has signed is believed; null if it is not
 */
public record KeyLife(
        long fromSize,
        @Nullable Long untilSize,
        @Nullable Instant until,
        @Nullable Instant revoked) {
    /** Of a key of which nothing is said: it signs whatever there is. */
    public static final KeyLife UNLIMITED = new KeyLife(0, null, null, null);

    private static final String FROM_SIZE = "from-size=";
    private static final String UNTIL_SIZE = "until-size=";
    private static final String UNTIL = "until=";
    private static final String REVOKED = "revoked=";

    public KeyLife from(long size) {
        return new KeyLife(size, untilSize, until, revoked);
    }

    public KeyLife until(Instant time) {
        return new KeyLife(fromSize, untilSize, time, revoked);
    }

    public KeyLife until(long size, Instant time) {
        return new KeyLife(fromSize, size, time, revoked);
    }

    public KeyLife revoked(Instant time) {
        return new KeyLife(fromSize, untilSize, until, time);
    }

    /** Of both the stricter. */
    public KeyLife and(KeyLife other) {
        return new KeyLife(
                Math.max(fromSize, other.fromSize),
                earlier(untilSize, other.untilSize),
                earlier(until, other.until),
                earlier(revoked, other.revoked));
    }

    private static <T extends Comparable<T>> @Nullable T earlier(
            @Nullable T one, @Nullable T other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    public boolean isOver() {
        return until != null || revoked != null;
    }

    /**
     * Why a signature by this key is not believed.
     *
     * @param size of the tree that it signed
     * @param time of the last entry that is to be believed by it, or of the signature; null where
     *     none is known
     * @return empty where it is believed
     */
    public Optional<String> objection(long size, @Nullable Instant time) {
        if (revoked != null) {
            return Optional.of("which was revoked at " + revoked);
        }
        if (size < fromSize) {
            return Optional.of("which signs from " + fromSize + " entries on, not " + size);
        }
        if (untilSize != null && size > untilSize) {
            return Optional.of("which was replaced at " + untilSize + " entries, not " + size);
        }
        if (until != null && time != null && time.isAfter(until)) {
            return Optional.of("which was replaced at " + until + ", before " + time);
        }
        return Optional.empty();
    }

    /** Empty where nothing is said. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (fromSize > 0) {
            text.append(' ').append(FROM_SIZE).append(fromSize);
        }
        if (untilSize != null) {
            text.append(' ').append(UNTIL_SIZE).append(untilSize);
        }
        if (until != null) {
            text.append(' ').append(UNTIL).append(until);
        }
        if (revoked != null) {
            text.append(' ').append(REVOKED).append(revoked);
        }
        return text.toString();
    }

    /** Empty where it is none: an unknown member may be a limit that we do not keep. */
    static Optional<KeyLife> parse(String text) {
        KeyLife life = UNLIMITED;
        try {
            for (String member : text.strip().split(" ", -1)) {
                if (member.startsWith(FROM_SIZE)) {
                    life = life.from(size(member, FROM_SIZE));
                } else if (member.startsWith(UNTIL_SIZE)) {
                    long until = size(member, UNTIL_SIZE);
                    life = new KeyLife(life.fromSize, until, life.until, life.revoked);
                } else if (member.startsWith(UNTIL)) {
                    life = life.until(Instant.parse(member.substring(UNTIL.length())));
                } else if (member.startsWith(REVOKED)) {
                    life = life.revoked(Instant.parse(member.substring(REVOKED.length())));
                } else if (!member.isEmpty()) {
                    return Optional.empty();
                }
            }
            return Optional.of(life);
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long size(String member, String name) {
        return Long.parseLong(member.substring(name.length()));
    }
}
