package org.consentgateway.speech.vosk;

import java.util.Arrays;

/**
 * The loudest of the last two seconds that were told of: long enough to span a pause in a prompt,
 * short enough to forget whoever spoke into it. Confined to one listening.
 */
final class LoudestLately {
    private static final int FRAMES_EACH = 25;
    private static final int PARTS = 5;

    private final double[] parts = new double[PARTS];
    private int frames;

    LoudestLately() {
        forget();
    }

    void forget() {
        Arrays.fill(parts, Double.NEGATIVE_INFINITY);
        frames = 0;
    }

    /** The level of the next 20 ms. */
    void add(double dbfs) {
        if (frames % FRAMES_EACH == 0) {
            parts[part()] = Double.NEGATIVE_INFINITY;
        }
        parts[part()] = Math.max(parts[part()], dbfs);
        frames++;
    }

    private int part() {
        return frames / FRAMES_EACH % PARTS;
    }

    /** Negative infinity where nothing was told. */
    double most() {
        return Arrays.stream(parts).max().orElseThrow();
    }
}
