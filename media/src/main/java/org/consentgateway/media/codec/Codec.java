package org.consentgateway.media.codec;

/**
 * Immutable. A speech codec at 8 kHz with one octet per sample.
 *
 * <p>Static RTP payload types and SDP names are those of RFC 3551 §6, Table 4.
 */
public enum Codec {
    PCMU(0),
    PCMA(8);

    private final int staticPayloadType;

    Codec(int staticPayloadType) {
        this.staticPayloadType = staticPayloadType;
    }

    public int staticPayloadType() {
        return staticPayloadType;
    }

    /** Hz, as in the SDP rtpmap. */
    public int clockRate() {
        return 8000;
    }
}
