package org.consentgateway.speech.vosk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
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

    /** Whoever is so much louder than what went on before is somebody else. */
    private static final double NEARER_DB = 9;

    /** 0.6 s: no word begins so much more softly than it goes on. */
    private static final int NEARER_AFTER_FRAMES = 30;

    private static final double BACKGROUND_MARGIN_DB = 3;

    /** Of those, that may belong to the word; as many may at its end. */
    private static final int BEGINNING_FRAMES = 5;

    /** Above the noise, to begin and to go on. */
    private static final double ONSET_DB = 8;

    private static final double STAY_DB = 5;

    /** Below the loudest frame of the utterance nothing counts as its going on. */
    private static final double DYNAMIC_DB = 24;

    /** Below the loudest frame there is no voice; it lasts for 0.3 s. */
    private static final double SUBSIDED_DB = 15;

    private static final int SUBSIDED_FRAMES = 15;

    /** 0.4 s: no word begins more softly for longer. */
    private static final int STIRRING_MOST_FRAMES = 20;

    private static final double QUIETEST_SPEECH_DBFS = -52;

    /**
     * Below {@link #QUIETEST_SPEECH_DBFS} by what the frame before may leave in the filter (3 dB)
     * and what the filter may add (0.4 dB).
     */
    private static final double QUIET_DBFS = -56;

    private static final double QUIET_ENERGY =
            PcmFrame.SAMPLES * 32768.0 * 32768.0 * Math.pow(10, QUIET_DBFS / 10);
    private static final double PROMPT_GATE_DBFS = -40;
    private static final double ECHO_MARGIN_DB = 6;

    /** 0.3 s of what came back of our voice: until then nothing is known of its echo. */
    private static final int ECHO_UNKNOWN_FRAMES = 15;

    /**
     * Of our voice, sent by now in this call: until then more may come back than before, and the
     * first of it, where it is 0.6 s under way there and back.
     */
    private static final int ECHO_UNSURE_MILLIS = 900;

    /**
     * What begins in that time is a word that ends within this, or it was the echo: then it is
     * learned, and no word later on is lost in it.
     */
    private static final int UNTOLD_MILLIS = 1200;

    /** The same for who refuses or withdraws: "Einwilligung widerrufen" takes 1.7 s. */
    private static final int UNTOLD_MOST_MILLIS = 2500;

    /**
     * What is so far below this caller's level is spoken somewhere else in the room. Less would
     * take a word that a caller lets fall for somebody else's.
     */
    private static final double FAR_DB = 16;

    /** 0.2 s: a word may become louder by less than {@link #ECHO_MARGIN_DB} from frame to frame. */
    private static final int SWELLING_FRAMES = 10;

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

    /** As it is coded on a line. */
    private static final PcmFrame SILENCE =
            new PcmFrame(
                    Codec.all().getFirst().decode(Codec.all().getFirst().silence()),
                    0,
                    PcmFrame.Origin.SILENCE);

    private final Deque<PcmFrame> preRoll = new ArrayDeque<>(PRE_ROLL_FRAMES + 1);
    private double floor = START_FLOOR_DBFS;
    private double lastInput;
    private double lastOutput;
    private final LoudestLately echo = new LoudestLately();

    /** Heard beside our prompt, and not yet learned as its echo. */
    private final Deque<Double> swelling = new ArrayDeque<>(SWELLING_FRAMES + 1);

    /** Of the utterance under way. */
    private final LoudestLately before = new LoudestLately();

    /** The loudest of what the utterance under way has overtaken. */
    private double background = Double.NEGATIVE_INFINITY;

    private boolean begun;
    private boolean prompting;

    /** Frames in which our voice may have come back, while nothing was known of that. */
    private int cameBack;

    private CallerLevels levels = new CallerLevels();
    private double activeEnergy;
    private int sincePrompt = ECHO_TAIL_FRAMES;
    private int loudInARow;
    private double lastLevel = START_FLOOR_DBFS;
    private final double[] window = new double[STEADY_WINDOW];
    private boolean speaking;
    private boolean begunAnew;
    private List<PcmFrame> asHeard = List.of();
    private boolean echoInPreRoll;
    private int louderInARow;

    /** Nobody can tell yet whether somebody speaks or our own prompt comes back. */
    private boolean untold;

    /** Of the utterance under way something was left out that a caller may have said after all. */
    private boolean leftOut;

    /** Frames of the utterance that were left out for being no louder than our own echo. */
    private int hiding;

    /** The most of them between two words that were heard. */
    private int hidden;

    private double peak;
    private int active;
    private int quiet;
    private int sinceLoud;
    private int stirring;
    private int sinceOnset;
    private long endMillis;

    Endpointer() {
        lead();
    }

    /** A model that hears a word without any silence before it often hears nothing. */
    private void lead() {
        preRoll.clear();
        for (int i = 0; i < PRE_ROLL_FRAMES; i++) {
            preRoll.addLast(SILENCE);
        }
    }

    /**
     * @param known of this caller, by what was heard before
     */
    void prompt(boolean playing, CallerLevels known) {
        levels = known;
        if (!begun) {
            begun = true;
            floor = Double.isNaN(known.noiseDbfs()) ? START_FLOOR_DBFS : known.noiseDbfs();
        }
        if (playing && !prompting) {
            swelling.clear();
            if (!Double.isNaN(known.echoDbfs())) {
                echo.add(known.echoDbfs());
            }
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

    /**
     * Whether the utterance under way may as well be our own prompt: then it counts only if it is
     * understood.
     */
    boolean untold() {
        return untold;
    }

    /** Whether what may be our own prompt has lasted too long for a word. */
    boolean untoldForLong() {
        return untold && utteranceMillis() >= UNTOLD_MILLIS;
    }

    /** Whether it has lasted too long for a phrase, too. */
    boolean untoldForTooLong() {
        return untold && utteranceMillis() >= UNTOLD_MOST_MILLIS;
    }

    /**
     * Whether something was left out of the utterance for being said beside the caller, of whom
     * nothing is known yet: then it may be the caller's, too.
     */
    boolean leftOut() {
        return leftOut;
    }

    /**
     * Whether the utterance is no louder than what was there while we spoke, so that it need not be
     * this caller, of whom nothing is known yet.
     */
    boolean besideTheCaller() {
        return besideTheCaller(speechDbfs());
    }

    /**
     * For how long something has been there that is louder than the noise and no speech yet: a word
     * may begin so softly. 0 where nothing is, or where it has been there for too long for that.
     */
    int stirringMillis() {
        return stirring > STIRRING_MOST_FRAMES ? 0 : stirring * FRAME_MILLIS;
    }

    /**
     * Whether all that was heard lately is far below the speech of the utterance, as the noise
     * around it is. A model that thinks speech has ended takes a strange word for such noise.
     */
    boolean subsided() {
        return sinceOnset >= SUBSIDED_FRAMES && sinceLoud >= SUBSIDED_FRAMES;
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

    /**
     * Milliseconds of sound that were left out in one place between two words of the utterance
     * because they were no louder than our own echo: a word of the caller may have been among them.
     */
    int hiddenMillis() {
        return hidden * FRAME_MILLIS;
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
        boolean unsure = prompting && heardLessThan(ECHO_UNSURE_MILLIS);
        boolean learning = unsure && cameBack < ECHO_UNKNOWN_FRAMES;
        sincePrompt++;
        if (prompting) {
            levels.promptMillis(levels.promptMillis() + FRAME_MILLIS);
        }
        if (learning && level > floor + ONSET_DB) {
            cameBack++;
        }
        begunAnew = false;
        asHeard = List.of();
        if (speaking) {
            if (untold && learning) {
                learnEcho(level);
            }
            asHeard = List.of(frame);
            return speaking(frame, level, echoing);
        }
        double gate = gate(echoing, learning);
        boolean loud = level > gate && frame.origin() == PcmFrame.Origin.RECEIVED;
        stirring = level > floor + ONSET_DB ? stirring + 1 : 0;
        if (loud) {
            loudInARow = level > lastLevel - KNOCK_DB ? loudInARow + 1 : 1;
        } else if (frame.origin() != PcmFrame.Origin.CONCEALED) {
            loudInARow = 0;
        }
        lastLevel = level;
        if (learning || (unsure && !loud)) {
            learnEcho(level);
        } else if (!loud) {
            learnEchoLater(level);
        }
        keep(frame, echoing);
        if (loudInARow < ONSET_FRAMES) {
            if (!loud) {
                learnNoise(level);
            }
            return List.of();
        }
        return begin(frame, level, unsure);
    }

    /** A little more than the word itself; of what came before it, our own echo is left out. */
    private void keep(PcmFrame frame, boolean echoing) {
        preRoll.addLast(frame);
        if (preRoll.size() > PRE_ROLL_FRAMES + 1) {
            preRoll.removeFirst();
        }
        echoInPreRoll = echoing && echo.most() > floor + ONSET_DB;
    }

    private List<PcmFrame> begin(PcmFrame frame, double level, boolean unsure) {
        swelling.clear();
        speaking = true;
        stirring = 0;
        louderInARow = 0;
        before.forget();
        before.add(level);
        background = Double.NEGATIVE_INFINITY;
        hiding = 0;
        hidden = 0;
        leftOut = false;
        untold = unsure;
        peak = level;
        active = ONSET_FRAMES;
        activeEnergy = ONSET_FRAMES * energy(level);
        quiet = 0;
        sinceLoud = 0;
        sinceOnset = ONSET_FRAMES;
        endMillis = frame.mediaMillis() + FRAME_MILLIS;
        asHeard = List.copyOf(preRoll);
        List<PcmFrame> frames = new ArrayList<>(preRoll);
        int word = frames.size() - BEGINNING_FRAMES;
        for (int i = 0; echoInPreRoll && i < word; i++) {
            frames.set(i, SILENCE);
        }
        preRoll.clear();
        return frames;
    }

    /** An utterance goes on. */
    private List<PcmFrame> speaking(PcmFrame frame, double level, boolean echoing) {
        keep(frame, echoing);
        if (nearer(level)) {
            begunAnew = true;
            double overtaken = untold ? Double.NEGATIVE_INFINITY : before.most();
            boolean told = leftOut || (!untold && besideTheCaller(overtaken));
            echoInPreRoll = true;
            List<PcmFrame> frames = begin(frame, level, false);
            background = overtaken;
            leftOut = told;
            return frames;
        }
        if (untold && louderInARow == 0) {
            learnEcho(level);
        }
        boolean ours = echoing && !untold && level <= echo.most();
        boolean far = level <= Math.max(background + BACKGROUND_MARGIN_DB, farLimit());
        if (ours && level > floor + STAY_DB) {
            hiding++;
        }
        goOn(frame, level, ours || far);
        return List.of(ours || (far && quiet > BEGINNING_FRAMES) ? SILENCE : frame);
    }

    /**
     * What is no louder is somebody else in the room: by the level of a caller who is known, or,
     * where the utterance is far louder than all that was there while we spoke, by that.
     */
    private double farLimit() {
        if (!Double.isNaN(levels.callerDbfs())) {
            return farFromTheCaller(levels.callerDbfs() - NEARER_DB);
        }
        double around = levels.echoDbfs();
        if (Double.isNaN(around) || peak <= around + NEARER_DB) {
            return Double.NEGATIVE_INFINITY;
        }
        return around + BACKGROUND_MARGIN_DB;
    }

    /**
     * @param most whatever is spoken beside the caller
     */
    private double farFromTheCaller(double most) {
        double beside = Math.min(levels.besideDbfs() + BACKGROUND_MARGIN_DB, most);
        return Math.max(levels.callerDbfs() - FAR_DB, beside);
    }

    /** Whether it is as loud as what was there while we spoke, and this caller is not known yet. */
    private boolean besideTheCaller(double level) {
        return Double.isNaN(levels.callerDbfs())
                && level <= levels.echoDbfs() + BACKGROUND_MARGIN_DB;
    }

    /**
     * Whether somebody begins to speak who is far louder than what has gone on until now: nearer
     * than a television, or no echo.
     */
    private boolean nearer(double level) {
        double until = untold ? echo.most() + ECHO_MARGIN_DB : before.most() + NEARER_DB;
        int least = besideTheCaller(before.most()) ? 0 : NEARER_AFTER_FRAMES;
        if (untold) {
            least = PRE_ROLL_FRAMES;
        }
        louderInARow = level > until ? louderInARow + 1 : 0;
        if (louderInARow == 0) {
            before.add(level);
        }
        return louderInARow == ONSET_FRAMES && sinceOnset > least;
    }

    /** The frames that were just given to decode, with all that was left out of them. */
    List<PcmFrame> asHeard() {
        return asHeard;
    }

    /**
     * The loudest of what is spoken beside the caller, if something was overtaken by the caller.
     */
    double backgroundDbfs() {
        return leftOut ? Math.max(background, levels.echoDbfs()) : background;
    }

    /**
     * Whether what was taken for a beginning was not: with the frames just given to decode another
     * utterance begins, and what was decoded before is to be forgotten.
     */
    boolean begunAnew() {
        return begunAnew;
    }

    /** Of prompts; who was understood once is told from an echo by level. */
    private boolean heardLessThan(int millis) {
        return levels.promptMillis() < millis && Double.isNaN(levels.callerDbfs());
    }

    /** What is louder is somebody who speaks. */
    private double gate(boolean echoing, boolean learning) {
        double gate = Math.max(floor + ONSET_DB, QUIETEST_SPEECH_DBFS);
        if (!Double.isNaN(levels.callerDbfs())) {
            gate = Math.max(gate, farFromTheCaller(levels.callerDbfs()));
        }
        if (echoing) {
            double back = learning ? Double.NEGATIVE_INFINITY : echo.most() + ECHO_MARGIN_DB;
            gate = Math.max(gate, Math.max(PROMPT_GATE_DBFS, back));
        }
        return gate;
    }

    /**
     * What swells may be the beginning of a word: an echo is learned when it has not become one.
     */
    private void learnEchoLater(double level) {
        swelling.addLast(level);
        if (swelling.size() > SWELLING_FRAMES) {
            learnEcho(swelling.removeFirst());
        }
    }

    private void learnEcho(double level) {
        if (prompting || sincePrompt < ECHO_TAIL_FRAMES) {
            echo.add(level);
        }
        if (prompting) {
            levels.echo(echo.most());
        }
    }

    /** The utterance was dealt with; wait for the next. */
    void reset() {
        speaking = false;
        untold = false;
        loudInARow = 0;
        lead();
    }

    /**
     * @param ours no louder than our own echo
     */
    private void goOn(PcmFrame frame, double level, boolean ours) {
        window[sinceOnset % STEADY_WINDOW] = level;
        sinceOnset++;
        peak = Math.max(peak, level);
        sinceLoud = level > peak - SUBSIDED_DB ? 0 : sinceLoud + 1;
        if (sinceOnset > STEADY_FRAMES) {
            double steady = Arrays.stream(window).min().orElse(floor);
            floor = Math.max(floor, Math.min(floor + STEADY_RISE_DB, steady));
        }
        boolean loud =
                level > Math.max(floor + STAY_DB, peak - DYNAMIC_DB)
                        && level > QUIETEST_SPEECH_DBFS
                        && !ours
                        && frame.origin() != PcmFrame.Origin.SILENCE;
        leftOut |=
                ours
                        && !loud
                        && level > floor + ONSET_DB
                        && level <= farLimit()
                        && Double.isNaN(levels.callerDbfs());
        if (loud) {
            hidden = Math.max(hidden, hiding);
            hiding = 0;
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
        levels.noise(floor);
    }

    private static double energy(double dbfs) {
        return Math.pow(10, dbfs / 10);
    }

    /**
     * Whether no utterance can begin with this frame if the one before was so quiet, too, whatever
     * is known of the line. Hum and offset count, so it may be false where it need not be.
     */
    static boolean isQuiet(PcmFrame frame) {
        long energy = 0;
        for (short sample : frame.samples()) {
            energy += (long) sample * sample;
        }
        return energy < QUIET_ENERGY;
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
