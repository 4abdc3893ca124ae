package org.consentgateway.sip.counters;

import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.trunk.KnownSources;
import org.jspecify.annotations.Nullable;

/** Why a message was turned away; each is counted, those in silence too. Immutable. */
public enum Rejection {
    /** From outside every trunk and every call we placed: silence. */
    UNKNOWN_SOURCE(Answer.SILENCE),
    /** From a trunk's address, by a transport that the trunk does not come by: silence. */
    OTHER_TRANSPORT(Answer.SILENCE),
    /** A new call from a party we may call, but that may not call us: silence. */
    NOT_A_TRUNK(Answer.SILENCE),
    /** In-dialog, but not from that dialog's peer: silence. */
    WRONG_PEER(Answer.SILENCE),
    /** Requests that belong to no call, or nonsense, too fast for one source or trunk: silence. */
    REQUEST_RATE(Answer.SILENCE),
    /** Responses to nothing that we have asked: silence. */
    STRAY_RESPONSE(Answer.SILENCE),
    /** One more transaction than there may be: silence. */
    TRANSACTIONS(Answer.SILENCE),
    /** Belonging to no call, and so short that any answer over UDP would be longer: silence. */
    TOO_SHORT(Answer.SILENCE),
    /** Longer than allowed: silence. */
    TOO_LONG(Answer.SILENCE),
    /** TCP connections above the limit: closed. */
    TOO_MANY_CONNECTIONS(Answer.SILENCE),
    /** Closed before their first message, so that others of more interest have a place. */
    NEW_CONNECTION(Answer.SILENCE),
    /** TLS handshakes that did not end in time: closed. */
    HANDSHAKE_TIMEOUT(Answer.SILENCE),
    /**
     * TLS handshakes that failed (no common version, a certificate that is not believed), or were
     * one more of their connection.
     */
    HANDSHAKE(Answer.SILENCE),
    /** The same, where nobody could tell whether the certificate is revoked. */
    REVOCATION(Answer.SILENCE),
    /** TCP connections that said nothing for too long: closed. */
    IDLE_CONNECTION(Answer.SILENCE),
    /** TCP connections whose peer read nothing of what was sent to it: closed. */
    DEAF_CONNECTION(Answer.SILENCE),
    /** A wrong password, or one shown before: challenged again. */
    BAD_PASSWORD,
    MALFORMED,
    TOO_MANY_HEADERS,
    VERSION,
    /** An emergency number: no machine may answer it. */
    EMERGENCY,
    UNKNOWN_LINE,
    /** A new call of a trunk that was taken away while it has calls: 403. */
    TRUNK_GONE,
    /** Calls of one source, or of one trunk, that come too fast. */
    SOURCE_RATE,
    TRUNK_RATE,
    /** As many calls under way as there may be: in all, of the trunk, to the line. */
    FULL,
    TRUNK_FULL,
    LINE_FULL,
    /** The machine is at its end. */
    LOAD,
    /** No port of this machine is left for its sound. */
    NO_PORT,
    /** Large INVITEs while as much is kept of large messages as may be. */
    LARGE_CALLS,
    /** Given up while its ACK was still to come, for others who want its place. */
    UNACKNOWLEDGED,
    DRAINING,
    NO_COMMON_CODEC,
    /** Without encryption where it is required. */
    NO_SRTP,
    /** With media at an address that nothing may be sent to: 488. */
    MEDIA_ADDRESS,
    BAD_BODY,
    BAD_EXTENSION,
    LOOP,
    MERGED,
    NO_SUCH_CALL,
    OUT_OF_ORDER,
    PENDING,
    METHOD,
    SESSION_INTERVAL,
    URI_SCHEME;

    /** What the sender of such a message gets to hear. */
    private enum Answer {
        SILENCE,
        RESPONSE
    }

    private final Answer answer;

    Rejection() {
        this(Answer.RESPONSE);
    }

    Rejection(Answer answer) {
        this.answer = answer;
    }

    /** Whether nothing is answered: whoever sent it must not learn that anybody is here. */
    public boolean isSilent() {
        return answer == Answer.SILENCE;
    }

    /** Null: it may speak to us. */
    public static @Nullable Rejection of(KnownSources.Recognition recognised) {
        return switch (recognised) {
            case KNOWN -> null;
            case STRANGER -> UNKNOWN_SOURCE;
            case BY_ANOTHER_TRANSPORT -> OTHER_TRANSPORT;
        };
    }

    public static Rejection of(Negotiation.Refused refused) {
        return switch (refused.lack()) {
            case MEDIA -> NO_COMMON_CODEC;
            case ENCRYPTION -> NO_SRTP;
            case ADDRESS -> MEDIA_ADDRESS;
        };
    }
}
