package org.consentgateway.media.codec;

/** 0 to 4 kHz, in six bits a sample. Confined to one direction of one stream. */
final class LowerBand extends SubBand {
    private static final int LARGEST_NB = 18432;
    private static final int LARGEST = 16383;
    private static final int LEVELS = 30;

    /** Decision levels of the quantiser (Table 14), of a step of 8. */
    private static final int[] Q6 = {
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940,
        1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919
    };

    /** What is sent of a negative difference between two of them (Table 15). */
    private static final int[] ILN = {
        0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12,
        11, 10, 9, 8, 7, 6, 5, 4
    };

    /** Of a positive one. */
    private static final int[] ILP = {
        0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40,
        39, 38, 37, 36, 35, 34, 33, 32
    };

    /** By four of the six bits: what the predictor goes by (Table 18). */
    private static final int[] QM4 = {
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584,
        1200, 0
    };

    /** By all six: what is heard. */
    private static final int[] QM6 = {
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192,
        -10232, -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168,
        -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512,
        12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168,
        2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136
    };

    /** By four bits: how the step changes (Tables 19 and 20). */
    private static final int[] WL = {
        -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60
    };

    LowerBand() {
        super(32, LARGEST_NB, 8);
    }

    /**
     * @param x -16384 to 16383
     * @return six bits
     */
    int encode(int x) {
        int e = saturated(x - s);
        int magnitude = e >= 0 ? e : -(e + 1);
        int level = 1;
        while (level < LEVELS && magnitude >= (Q6[level] * det) >> 12) {
            level++;
        }
        int i = e < 0 ? ILN[level] : ILP[level];
        follow(i);
        return i;
    }

    /**
     * @param i six bits
     * @return -16384 to 16383
     */
    int decode(int i) {
        int x = Math.clamp(s + ((det * QM6[i]) >> 15), -LARGEST - 1, LARGEST);
        follow(i);
        return x;
    }

    private void follow(int i) {
        int four = i >> 2;
        int difference = (det * QM4[four]) >> 15;
        scale(WL[four]);
        adapt(difference);
    }
}
