package org.consentgateway.reporting;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The machine's clock, held against time that only goes on ({@code nanoTime}). Where
 * the clock is set back, time goes on as before it was, so that no consent lasts longer by it and
 * no record is older than the one before. Where it is set ahead, that counts at once for what is
 * relied on, so that no consent is that may have ended; but what is written, waits for its time or
 * cannot be undone goes by the time of before ({@link #expected}) until the clock has stood so for
 * an hour. Clocks that are adjusted slowly (NTP) are followed.
 */
public final class SteadyClock implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

    /** What lies within is followed. */
    static final Duration TOLERANCE = Duration.ofSeconds(10);

    /** So long a clock that was set ahead may be set back again without a loss. */
    static final Duration BELIEVED_AFTER = Duration.ofHours(1);

    private final InstantSource wall;
    private final LongSupplier nanos;

    /** Guarded by this. What the clock said when it was last believed. */
    private Instant believed;

    private long believedAt;
    private @Nullable Jump jump;

    /** Told of each jump; of what is ahead true. */
    private volatile Consumer<Boolean> jumped = _ -> {};

    /**
     * @param at of {@code nanoTime}
     */
    private record Jump(boolean ahead, Instant from, Instant to, long at) {}

    public SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.believed = wall.instant();
        this.believedAt = nanos.getAsLong();
    }

    /**
     * @param told of each jump: whether the clock was set ahead, else back
     */
    public void onJump(Consumer<Boolean> told) {
        jumped = told;
    }

    @Override
    public synchronized Instant instant() {
        long at = nanos.getAsLong();
        Instant now = wall.instant();
        Instant expected = believed.plusNanos(at - believedAt);
        Duration off = Duration.between(expected, now);
        if (off.abs().compareTo(TOLERANCE) <= 0) {
            if (jump != null) {
                LOG.info("the clock is right again");
            }
            return believe(now, at);
        }
        boolean ahead = off.isPositive();
        if (jump == null || jump.ahead() != ahead || (ahead && isOther(jump, off))) {
            jump = new Jump(ahead, expected, now, at);
            LOG.error("{}", jump(jump));
            jumped.accept(ahead);
        }
        if (!ahead) {
            return expected;
        }
        return at - jump.at() >= BELIEVED_AFTER.toNanos() ? believe(now, at) : now;
    }

    /** Another hour of its own: what is believed has stood as it is for one. */
    private static boolean isOther(Jump before, Duration off) {
        Duration so = Duration.between(before.from(), before.to());
        return off.minus(so).abs().compareTo(TOLERANCE) > 0;
    }

    /**
     * What the clock would say had nobody set it ahead, until that is believed: for what is written
     * or done for good, and for what is done at a time to come, which a clock that is right again
     * would have to catch up with.
     */
    public InstantSource expected() {
        return this::unset;
    }

    /**
     * The machine's clock as it is, whichever way it was set: for what a person reads off a clock
     * of their own now.
     */
    public InstantSource machine() {
        return wall;
    }

    private synchronized Instant unset() {
        Instant now = instant();
        return jump != null && jump.ahead()
                ? believed.plusNanos(nanos.getAsLong() - believedAt)
                : now;
    }

    private Instant believe(Instant now, long at) {
        jump = null;
        believed = now;
        believedAt = at;
        return now;
    }

    /** Whether the clock was set ahead and may be set back yet. */
    public synchronized boolean isDoubtful() {
        var _ = instant();
        return jump != null && jump.ahead();
    }

    /** Whether it goes as it did. */
    public synchronized boolean isSteady() {
        var _ = instant();
        return jump == null;
    }

    /** Seconds that the machine's clock is ahead of time that goes on; negative: behind. */
    public synchronized double offset() {
        Instant expected = believed.plusNanos(nanos.getAsLong() - believedAt);
        return Duration.between(expected, wall.instant()).toMillis() / 1000.0;
    }

    /** In words. */
    public synchronized String state() {
        var _ = instant();
        return jump == null ? "goes steadily" : jump(jump);
    }

    private static String jump(Jump one) {
        String what =
                "the clock was set %s from %s to %s"
                        .formatted(one.ahead() ? "ahead" : "back", one.from(), one.to());
        return one.ahead()
                ? what
                        + ": consents that would have ended are not relied on; what is written and"
                        + " what is destroyed goes by the time of before for an hour: set it right"
                        + " until then"
                : what
                        + ": time goes on here as before; set it right, or restart the gateway when"
                        + " it is";
    }
}
