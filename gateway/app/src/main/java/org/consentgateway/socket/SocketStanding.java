package org.consentgateway.socket;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.Watched;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. How one assistant on a socket stands, by what connections and calls to it met last.
 * One that is connected to and then refuses, or answers nothing, is left alone for a while, twice
 * as long each time, since no connection without a call can tell whether it does so still.
 */
final class SocketStanding {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(SocketStanding.class);
    private static final int MOST_DOUBLINGS = 8;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final SocketTarget target;
    private final InstantSource clock;
    private final LongSupplier nanos;

    // Guarded by this.
    private Health health = Health.UNKNOWN;
    private @Nullable Instant since;
    private int status;
    private @Nullable Instant answered;
    private @Nullable Duration roundTrip;

    /** Whether somebody looks again and again, and would find out that it can be connected to. */
    private boolean watched = true;

    /** Why the last connection without a call could not be made. */
    private @Nullable Failure unconnected;

    /** Why the last call failed, and how many have in a row. */
    private @Nullable Failure refused;

    private int refusals;
    private long aloneUntil;

    SocketStanding(SocketTarget target, InstantSource clock, LongSupplier nanos) {
        this.target = target;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Whether this is how that one stands, too: it is at the same place. */
    boolean isOf(SocketTarget other) {
        return other.name().equals(target.name()) && other.url().equals(target.url());
    }

    /** It could be connected to, without a call. */
    synchronized void connected(Duration took) {
        answered = clock.instant();
        roundTrip = took;
        unconnected = null;
        if (refused == null || !outlasts(refused) || !isLeftAlone()) {
            refused = null;
            stands(Health.UP, null, 0);
        }
    }

    /**
     * Whether somebody looks again and again from now on. Where nobody does, calls alone tell how
     * it stands: what the last look has found would keep all of them away, and so stand for ever.
     */
    synchronized void watched(boolean now) {
        watched = now;
        if (!now && unconnected != null) {
            unconnected = null;
            if (down().isEmpty()) {
                health = Health.UNKNOWN;
                since = null;
                status = 0;
            }
        }
    }

    /** It could not; this says nothing where nobody looks any more. */
    synchronized void unconnected(Failure why) {
        if (!watched) {
            return;
        }
        unconnected = why;
        stands(Health.DOWN, why, status(why, 0));
    }

    /** It has taken a call. */
    synchronized void tookCall() {
        answered = clock.instant();
        unconnected = null;
        refused = null;
        refusals = 0;
        stands(Health.UP, null, SWITCHING_PROTOCOLS);
    }

    /**
     * A call has failed before it was answered. What becomes of one that was answered says nothing
     * of the next.
     *
     * @param httpStatus 0 where there was none
     */
    synchronized void failedCall(Failure why, int httpStatus) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS));
        refusals++;
        refused = why;
        aloneUntil = nanos.getAsLong() + Math.min(pause.toNanos(), LONGEST_PAUSE.toNanos());
        stands(Health.DOWN, why, status(why, httpStatus));
    }

    private boolean isLeftAlone() {
        return aloneUntil - nanos.getAsLong() > 0;
    }

    /** Whether it may be so although it can be connected to. */
    private static boolean outlasts(Failure why) {
        return switch (why) {
            case NAME_NOT_FOUND, REFUSED, UNREACHABLE, TLS_FAILED -> false;
            case NO_ANSWER,
                    UNAUTHORISED,
                    NOT_UPGRADED,
                    CLOSED_BEFORE_AUDIO,
                    NO_AUDIO,
                    LOST,
                    NOT_ALIVE,
                    PROTOCOL_ERROR,
                    TOO_MUCH_AUDIO ->
                    true;
        };
    }

    private static int status(Failure why, int httpStatus) {
        return httpStatus > 0
                ? httpStatus
                : why == Failure.NO_ANSWER ? REQUEST_TIMEOUT : SERVICE_UNAVAILABLE;
    }

    private void stands(Health now, @Nullable Failure why, int lastStatus) {
        status = lastStatus;
        if (health == now) {
            return;
        }
        health = now;
        since = clock.instant();
        if (why == null) {
            LOG.info("assistant {} answers", target.name());
        } else {
            LOG.warn(
                    "assistant {} is down: {}", target.name(), why.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Why no call is sent there now; empty: calls are. */
    synchronized Optional<Failure> down() {
        return Optional.ofNullable(
                unconnected != null ? unconnected : isLeftAlone() ? refused : null);
    }

    synchronized TargetState state() {
        var server =
                new TargetState.ServerState(
                        target.url().getScheme() + ":" + target.host() + ":" + target.port(),
                        health,
                        Optional.ofNullable(since),
                        status,
                        Optional.ofNullable(answered),
                        Optional.ofNullable(roundTrip));
        return new TargetState(
                Watched.Kind.ASSISTANT,
                target.name(),
                Optional.of(target.url().toString()),
                health,
                Optional.ofNullable(since),
                List.of(server),
                Optional.empty());
    }
}
