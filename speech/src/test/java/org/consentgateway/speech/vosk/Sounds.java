package org.consentgateway.speech.vosk;

import java.util.Random;

/** Generated sounds at 8 kHz. */
final class Sounds {
    private Sounds() {}

    static short[] silence(int millis) {
        return new short[millis * 8];
    }

    /** A buzz with a formant that comes and goes five times a second, as syllables do. */
    static short[] voice(int millis, double dbfs) {
        short[] out = new short[millis * 8];
        double rms = 32768 * Math.pow(10, dbfs / 20);
        for (int i = 0; i < out.length; i++) {
            double t = i / 8000.0;
            double syllable = 0.75 + 0.25 * Math.cos(2 * Math.PI * 5 * t);
            double buzz = 0;
            for (int k = 2; k < 20; k++) {
                buzz += Math.sin(2 * Math.PI * 130 * k * t) / (1 + Math.abs(k - 5));
            }
            out[i] = clip(buzz * syllable * rms);
        }
        return out;
    }

    static short[] noise(int millis, double dbfs, long seed) {
        var random = new Random(seed);
        short[] out = new short[millis * 8];
        double rms = 32768 * Math.pow(10, dbfs / 20);
        for (int i = 0; i < out.length; i++) {
            out[i] = clip(random.nextGaussian() * rms);
        }
        return out;
    }

    static short[] mix(short[] a, short[] b) {
        short[] out = new short[Math.max(a.length, b.length)];
        for (int i = 0; i < out.length; i++) {
            out[i] = clip((i < a.length ? a[i] : 0) + (i < b.length ? b[i] : 0));
        }
        return out;
    }

    static short[] scale(short[] sound, double db) {
        short[] out = new short[sound.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = clip(sound[i] * Math.pow(10, db / 20));
        }
        return out;
    }

    static short[] join(short[]... sounds) {
        int length = 0;
        for (short[] sound : sounds) {
            length += sound.length;
        }
        short[] out = new short[length];
        int at = 0;
        for (short[] sound : sounds) {
            System.arraycopy(sound, 0, out, at, sound.length);
            at += sound.length;
        }
        return out;
    }

    static short clip(double x) {
        return (short) Math.max(-32768, Math.min(32767, Math.round(x)));
    }
}
