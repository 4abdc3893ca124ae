package org.consentgateway.media.audio;

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
 * The floor falls quickly and rises slowly (more slowly still while somebody speaks), so that a
 * noisy street becomes background within seconds, and a long sentence does not.
 */
public final class VoiceActivity {
    /** Speech stands out from the background by so many decibels. */
    static final double MARGIN_DB = 9;

    /** Below this level (in dB of full scale) nothing is speech. */
    static final double LEAST_DB = -48;

    /** The background is never taken to be louder than this. */
    static final double HIGHEST_FLOOR_DB = -26;

    private static final double RISE_DB = 0.06;
    private static final double RISE_IN_SPEECH_DB = 0.01;
    private static final double FALL = 0.25;
    private static final double START_FLOOR_DB = -55;

    /** What a frame changed. */
    public enum Change {
        NONE,
        STARTED,
        STOPPED
    }

    private final int onsetFrames;
    private final int hangoverFrames;
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
        if (level < floor) {
            floor += (level - floor) * FALL;
        } else {
            floor += Math.min(level - floor, speaking ? RISE_IN_SPEECH_DB : RISE_DB);
        }
        floor = Math.clamp(floor, -90, HIGHEST_FLOOR_DB);
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
