package org.consentgateway.sip.sdp;

/** Immutable. Who sends, as the side that wrote the description sees it (RFC 8866 §6.7). */
public enum SdpDirection {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE
}
