package org.consentgateway.media.audio;

/** Tones as samples at 8 kHz, and how to find one again (Goertzel). Immutable. */
public final class Tone {
    private static final int RATE = PcmFrame.SAMPLE_RATE;

    private Tone() {}

    /**
     * @param hertz below 4000
     * @param amplitude of the sine, 0 to 32767
     */
    public static short[] sine(double hertz, int millis, int amplitude) {
        short[] pcm = new short[RATE / 1000 * millis];
        double step = 2 * Math.PI * hertz / RATE;
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(amplitude * Math.sin(step * i));
        }
        return pcm;
    }

    /**
     * The German ring-back tone, to be repeated: 425 Hz for 1 s, then 4 s of silence (ITU-T E.180
     * Supplement 2).
     */
    public static AudioClip ringBack() {
        short[] pcm = new short[5 * RATE];
        short[] tone = sine(425, 1000, 4000);
        System.arraycopy(tone, 0, pcm, 0, tone.length);
        return AudioClip.of(pcm);
    }

    /**
     * Goertzel's filter: how much of the sound's power lies at this frequency.
     *
     * @return 0 (nothing) to about 1 (a pure tone of this frequency); 0 for silence
     */
    public static double share(short[] pcm, int offset, int length, double hertz) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        double before = 0;
        double last = 0;
        double energy = 0;
        for (int i = offset; i < offset + length; i++) {
            double next = pcm[i] + coefficient * last - before;
            before = last;
            last = next;
            energy += (double) pcm[i] * pcm[i];
        }
        if (energy == 0) {
            return 0;
        }
        double power = last * last + before * before - coefficient * last * before;
        return 2 * power / (length * energy);
    }

    public static double share(short[] pcm, double hertz) {
        return share(pcm, 0, pcm.length, hertz);
    }

    /** Root mean square of the samples, 0 to 32768. */
    public static double level(short[] pcm) {
        double energy = 0;
        for (short sample : pcm) {
            energy += (double) sample * sample;
        }
        return pcm.length == 0 ? 0 : Math.sqrt(energy / pcm.length);
    }
}
