package org.consentgateway.line;

import java.util.Random;
import org.consentgateway.whole.Recordings;

/** What people do beside speaking, generated. */
final class Noises {
    /** Coughs, laughter, a sigh, a humming, knocks. */
    static final int KINDS = 5;

    private static final int RATE = 8000;

    private Noises() {}

    static short[] of(int kind, long seed) {
        var random = new Random(seed);
        return switch (kind) {
            case 0 -> bursts(random, 2, 180, 120, 90 + random.nextInt(60), 0.8);
            case 1 -> bursts(random, 5, 90, 80, 180 + random.nextInt(120), 0.4);
            case 2 -> bursts(random, 1, 700, 0, 0, 1);
            case 3 -> bursts(random, 1, 500, 0, 110 + random.nextInt(80), 0.05);
            default -> bursts(random, 3, 20, 150, 0, 1);
        };
    }

    /** A room, as loud all the time. */
    static short[] room(double dbfs, int millis) {
        var random = new Random(millis);
        short[] all = new short[millis * RATE / 1000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) Math.round(1000 * random.nextGaussian());
        }
        return Recordings.at(dbfs, all);
    }

    /**
     * @param hertz of the voice in it, 0 for none
     * @param breath share of what is no voice
     */
    private static short[] bursts(
            Random random, int count, int millis, int pauseMillis, int hertz, double breath) {
        int each = (millis + pauseMillis) * RATE / 1000;
        int sounding = millis * RATE / 1000;
        short[] all = new short[count * each];
        for (int i = 0; i < all.length; i++) {
            int at = i % each;
            if (at >= sounding) {
                continue;
            }
            double voice = 0;
            for (int k = 1; hertz > 0 && k < 15; k++) {
                voice += Math.sin(2 * Math.PI * hertz * k * i / RATE) / k;
            }
            double swell = Math.sin(Math.PI * at / sounding);
            double sound = (1 - breath) * voice + breath * random.nextGaussian();
            all[i] = (short) Math.clamp(Math.round(3000 * swell * sound), -32768, 32767);
        }
        return all;
    }
}
