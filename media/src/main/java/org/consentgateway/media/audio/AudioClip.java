package org.consentgateway.media.audio;

/**
 * Immutable. Audio ready to be sent: encoded once, at load time, in both laws, so that playing
 * costs a copy. The arrays are not to be written.
 *
 * @param alaw A-law octets at 8 kHz, a whole number of 160-octet frames (padded with silence)
 * @param ulaw the same in µ-law
 */
public record AudioClip(byte[] alaw, byte[] ulaw) {
    /** Length in samples, which is octets. */
    public int samples() {
        return alaw.length;
    }

    public int millis() {
        return samples() / 8;
    }
}
