package org.consentgateway.media.srtp;

import org.jitsi.srtp.SrtpPolicy;

/**
 * How packets are encrypted and authenticated; the best first. The names are those of SDP (RFC 4568
 * §6.2, RFC 7714 §14.2). Immutable.
 */
public enum SrtpSuite {
    AEAD_AES_256_GCM(32, 12, 16, 16),
    AEAD_AES_128_GCM(16, 12, 16, 16),
    AES_CM_128_HMAC_SHA1_80(16, 14, 10, 10),
    /** Its SRTCP has the long tag all the same (RFC 4568 §6.2.2). */
    AES_CM_128_HMAC_SHA1_32(16, 14, 4, 10);

    /** RFC 3711 §8.2: octets of the session key for HMAC-SHA1. */
    private static final int HMAC_KEY = 20;

    private final int keyOctets;
    private final int saltOctets;
    private final int tagOctets;
    private final int controlTagOctets;

    SrtpSuite(int keyOctets, int saltOctets, int tagOctets, int controlTagOctets) {
        this.keyOctets = keyOctets;
        this.saltOctets = saltOctets;
        this.tagOctets = tagOctets;
        this.controlTagOctets = controlTagOctets;
    }

    /** Octets of the master key. */
    public int keyOctets() {
        return keyOctets;
    }

    /** Octets of the master salt. */
    public int saltOctets() {
        return saltOctets;
    }

    /** For RTP. A packet we would send twice is refused: it would show two texts under one key. */
    SrtpPolicy policy() {
        return policy(tagOctets);
    }

    SrtpPolicy controlPolicy() {
        return policy(controlTagOctets);
    }

    private SrtpPolicy policy(int tag) {
        boolean gcm = this == AEAD_AES_256_GCM || this == AEAD_AES_128_GCM;
        SrtpPolicy policy =
                new SrtpPolicy(
                        gcm ? SrtpPolicy.AESGCM_ENCRYPTION : SrtpPolicy.AESCM_ENCRYPTION,
                        keyOctets,
                        gcm ? SrtpPolicy.NULL_AUTHENTICATION : SrtpPolicy.HMACSHA1_AUTHENTICATION,
                        gcm ? 0 : HMAC_KEY,
                        tag,
                        saltOctets);
        policy.setSendReplayEnabled(true);
        policy.setReceiveReplayEnabled(true);
        return policy;
    }
}
