package org.consentgateway.sip.screen;

/**
 * How much of one call, and of one INVITE, may come without being counted against its sender: what
 * a peer in good faith sends, with all its repetitions, and not what one message that was let in
 * would open the door to. Thread-safe.
 */
final class Allowances {
    /**
     * Repetitions, CANCELs and ACKs of one INVITE: over UDP it is sent seven times in all where no
     * answer arrives (RFC 3261 §17.1.1.2).
     */
    static final int OF_AN_INVITE = 8;

    /** Requests of one call in a second, and at once; keys by INFO are ten a second at most. */
    static final int OF_A_CALL = 20;

    private final Recent repeated;
    private final TokenBuckets<String> calls;

    /**
     * @param lifetimeNanos as long as anything of an INVITE may still come
     */
    Allowances(long lifetimeNanos, long now) {
        this.repeated = new Recent(lifetimeNanos);
        this.calls = new TokenBuckets<>(OF_A_CALL, now);
    }

    /**
     * One message more of an INVITE that was let in.
     *
     * @param invite key of its {@link InviteIdentity}
     */
    boolean repeats(long invite, long now) {
        int before = Math.max(0, repeated.number(invite, now));
        if (before >= OF_AN_INVITE) {
            return false;
        }
        repeated.add(invite, before + 1, now);
        return true;
    }

    /**
     * One request more of a call.
     *
     * @param weight so many usual ones it counts for
     */
    boolean ofCall(String callId, String localTag, int weight, long now) {
        return calls.take(callId + ' ' + localTag, weight, now);
    }
}
