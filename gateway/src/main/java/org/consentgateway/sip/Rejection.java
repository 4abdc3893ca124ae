package org.consentgateway.sip;

/** Immutable. Why a message was turned away; each is counted, those in silence too. */
public enum Rejection {
    /** From outside every trunk and every call we placed: silence. */
    UNKNOWN_SOURCE,
    /** A new call from a party we may call, but that may not call us: silence. */
    NOT_A_TRUNK,
    /** In-dialog, but not from that dialog's peer: silence. */
    WRONG_PEER,
    /** Longer than allowed: silence. */
    TOO_LONG,
    /** TCP connections above the limit: closed. */
    TOO_MANY_CONNECTIONS,
    MALFORMED,
    UNKNOWN_LINE,
    FULL,
    DRAINING,
    NO_COMMON_CODEC,
    BAD_BODY,
    BAD_EXTENSION,
    LOOP,
    MERGED,
    NO_SUCH_CALL,
    OUT_OF_ORDER,
    PENDING,
    METHOD,
    SESSION_INTERVAL,
    URI_SCHEME
}
