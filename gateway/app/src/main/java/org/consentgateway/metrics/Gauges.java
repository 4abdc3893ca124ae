package org.consentgateway.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Thread-safe. What is, as opposed to what happened: asked anew at every scrape. */
public final class Gauges {
    private final Meters meters;

    public Gauges(Meters meters) {
        this.meters = meters;
    }

    /**
     * @param version empty where it is not known
     */
    public void build(String version) {
        meters.gauge(Meter.BUILD_INFO, "", () -> 1, version);
    }

    public void calls(IntSupplier active, IntSupplier limit) {
        meters.gauge(Meter.CALLS_ACTIVE, "", active::getAsInt);
        meters.gauge(Meter.CALLS_LIMIT, "", limit::getAsInt);
    }

    public void sip(IntSupplier dialogs, IntSupplier transactions) {
        meters.gauge(Meter.SIP_DIALOGS, "", dialogs::getAsInt);
        meters.gauge(Meter.SIP_TRANSACTIONS, "", transactions::getAsInt);
    }

    public void ports(IntSupplier pairsUsed, int pairs) {
        meters.gauge(Meter.PORTS_USED, "", pairsUsed::getAsInt);
        meters.gauge(Meter.PORTS_LIMIT, "", () -> pairs);
    }

    public void opus(IntSupplier legsUsed, int legs) {
        meters.gauge(Meter.OPUS_USED, "", legsUsed::getAsInt);
        meters.gauge(Meter.OPUS_LIMIT, "", () -> legs);
    }

    public void speech(String language, BooleanSupplier ready) {
        meters.gauge(Meter.SPEECH_READY, "", truth(ready), language);
    }

    /**
     * @param registered 1 or 0; NaN where it is left to another node
     * @return takes it away again
     */
    public Runnable registered(String trunk, DoubleSupplier registered) {
        return meters.gauge(Meter.TRUNK_REGISTERED, "", registered, trunk);
    }

    /**
     * @param up 1 or 0; NaN where it is not known
     * @return takes it away again
     */
    public Runnable trunk(String name, DoubleSupplier up) {
        return meters.gauge(Meter.TRUNK_UP, "", up, name);
    }

    /**
     * @param up 1 or 0; NaN where it is not known
     * @return takes it away again
     */
    public Runnable target(String kind, String name, DoubleSupplier up) {
        return meters.gauge(Meter.TARGET_UP, "", up, kind, name);
    }

    /**
     * @param successful whether the configuration in force is the one that was read last
     * @param at when that was read, in seconds
     */
    public void reloaded(BooleanSupplier successful, LongSupplier at) {
        meters.gauge(Meter.RELOADED, "", truth(successful));
        meters.gauge(Meter.RELOADED_AT, "seconds", at::getAsLong);
    }

    public void listening(IntSupplier questions) {
        meters.gauge(Meter.SPEECH_LISTENING, "", questions::getAsInt);
    }

    public void lease(BooleanSupplier held) {
        meters.gauge(Meter.NODE_LEASE, "", truth(held));
    }

    /**
     * @param silent other nodes that are not heard of
     * @param untold withdrawals that one of them does not know of
     */
    public void others(IntSupplier silent, IntSupplier untold) {
        meters.gauge(Meter.OTHERS_SILENT, "", silent::getAsInt);
        meters.gauge(Meter.ENDINGS_UNTOLD, "", untold::getAsInt);
    }

    public void store(BooleanSupplier up) {
        meters.gauge(Meter.STORE_UP, "", truth(up));
    }

    /**
     * @param free octets; NaN where nobody can tell
     */
    public void disk(DoubleSupplier free) {
        meters.gauge(Meter.DISK_FREE, "bytes", free);
    }

    /**
     * @param kept 1 or 0; NaN where there is nothing to be said
     */
    public void standby(DoubleSupplier kept) {
        meters.gauge(Meter.STORE_STANDBY, "", kept);
    }

    /**
     * @param offset seconds
     */
    public void clock(DoubleSupplier offset) {
        meters.gauge(Meter.CLOCK_OFFSET, "seconds", offset);
    }

    /**
     * @param setting that names the files
     * @param left seconds
     * @return takes it away again
     */
    public Runnable certificate(String setting, DoubleSupplier left) {
        return meters.gauge(Meter.CERTIFICATE_LEFT, "seconds", left, setting);
    }

    /**
     * @param conflict whether one of them contradicts the log
     * @param enough whether as many as are needed have cosigned
     * @param cosigns by name, whether it has cosigned what it was asked for last
     */
    public void witnesses(
            BooleanSupplier conflict,
            BooleanSupplier enough,
            Collection<String> names,
            Predicate<String> cosigns) {
        meters.gauge(Meter.WITNESS_CONFLICT, "", truth(conflict));
        meters.gauge(Meter.WITNESS_QUORUM, "", truth(enough));
        for (String name : names) {
            meters.gauge(Meter.WITNESS_COSIGNS, "", truth(() -> cosigns.test(name)), name);
        }
    }

    /**
     * @param kind what is asked for, such as "access"
     */
    public void requests(String kind, boolean overdue, LongSupplier count) {
        meters.gauge(Meter.REQUESTS, "", count::getAsLong, kind, overdue);
    }

    /**
     * @param kind such as "call-back"
     */
    public void tasks(String kind, boolean overdue, LongSupplier count) {
        meters.gauge(Meter.TASKS, "", count::getAsLong, kind, overdue);
    }

    /**
     * @param seconds NaN where there is no checkpoint yet
     */
    public void checkpointAge(DoubleSupplier seconds) {
        meters.gauge(Meter.CHECKPOINT_AGE, "seconds", seconds);
    }

    /**
     * @param lag in seconds; NaN before all was published for the first time
     */
    public void tiles(DoubleSupplier lag) {
        meters.gauge(Meter.TILES_LAG, "seconds", lag);
    }

    /** How long ago that was; NaN where it has not been. */
    public static double secondsSince(@Nullable Instant at, Instant now) {
        return at == null ? Double.NaN : Duration.between(at, now).toMillis() / 1000.0;
    }

    /**
     * @param lag in seconds; NaN before the first round
     */
    public void retention(DoubleSupplier lag) {
        meters.gauge(Meter.RETENTION_LAG, "seconds", lag);
    }

    /**
     * @param lag in seconds; NaN before the first round
     */
    public void verification(DoubleSupplier lag, IntSupplier findings) {
        meters.gauge(Meter.VERIFICATION_LAG, "seconds", lag);
        meters.gauge(Meter.VERIFICATION_FINDINGS, "", findings::getAsInt);
    }

    public void texts(IntSupplier changed) {
        meters.gauge(Meter.TEXTS_CHANGED, "", changed::getAsInt);
    }

    /**
     * @param age of the oldest message that waits, in seconds
     */
    public void webhook(
            String endpoint,
            LongSupplier waiting,
            DoubleSupplier age,
            LongSupplier givenUp,
            BooleanSupplier disabled) {
        meters.gauge(Meter.WEBHOOK_QUEUE, "", waiting::getAsLong, endpoint);
        meters.gauge(Meter.WEBHOOK_OLDEST, "seconds", age, endpoint);
        meters.gauge(Meter.WEBHOOK_GIVEN_UP, "", givenUp::getAsLong, endpoint);
        meters.gauge(Meter.WEBHOOK_DISABLED, "", truth(disabled), endpoint);
    }

    public void node(BooleanSupplier ready, BooleanSupplier draining) {
        meters.gauge(Meter.READY, "", truth(ready));
        meters.gauge(Meter.DRAINING, "", truth(draining));
    }

    private static DoubleSupplier truth(BooleanSupplier condition) {
        return () -> condition.getAsBoolean() ? 1 : 0;
    }
}
