package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Confined to a test. Time that passes when somebody says so: a wall clock and a monotonic one. */
final class VirtualTime implements InstantSource, LongSupplier {
    static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private long nanos = 7_000_000_000_000L;
    private Instant wall;
    private Duration ahead = Duration.ZERO;

    VirtualTime(Instant start) {
        wall = start;
    }

    void pass(Duration time) {
        passNanos(time.toNanos());
    }

    void passNanos(long time) {
        nanos += time;
        wall = wall.plusNanos(time);
    }

    /** Somebody sets the wall clock; the monotonic one does not care. */
    void setWall(Instant to) {
        wall = to;
    }

    /** The machine's clock was set ahead, and may be right. */
    void mayBeAhead(Duration by) {
        ahead = by;
    }

    InstantSource latest() {
        return () -> wall.plus(ahead);
    }

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public long getAsLong() {
        return nanos;
    }
}
