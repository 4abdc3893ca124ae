package org.consentgateway.sip.registration;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How somebody we call, or who calls us, stands; for people and for metrics. Immutable.
 *
 * @param uri what is asked by OPTIONS; none: nobody is asked
 * @param health that of its best server; of a trunk that never answered OPTIONS it is unknown,
 *     since some providers do not
 * @param since when the health last changed; none if it is unknown
 * @param servers in the order in which they are tried; none if the DNS knows none
 * @param heard when a request last came from there; none: never, or not a trunk
 */
public record TargetState(
        Watched.Kind kind,
        String name,
        Optional<String> uri,
        Health health,
        Optional<Instant> since,
        List<ServerState> servers,
        Optional<Instant> heard) {

    /** Whether calls may be sent there. */
    public enum Health {
        UNKNOWN,
        UP,
        DOWN
    }

    /**
     * One of its servers.
     *
     * @param address such as {@code udp:192.0.2.7:5060}
     * @param status of the last answer; 408 where none came, 503 also where it could not be
     *     reached, 0 if it was not asked yet
     * @param answered when an answer last came
     * @param roundTrip of the last answer
     */
    public record ServerState(
            String address,
            Health health,
            Optional<Instant> since,
            int status,
            Optional<Instant> answered,
            Optional<Duration> roundTrip) {}
}
