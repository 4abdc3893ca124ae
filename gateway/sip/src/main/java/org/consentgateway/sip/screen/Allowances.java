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

    /**
     * BYEs of one call that come in however many transactions there are: with its repetitions it is
     * sent eleven times where no answer arrives (RFC 3261 §17.1.2.2).
     */
    static final int ENDS_OF_A_CALL = 12;

    private final Recent repeated;
    private final Recent ended;
    private final TokenBuckets<String> calls;
    private final TokenBuckets<String> answers;

    /**
     * @param lifetimeNanos as long as anything of an INVITE may still come
     */
    Allowances(long lifetimeNanos, long now) {
        this.repeated = new Recent(lifetimeNanos);
        this.ended = new Recent(lifetimeNanos);
        this.calls = new TokenBuckets<>(OF_A_CALL, now);
        this.answers = new TokenBuckets<>(OF_A_CALL, now);
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
        return calls.take(callId + ' ' + localTag, weight, false, now);
    }

    /**
     * One response more to requests of a call, or of ours that belong to none.
     *
     * @param weight so many usual ones it counts for
     */
    boolean answers(String callId, String localTag, int weight, long now) {
        return answers.take(callId + ' ' + localTag, weight, false, now);
    }

    /**
     * One BYE more of a call, each in a transaction of its own for all that is known.
     *
     * @param weight so many usual ones it counts for
     */
    boolean ends(String callId, String localTag, int weight, long now) {
        long call = InviteIdentity.of(callId, localTag, "", "").key();
        int before = Math.max(0, ended.number(call, now));
        if (before + weight > ENDS_OF_A_CALL) {
            return false;
        }
        ended.add(call, before + weight, now);
        return true;
    }
}
