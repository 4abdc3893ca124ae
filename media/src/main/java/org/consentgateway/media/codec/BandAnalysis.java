package org.consentgateway.media.codec;

/**
 * The transmit quadrature mirror filter of ITU-T G.722, clause 3.1: two samples at 16 kHz become
 * one of each band at 8 kHz. Confined to one direction of one stream.
 */
final class BandAnalysis {
    private static final int LARGEST = 16383;

    private final MirrorTaps past = new MirrorTaps();

    /** -16384 to 16383, as the higher one. */
    private int lower;

    private int higher;

    void take(int first, int second) {
        past.take(first, second);
        lower = Math.clamp((past.even() + past.odd()) >> 14, -LARGEST - 1, LARGEST);
        higher = Math.clamp((past.even() - past.odd()) >> 14, -LARGEST - 1, LARGEST);
    }

    int lower() {
        return lower;
    }

    int higher() {
        return higher;
    }
}
