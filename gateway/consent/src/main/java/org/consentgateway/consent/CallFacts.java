package org.consentgateway.consent;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a record says about the call it stems from. Holds no number.
 *
 * @param callId the gateway's own id of the call, UUIDv7: in every log line and header
 * @param sipCallIdHash keyed hash of the SIP Call-ID, lower-case hex
 * @param line id of the called line
 * @param answeredAt when the call was answered; null before, and until that is acknowledged
 * @param subject pseudonym of the caller; null where the id is missing or withheld
 * @param callerIdPresent whether the INVITE carried a number we may use
 * @param clir whether the caller asked to withhold the number
 * @param asserted whether a trunk trusted to do so asserted the number: only then is the caller
 *     "known"
 */
public record CallFacts(
        UUID callId,
        String sipCallIdHash,
        String trunk,
        String line,
        @Nullable Instant answeredAt,
        @Nullable Subject subject,
        boolean callerIdPresent,
        boolean clir,
        boolean asserted) {

    public CallFacts answered(Instant at) {
        return new CallFacts(
                callId, sipCallIdHash, trunk, line, at, subject, callerIdPresent, clir, asserted);
    }

    /**
     * For what is recorded after the call was passed on to somebody else: who that is, is unknown.
     */
    public CallFacts passedOn() {
        return new CallFacts(
                callId, sipCallIdHash, trunk, line, answeredAt, null, false, false, false);
    }

    /** For what is recorded after the caller's data was erased. */
    public CallFacts withoutSubject() {
        return new CallFacts(
                callId,
                sipCallIdHash,
                trunk,
                line,
                answeredAt,
                null,
                callerIdPresent,
                clir,
                asserted);
    }

    /** The caller, where we may rely on who it is; null otherwise. */
    public @Nullable Subject knownSubject() {
        return asserted && !clir ? subject : null;
    }
}
