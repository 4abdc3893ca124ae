package org.consentgateway.sip.registration;

import java.time.Instant;
import java.util.Optional;

/**
 * How an account stands. Immutable.
 *
 * @param status the last answer, 0 if none came yet, 408 and 503 also where none came at all
 * @param failures in a row since the last success
 * @param server registered with last, such as {@code tcp:192.0.2.7:5060}
 * @param until when the registration runs out unless it is refreshed
 */
public record Registered(
        String trunk,
        boolean registered,
        int status,
        int failures,
        Optional<String> server,
        Optional<Instant> until) {}
