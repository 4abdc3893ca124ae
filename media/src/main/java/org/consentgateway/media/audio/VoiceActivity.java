package org.consentgateway.media.audio;

import java.util.Arrays;

/**
 * Confined to its caller. Tells speech from background by energy above an adapting noise floor.
 *
 * <pre>
 *  level     ____        ______  ___
 *  floor+9  -----/------/------\/---\------------------
 *           ____/ \____/             \__________________
 *  speaking        (too short)  ^ STARTED      ^ STOPPED after the hangover
 * </pre>
 *
 * The floor is the quietest of the last two seconds: speech has pauses in that time and a noisy
 * street has not, so the street becomes background and a long sentence does not.
 */
public final class VoiceActivity {
    /** Speech stands out from the background by so many decibels. */
    static final double MARGIN_DB = 9;

    /** Below this level (in dB of full scale) nothing is speech. */
    static final double LEAST_DB = -48;

    /** The background is never taken to be louder than this. */
    static final double HIGHEST_FLOOR_DB = -26;

    /** Four windows of half a second. */
    private static final int WINDOWS = 4;

    private static final int WINDOW_FRAMES = 25;
    private static final double START_FLOOR_DB = -55;

    /** What a frame changed. */
    public enum Change {
        NONE,
        STARTED,
        STOPPED
    }

    private final int onsetFrames;
    private final int hangoverFrames;
    private final double[] quietest = new double[WINDOWS];
    private int frames;
    private double floor = START_FLOOR_DB;
    private boolean speaking;
    private int loud;
    private int soft;

    /**
     * @param onsetMillis of sound in a row that make speech: a click is shorter (60 is usual)
     * @param hangoverMillis of quiet that end it: a pause between words is shorter (500 is usual)
     */
    public VoiceActivity(int onsetMillis, int hangoverMillis) {
        this.onsetFrames = Math.max(1, onsetMillis / 20);
        this.hangoverFrames = Math.max(1, hangoverMillis / 20);
    }

    public Change frame(PcmFrame frame) {
        return samples(frame.samples());
    }

    /** The same with 20 ms of samples. */
    public Change samples(short[] pcm) {
        double level = decibels(pcm);
        boolean above = level > Math.max(LEAST_DB, floor + MARGIN_DB);
        adapt(level);
        loud = above ? loud + 1 : 0;
        soft = above ? 0 : soft + 1;
        if (!speaking && loud >= onsetFrames) {
            speaking = true;
            return Change.STARTED;
        }
        if (speaking && soft >= hangoverFrames) {
            speaking = false;
            return Change.STOPPED;
        }
        return Change.NONE;
    }

    private void adapt(double level) {
        int window = frames / WINDOW_FRAMES % WINDOWS;
        boolean begins = frames % WINDOW_FRAMES == 0;
        quietest[window] = begins ? level : Math.min(quietest[window], level);
        frames++;
        if (frames < WINDOWS * WINDOW_FRAMES) {
            // Nothing is known yet, but that the background is not louder than the quietest frame.
            floor = Math.min(floor, level);
        } else {
            floor = Math.min(Arrays.stream(quietest).min().orElse(level), HIGHEST_FLOOR_DB);
        }
    }

    public boolean speaking() {
        return speaking;
    }

    /** The background as taken at present, in dB of full scale. */
    public double floorDecibels() {
        return floor;
    }

    /** Level of samples in dB of full scale, -90 for silence. */
    public static double decibels(short[] pcm) {
        return Math.max(-90, 20 * Math.log10(Math.max(Tone.level(pcm), 1e-3) / 32_768));
    }
}
