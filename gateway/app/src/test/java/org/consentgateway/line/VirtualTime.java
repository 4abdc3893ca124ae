package org.consentgateway.line;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.consentgateway.call.CallTime;

/** Confined to a test. Time that passes in steps of 20 ms, when somebody says so. */
final class VirtualTime implements InstantSource, LongSupplier {
    static final int STEP_MILLIS = 20;
    static final Instant START = Instant.parse("2026-11-27T08:00:00Z");
    private static final long MILLI = 1_000_000;

    private long millis;

    CallTime ofCalls() {
        return new CallTime(this, this, this);
    }

    void step() {
        millis += STEP_MILLIS;
    }

    long sinceStart() {
        return millis;
    }

    @Override
    public Instant instant() {
        return START.plusMillis(millis);
    }

    @Override
    public long getAsLong() {
        return (1000 + millis) * MILLI;
    }
}
