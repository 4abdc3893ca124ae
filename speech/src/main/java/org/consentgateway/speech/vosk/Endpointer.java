package org.consentgateway.speech.vosk;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;

/**
 * Tells speech from its surroundings by level, 20 ms at a time, so that a decision comes soon after
 * a word: the models' own rule waits 0.45 to 1 s. Confined to the worker of its listening.
 *
 * <pre>
 * level   ___/~~~~\__/~~\________________
 *            |  |       |      |
 *            |  onset   end    quiet for HANG_* : ask for the final result
 *            start (the pre-roll is decoded too)
 * </pre>
 *
 * <p>While our own prompt is being sent, speech must stand {@link #ECHO_MARGIN_DB} above everything
 * that came back so far (the echo of a prompt is as loud at its end as at its beginning) and above
 * {@link #PROMPT_GATE_DBFS}: prompts are played at -19 dBFS, and an echo that loses less than 21 dB
 * on its way raises the gate by what it brings. Who speaks into a loudspeaker telephone without
 * echo cancelling cannot interrupt by voice, but by key, and by voice after the prompt.
 */
final class Endpointer {
    static final int FRAME_MILLIS = 20;

    /**
     * Loud frames in a row that make an onset: 40 ms, and the prompt stops with the next packet.
     */
    private static final int ONSET_FRAMES = 2;

    /** Decoded before the onset: a voiced word often begins with something quiet. */
    private static final int PRE_ROLL_FRAMES = 15;

    /** Above the noise, to begin and to go on. */
    private static final double ONSET_DB = 8;

    private static final double STAY_DB = 5;

    /** Below the loudest frame of the utterance nothing counts as its going on. */
    private static final double DYNAMIC_DB = 30;

    private static final double QUIETEST_SPEECH_DBFS = -52;
    private static final double PROMPT_GATE_DBFS = -40;
    private static final double ECHO_MARGIN_DB = 6;
    private static final double ECHO_DECAY_DB = 10.0 / 50;

    /** From the start of the first prompt, in which its echo is only learned. */
    private static final int LEARN_FRAMES = 15;

    /** 1 s: what came back of so much of a prompt is its echo. */
    private static final int ECHO_KNOWN_FRAMES = 50;

    /**
     * What is so far below this caller's level is spoken somewhere else in the room. Less would
     * take a word that a caller lets fall for somebody else's.
     */
    private static final double FAR_DB = 16;

    /** An echo goes on after the prompt. */
    private static final int ECHO_TAIL_FRAMES = 15;

    private static final double START_FLOOR_DBFS = -62;
    private static final double FLOOR_RISE_DB = 3.0 / 50;

    /** Speech pauses for breath; what stays as loud for two seconds is noise. */
    private static final int STEADY_FRAMES = 100;

    private static final double STEADY_RISE_DB = 25.0 / 50;

    /** 0.5 s: speech has a gap in it. */
    private static final int STEADY_WINDOW = 25;

    private static final double LOWEST_FLOOR_DBFS = -66;

    /** A knock is over in one frame; what rings on in the next is far quieter. */
    private static final double KNOCK_DB = 15;

    private final Deque<PcmFrame> preRoll = new ArrayDeque<>(PRE_ROLL_FRAMES + 1);
    private double floor = START_FLOOR_DBFS;
    private double lastInput;
    private double lastOutput;
    private double echo = Double.NEGATIVE_INFINITY;
    private boolean prompting;
    private CallerLevels levels = new CallerLevels();
    private double activeEnergy;
    private int sincePrompt = ECHO_TAIL_FRAMES;
    private int promptFrames;
    private int loudInARow;
    private double lastLevel = START_FLOOR_DBFS;
    private final double[] window = new double[STEADY_WINDOW];
    private boolean speaking;
    private double peak;
    private int active;
    private int quiet;
    private int sinceOnset;
    private long endMillis;

    /**
     * @param known of this caller, by what was heard before
     */
    void prompt(boolean playing, CallerLevels known) {
        levels = known;
        if (playing && !prompting) {
            boolean learned = !Double.isNaN(known.echoDbfs());
            // Who was understood once is told from an echo by level: no word behind a yes is lost.
            boolean understood = !Double.isNaN(known.callerDbfs());
            promptFrames = learned || understood ? LEARN_FRAMES : 0;
            echo = learned ? known.echoDbfs() : Double.NEGATIVE_INFINITY;
        }
        if (!playing && prompting) {
            sincePrompt = 0;
        }
        prompting = playing;
    }

    /** The level of the speech of the utterance, pauses not counted. */
    double speechDbfs() {
        return 10 * Math.log10(activeEnergy / Math.max(1, active) + 1e-9);
    }

    /** Whether an utterance is under way, including the silence that may end it. */
    boolean speaking() {
        return speaking;
    }

    /** Milliseconds of speech of the utterance, pauses not counted. */
    int speechMillis() {
        return active * FRAME_MILLIS;
    }

    /** Milliseconds since the last speech of the utterance. */
    int quietMillis() {
        return quiet * FRAME_MILLIS;
    }

    /** Milliseconds since the onset. */
    int utteranceMillis() {
        return sinceOnset * FRAME_MILLIS;
    }

    /** Media time at which the last speech ended. */
    long endMillis() {
        return endMillis;
    }

    /**
     * Takes 20 ms.
     *
     * @return the frames to decode now: none while nobody speaks, the pre-roll and this one at an
     *     onset, this one afterwards
     */
    List<PcmFrame> take(PcmFrame frame) {
        double level = level(frame.samples());
        boolean echoing = prompting || sincePrompt < ECHO_TAIL_FRAMES;
        sincePrompt++;
        promptFrames++;
        if (speaking) {
            goOn(frame, level);
            return List.of(frame);
        }
        double gate = Math.max(floor + ONSET_DB, QUIETEST_SPEECH_DBFS);
        if (!Double.isNaN(levels.callerDbfs())) {
            gate = Math.max(gate, levels.callerDbfs() - FAR_DB);
        }
        if (echoing) {
            gate = Math.max(gate, Math.max(PROMPT_GATE_DBFS, echo + ECHO_MARGIN_DB));
            if (prompting && promptFrames <= LEARN_FRAMES) {
                gate = Double.POSITIVE_INFINITY;
            }
        }
        boolean loud = level > gate && frame.origin() == PcmFrame.Origin.RECEIVED;
        if (loud) {
            loudInARow = level > lastLevel - KNOCK_DB ? loudInARow + 1 : 1;
        } else if (frame.origin() != PcmFrame.Origin.CONCEALED) {
            loudInARow = 0;
        }
        lastLevel = level;
        echo = Math.max(echo - ECHO_DECAY_DB, loud ? Double.NEGATIVE_INFINITY : level);
        if (prompting && promptFrames >= ECHO_KNOWN_FRAMES) {
            levels.echo(echo);
        }
        preRoll.addLast(frame);
        if (preRoll.size() > PRE_ROLL_FRAMES + 1) {
            preRoll.removeFirst();
        }
        if (loudInARow < ONSET_FRAMES) {
            if (!loud) {
                learnNoise(level);
            }
            return List.of();
        }
        speaking = true;
        peak = level;
        active = ONSET_FRAMES;
        activeEnergy = ONSET_FRAMES * energy(level);
        quiet = 0;
        sinceOnset = ONSET_FRAMES;
        endMillis = frame.mediaMillis() + FRAME_MILLIS;
        var frames = List.copyOf(preRoll);
        preRoll.clear();
        return frames;
    }

    /** The utterance was dealt with; wait for the next. */
    void reset() {
        speaking = false;
        loudInARow = 0;
        preRoll.clear();
    }

    private void goOn(PcmFrame frame, double level) {
        window[sinceOnset % STEADY_WINDOW] = level;
        sinceOnset++;
        peak = Math.max(peak, level);
        if (sinceOnset > STEADY_FRAMES) {
            double steady = Arrays.stream(window).min().orElse(floor);
            floor = Math.max(floor, Math.min(floor + STEADY_RISE_DB, steady));
        }
        boolean loud =
                level > Math.max(floor + STAY_DB, peak - DYNAMIC_DB)
                        && level > QUIETEST_SPEECH_DBFS
                        && frame.origin() != PcmFrame.Origin.SILENCE;
        if (loud) {
            active++;
            activeEnergy += energy(level);
            quiet = 0;
            endMillis = frame.mediaMillis() + FRAME_MILLIS;
        } else {
            quiet++;
            learnNoise(level);
        }
    }

    /** Falls at once, rises slowly: the floor is what is there between the words. */
    private void learnNoise(double level) {
        floor = level < floor ? 0.7 * floor + 0.3 * level : Math.min(level, floor + FLOOR_RISE_DB);
        floor = Math.max(floor, LOWEST_FLOOR_DBFS);
    }

    private static double energy(double dbfs) {
        return Math.pow(10, dbfs / 10);
    }

    /** dBFS of the frame, hum and offset taken away. */
    private double level(short[] samples) {
        double energy = 0;
        for (short sample : samples) {
            // One pole at 100 Hz: y = x - x' + 0.92 y'.
            double out = sample - lastInput + 0.92 * lastOutput;
            lastInput = sample;
            lastOutput = out;
            energy += out * out;
        }
        return 10 * Math.log10(energy / samples.length / (32768.0 * 32768.0) + 1e-9);
    }
}
