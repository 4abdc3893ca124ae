package org.consentgateway.media.codec;

/** 4 to 8 kHz, in two bits a sample. Confined to one direction of one stream. */
final class HigherBand extends SubBand {
    private static final int LARGEST_NB = 22528;
    private static final int LARGEST = 16383;

    /** Between a small difference and a large one, of a step of 8. */
    private static final int Q2 = 564;

    private static final int[] QM2 = {-7408, -1616, 7408, 1616};
    private static final int[] WH = {798, -214, 798, -214};

    HigherBand() {
        super(8, LARGEST_NB, 10);
    }

    /**
     * @param x -16384 to 16383
     * @return two bits
     */
    int encode(int x) {
        int e = saturated(x - s);
        int magnitude = e >= 0 ? e : -(e + 1);
        boolean large = magnitude >= (Q2 * det) >> 12;
        int i = e < 0 ? (large ? 0 : 1) : (large ? 2 : 3);
        follow(i);
        return i;
    }

    /**
     * @param i two bits
     * @return -16384 to 16383
     */
    int decode(int i) {
        int x = Math.clamp(s + ((det * QM2[i]) >> 15), -LARGEST - 1, LARGEST);
        follow(i);
        return x;
    }

    private void follow(int i) {
        int difference = (det * QM2[i]) >> 15;
        scale(WH[i]);
        adapt(difference);
    }
}
