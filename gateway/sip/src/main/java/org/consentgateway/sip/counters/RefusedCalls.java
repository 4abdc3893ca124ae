package org.consentgateway.sip.counters;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. A line in the log for each call of a trunk that is refused, with the reason; in a
 * flood so few that they can be read, and how many are left out. Who called is not said: a call
 * that is refused has no record here, so its provider is asked by time and trunk.
 */
final class RefusedCalls {
    static final int LINES_A_SECOND = 20;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedCalls.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private long begun;
    private int told;
    private int leftOut;

    RefusedCalls(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    synchronized void refused(String trunk, Rejection why) {
        long now = nanos.getAsLong();
        if (now - begun >= SECOND) {
            if (leftOut > 0) {
                LOG.atWarn()
                        .addKeyValue("calls", leftOut)
                        .log("calls refused that have no line of their own");
            }
            begun = now;
            told = 0;
            leftOut = 0;
        }
        if (told == LINES_A_SECOND) {
            leftOut++;
            return;
        }
        told++;
        LOG.atInfo()
                .addKeyValue("trunk", trunk)
                .addKeyValue("reason", why.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .log("call refused");
    }
}
