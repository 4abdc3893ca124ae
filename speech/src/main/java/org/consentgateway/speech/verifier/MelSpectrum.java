package org.consentgateway.speech.verifier;

/**
 * The logarithmic mel spectrum of 8 kHz speech, in frames of 25 ms every 10 ms: what Kaldi calls
 * fbank, without dither, with the options of the models' {@code conf/fbank.conf}. Immutable.
 */
final class MelSpectrum {
    static final int BANDS = 40;

    /** Samples of a frame, and from the start of one to the start of the next. */
    static final int FRAME = 200;

    static final int HOP = 80;

    private static final int POINTS = 256;
    private static final int BINS = POINTS / 2;
    private static final double RATE = 8000;
    private static final double LOW_HERTZ = 100;
    private static final double HIGH_HERTZ = 3800;
    private static final double PRE_EMPHASIS = 0.97;
    private static final double POVEY_POWER = 0.85;

    /** The least energy of a band: the smallest step of a 32 bit float from 1. */
    private static final double FLOOR = 1.1920929e-7;

    private final double[] window = new double[FRAME];
    private final double[][] weights = new double[BANDS][BINS];
    private final double[] cosine = new double[BINS];
    private final double[] sine = new double[BINS];

    MelSpectrum() {
        for (int i = 0; i < FRAME; i++) {
            double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (FRAME - 1));
            window[i] = Math.pow(hann, POVEY_POWER);
        }
        for (int i = 0; i < BINS; i++) {
            cosine[i] = Math.cos(-2 * Math.PI * i / POINTS);
            sine[i] = Math.sin(-2 * Math.PI * i / POINTS);
        }
        double low = mel(LOW_HERTZ);
        double step = (mel(HIGH_HERTZ) - low) / (BANDS + 1);
        for (int band = 0; band < BANDS; band++) {
            double left = low + band * step;
            for (int bin = 0; bin < BINS; bin++) {
                double fromLeft = (mel(bin * RATE / POINTS) - left) / step;
                weights[band][bin] = Math.max(0, Math.min(fromLeft, 2 - fromLeft));
            }
        }
    }

    private static double mel(double hertz) {
        return 1127 * Math.log(1 + hertz / 700);
    }

    /** How many whole frames there are; what is left at the end is not looked at. */
    static int frames(int samples) {
        return samples < FRAME ? 0 : 1 + (samples - FRAME) / HOP;
    }

    /**
     * The bands of one frame.
     *
     * @param from its first sample; {@link #FRAME} samples are read
     */
    float[] bands(short[] samples, int from) {
        double[] real = new double[POINTS];
        double[] imaginary = new double[POINTS];
        double mean = 0;
        for (int i = 0; i < FRAME; i++) {
            mean += samples[from + i];
        }
        mean /= FRAME;
        double before = samples[from] - mean;
        for (int i = 0; i < FRAME; i++) {
            double now = samples[from + i] - mean;
            real[i] = (now - PRE_EMPHASIS * before) * window[i];
            before = now;
        }
        transform(real, imaginary);
        float[] bands = new float[BANDS];
        for (int band = 0; band < BANDS; band++) {
            double energy = 0;
            for (int bin = 0; bin < BINS; bin++) {
                double power = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
                energy += weights[band][bin] * power;
            }
            bands[band] = (float) Math.log(Math.max(energy, FLOOR));
        }
        return bands;
    }

    /** Fourier's, fast and in place, by Cooley and Tukey. */
    private void transform(double[] real, double[] imaginary) {
        for (int i = 1; i < POINTS - 1; i++) {
            int mirrored = Integer.reverse(i) >>> Integer.numberOfLeadingZeros(BINS);
            if (i < mirrored) {
                double kept = real[i];
                real[i] = real[mirrored];
                real[mirrored] = kept;
            }
        }
        for (int size = 2; size <= POINTS; size *= 2) {
            int half = size / 2;
            for (int from = 0; from < POINTS; from += size) {
                for (int k = 0; k < half; k++) {
                    double c = cosine[k * (POINTS / size)];
                    double s = sine[k * (POINTS / size)];
                    int even = from + k;
                    int odd = even + half;
                    double r = real[odd] * c - imaginary[odd] * s;
                    double i = real[odd] * s + imaginary[odd] * c;
                    real[odd] = real[even] - r;
                    imaginary[odd] = imaginary[even] - i;
                    real[even] += r;
                    imaginary[even] += i;
                }
            }
        }
    }
}
