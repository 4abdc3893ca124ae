package org.consentgateway.media.codec;

/**
 * The receive quadrature mirror filter of ITU-T G.722, clause 4.4: one sample of each band becomes
 * two at 16 kHz. Confined to one direction of one stream.
 */
final class BandSynthesis {
    private final MirrorTaps past = new MirrorTaps();

    /**
     * @param lower -16384 to 16383, as the higher one
     */
    void take(int lower, int higher) {
        past.take(lower + higher, lower - higher);
    }

    short first() {
        return (short) SubBand.saturated(past.even() >> 11);
    }

    short second() {
        return (short) SubBand.saturated(past.odd() >> 11);
    }
}
