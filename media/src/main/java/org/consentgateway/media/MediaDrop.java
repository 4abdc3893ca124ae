package org.consentgateway.media;

/** Why a packet, or a key of ours, went no further. */
public enum MediaDrop {
    /** No RTP. */
    MALFORMED,
    /** From outside the source lock, or not yet believed. */
    STRANGER,
    /** Not made with the peer's key, altered on the way, or plain if SRTP was agreed. */
    FORGED,
    /** SRTP that came before, or is older than what is remembered. */
    REPLAYED,
    /** From the right address with an SSRC that is not the peer's. */
    INTRUDER,
    /** A sequence number far from all others, not confirmed by the next. */
    WILD_SEQUENCE,
    /** Before the leg was connected. */
    NOT_CONNECTED,
    /** The peer said it does not send, or must not be sent to (hold). */
    HELD,
    /** For a peer that has not been heard from where it says it is. */
    UNPROVEN,
    /** A payload type that was not agreed. */
    UNKNOWN_PAYLOAD,
    /** Sound that another packet had brought already. */
    DUPLICATE,
    /** Sound left out to keep the delay of the jitter buffer small. */
    SKIPPED,
    /** A key to be sent that is none, or one too many of those that wait. */
    KEY_REFUSED,
    /** A key for a peer that did not agree to telephone-event. */
    NO_EVENTS,
    /** Towards the second leg after the bridge was cut. */
    CUT,
    /** Relayed audio for a leg that hears a prompt or is sent keys at the moment. */
    OVERRIDDEN,
    /** Out of order from before the relaying began. */
    TOO_OLD,
    /** Text that came faster than anybody types, or than it can be sent on. */
    TEXT_FLOOD,
    /** No RTCP, or RTCP from somebody else. */
    BAD_RTCP,
    /** A packet that SRTP does not let out: too long, or with a sequence number once more. */
    NOT_PROTECTED,
    /** The kernel's send buffer was full. */
    SEND_BLOCKED,
    /** The peer's host says that nobody listens on the port (ICMP). */
    PEER_REFUSED,
    /** Any other failure to send. */
    SEND_FAILED
}
