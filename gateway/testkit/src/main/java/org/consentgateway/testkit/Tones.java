package org.consentgateway.testkit;

/**
 * Tones at 8 kHz, and how to tell one that was heard, by correlation with sine and cosine. Written
 * apart from the gateway's own. Stateless.
 */
public final class Tones {
    private static final int RATE = 8000;
    private static final int[] ROWS = {697, 770, 852, 941};
    private static final int[] COLUMNS = {1209, 1336, 1477};

    private Tones() {}

    public static short[] sine(double hertz, int millis, int amplitude) {
        short[] samples = new short[millis * RATE / 1000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(amplitude * Math.sin(angle(hertz, i)));
        }
        return samples;
    }

    /** A key for 100 ms (ITU-T Q.23). */
    public static short[] key(char key) {
        int place = "123456789*0#".indexOf(key);
        short[] sum = sine(ROWS[place / 3], 100, 6000);
        short[] column = sine(COLUMNS[place % 3], 100, 6000);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += column[i];
        }
        return sum;
    }

    /** How much of the sound's power is of this frequency: 0 to about 1; 0 for silence. */
    public static double share(short[] samples, double hertz) {
        double sine = 0;
        double cosine = 0;
        double power = 0;
        for (int i = 0; i < samples.length; i++) {
            sine += samples[i] * Math.sin(angle(hertz, i));
            cosine += samples[i] * Math.cos(angle(hertz, i));
            power += (double) samples[i] * samples[i];
        }
        return power == 0 ? 0 : 2 * (sine * sine + cosine * cosine) / (samples.length * power);
    }

    /** Root mean square. */
    public static double level(short[] samples) {
        double power = 0;
        for (short sample : samples) {
            power += (double) sample * sample;
        }
        return samples.length == 0 ? 0 : Math.sqrt(power / samples.length);
    }

    private static double angle(double hertz, int sample) {
        return 2 * Math.PI * hertz * sample / RATE;
    }
}
