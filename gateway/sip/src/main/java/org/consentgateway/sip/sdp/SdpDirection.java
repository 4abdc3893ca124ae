package org.consentgateway.sip.sdp;

/** Who sends, as the side that wrote the description sees it (RFC 8866 §6.7). Immutable. */
public enum SdpDirection {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE
}
