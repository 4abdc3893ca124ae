package org.consentgateway.sip.sdp;

/** Whether media with a party is encrypted. Immutable. */
public enum Srtp {
    /** Never: plain RTP only. */
    OFF,
    /** Where the other side can (RFC 8643); else plain. */
    OPTIONAL,
    /** Always: without it there is no call. */
    REQUIRED
}
