package org.consentgateway.sip.screen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * How much may come of each source, and of all sources of a trunk, in a second and at once. What
 * comes over connections has a rate that datagrams cannot use up ({@link SplitBucket}), and INVITEs
 * to numbers that are not ours use up nothing of those to ours. Of the requests that belong to no
 * call two tenths are kept for OPTIONS of trunks, by which they see that we live: one for whatever
 * OPTIONS come, and one for those that are repeated, as a peer in good faith does and a flood need
 * not. Over a connection nothing is repeated, so there each has one a second of its own.
 * Thread-safe.
 */
final class SourceRates {
    /** So many times the rate of one source is that of all sources of a trunk together. */
    private static final int SOURCES_OF_A_TRUNK = 4;

    /** This part of the requests is a reserve. */
    private static final int RESERVE = 10;

    /** A repetition comes T1 later at the earliest (RFC 3261 §17.1.2.2); half of it (ms). */
    private static final int REPEATED_AFTER_MILLIS = 250;

    /** Requests remembered, to know their repetitions. */
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(32);

    /** Answered repetitions of one request: more are no repetitions in good faith. */
    private static final int REPETITIONS = 8;

    /**
     * OPTIONS that each connection of a trunk may send in a second whatever others do: no more than
     * there are places for connections, and one that is opened anew costs more than its answer.
     */
    private static final int OPTIONS_OF_A_CONNECTION = 1;

    private final Screen.Rates perSource;
    private final TokenBuckets<InetAddress> calls;
    private final Shared strays;
    private final Shared others;
    private final @Nullable TokenBuckets<String> firstOptions;
    private final @Nullable TokenBuckets<String> repeatedOptions;
    private final TokenBuckets<InetSocketAddress> optionsOfConnections;
    private final Recent asked = new Recent(REMEMBERED_NANOS);
    private final Recent repeated = new Recent(REMEMBERED_NANOS);

    /**
     * Who has sent a message.
     *
     * @param trunk null: of none
     * @param proven whether it came over a connection, which proves the address
     */
    record Sender(InetSocketAddress at, @Nullable Trunk trunk, boolean proven) {
        InetAddress source() {
            return at.getAddress();
        }
    }

    /** A rate of each source, and of all of a trunk. */
    private record Shared(TokenBuckets<InetAddress> sources, TokenBuckets<String> trunks) {
        static Shared full(int perSource, long now) {
            long ofTrunk = (long) SOURCES_OF_A_TRUNK * perSource;
            return new Shared(
                    new TokenBuckets<>(perSource, now),
                    new TokenBuckets<>(Math.clamp(ofTrunk, 1, Integer.MAX_VALUE), now));
        }

        boolean take(Sender sender, int weight, long now) {
            return sources.take(sender.source(), weight, sender.proven(), now)
                    && (sender.trunk() == null
                            || trunks.take(sender.trunk().name(), weight, sender.proven(), now));
        }
    }

    SourceRates(Screen.Rates perSource, long now) {
        int reserve = perSource.others() / RESERVE;
        this.perSource = perSource;
        this.calls = new TokenBuckets<>(perSource.invites(), now);
        this.strays = Shared.full(perSource.others(), now);
        this.others = Shared.full(perSource.others() - 2 * reserve, now);
        this.firstOptions = reserve == 0 ? null : new TokenBuckets<>(reserve, now);
        this.repeatedOptions = reserve == 0 ? null : new TokenBuckets<>(reserve, now);
        this.optionsOfConnections = new TokenBuckets<>(OPTIONS_OF_A_CONNECTION, now);
    }

    Screen.Rates perSource() {
        return perSource;
    }

    /** Counts an INVITE to a line; false where it is too much. */
    boolean call(Sender sender, long now) {
        return calls.take(sender.source(), sender.proven(), now);
    }

    /** Counts an INVITE to a number that is not ours; false where it is too much. */
    boolean stray(Sender sender, long now) {
        return strays.take(sender, 1, now);
    }

    /**
     * Counts what belongs to no call; false where it is too much.
     *
     * @param weight so many usual ones it counts for
     */
    boolean other(Sender sender, int weight, long now) {
        return others.take(sender, weight, now);
    }

    /**
     * Whether OPTIONS of a trunk that were too much come within what is kept for them.
     *
     * @param request key of its {@link InviteIdentity}
     */
    boolean options(Sender sender, long request, long now) {
        Trunk trunk = sender.trunk();
        if (trunk != null && sender.proven() && optionsOfConnections.take(sender.at(), true, now)) {
            return true;
        }
        if (trunk == null || firstOptions == null || repeatedOptions == null) {
            return false;
        }
        if (firstOptions.take(trunk.name(), sender.proven(), now)) {
            return true;
        }
        int millis = (int) (TimeUnit.NANOSECONDS.toMillis(now) & Integer.MAX_VALUE);
        int first = asked.number(request, now);
        if (first == Recent.NO) {
            asked.add(request, millis, now);
            return false;
        }
        boolean later = ((millis - first) & Integer.MAX_VALUE) >= REPEATED_AFTER_MILLIS;
        int before = Math.max(0, repeated.number(request, now));
        if (!later
                || before >= REPETITIONS
                || !repeatedOptions.take(trunk.name(), sender.proven(), now)) {
            return false;
        }
        repeated.add(request, before + 1, now);
        return true;
    }
}
