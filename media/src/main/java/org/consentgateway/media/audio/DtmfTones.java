package org.consentgateway.media.audio;

/**
 * Finds keys in the sound itself (ITU-T Q.23, Q.24), for peers that did not agree to RFC 4733
 * events. Confined to its leg's event loop.
 *
 * <p>Every 10 ms it looks at the last 20 ms: two tones, one of each group, and hardly anything
 * else. Three such looks in a row are a key, three others its end; so what is shorter than 20 ms or
 * sounds besides the tones is none. Keys of 50 ms are found wherever they begin. What was lost on
 * the way is not looked at, and ends a key only where nothing comes for a second: one that is held
 * meanwhile is one press.
 *
 * <pre>
 *            1209  1336  1477  1633 Hz
 *     697      1     2     3     A
 *     770      4     5     6     B
 *     852      7     8     9     C
 *     941      *     0     #     D
 * </pre>
 *
 * The thresholds are strict on purpose: a key that is missed is pressed again, one that was never
 * pressed could be a consent.
 */
public final class DtmfTones {
    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1209, 1336, 1477, 1633};
    private static final String[] KEYS = {"123A", "456B", "789C", "*0#D"};
    private static final char NONE = 0;

    private static final int HOP = PcmFrame.SAMPLES / 2;
    private static final int HOP_MILLIS = 10;

    /** Without anything to look at, a key is over. */
    private static final int MOST_LOST_MILLIS = 1000;

    /** Looks that begin a key, and that end it. */
    private static final int IN_A_ROW = 3;

    /** Of a look's power, in both tones together: lets a tone be 1 % off. */
    private static final double LEAST_SHARE = 0.7;

    /** The next tone of a group may have so much of the first one's power. */
    private static final double MOST_BESIDE = 0.3;

    /** ITU-T Q.24: the high tone may be 4 dB stronger or 8 dB weaker; and some. */
    private static final double MOST_TWIST = 4.0;

    private static final double LEAST_TWIST = 0.12;

    /** Root mean square of two tones of -36 dBm0, about. */
    private static final double LEAST_LEVEL = 300;

    /** Hears of keys. */
    public interface Keys {
        void toneBegan(char digit);

        void toneEnded(char digit, int durationMillis);
    }

    private final Keys keys;
    private final short[] window = new short[HOP + PcmFrame.SAMPLES];
    private final short[] look = new short[PcmFrame.SAMPLES];
    private char candidate = NONE;
    private int run;
    private char pressed = NONE;
    private int missed;
    private int millis;

    /** Since the last look. */
    private int lostMillis;

    public DtmfTones(Keys keys) {
        this.keys = keys;
    }

    /** Takes the next 20 ms. */
    public void frame(PcmFrame frame) {
        if (!frame.whole()) {
            lost();
            return;
        }
        System.arraycopy(frame.samples(), 0, window, HOP, PcmFrame.SAMPLES);
        if (lostMillis == 0) {
            looked(keyAt(0));
        } else {
            millis += lostMillis + HOP_MILLIS;
            lostMillis = 0;
        }
        looked(keyAt(HOP));
        System.arraycopy(window, PcmFrame.SAMPLES, window, 0, HOP);
    }

    private void lost() {
        lostMillis = Math.min(MOST_LOST_MILLIS, lostMillis + 2 * HOP_MILLIS);
        if (pressed != NONE && lostMillis == MOST_LOST_MILLIS) {
            end();
        }
    }

    private void end() {
        keys.toneEnded(pressed, millis - missed * HOP_MILLIS);
        pressed = NONE;
    }

    private void looked(char seen) {
        run = seen == candidate ? run + 1 : 1;
        candidate = seen;
        if (pressed != NONE) {
            missed = seen == pressed ? 0 : missed + 1;
            millis += HOP_MILLIS;
            if (missed >= IN_A_ROW) {
                end();
            }
        }
        if (pressed == NONE && seen != NONE && run >= IN_A_ROW) {
            pressed = seen;
            missed = 0;
            millis = IN_A_ROW * HOP_MILLIS;
            keys.toneBegan(seen);
        }
    }

    private char keyAt(int offset) {
        System.arraycopy(window, offset, look, 0, look.length);
        if (Tone.level(look) < LEAST_LEVEL) {
            return NONE;
        }
        double[] low = shares(LOW);
        double[] high = shares(HIGH);
        int row = strongest(low);
        int column = strongest(high);
        boolean alone = alone(low, row) && alone(high, column);
        double twist = high[column] / low[row];
        return alone
                        && low[row] + high[column] >= LEAST_SHARE
                        && twist >= LEAST_TWIST
                        && twist <= MOST_TWIST
                ? KEYS[row].charAt(column)
                : NONE;
    }

    private double[] shares(double[] group) {
        double[] shares = new double[group.length];
        for (int i = 0; i < group.length; i++) {
            shares[i] = Tone.share(look, group[i]);
        }
        return shares;
    }

    private static int strongest(double[] shares) {
        int best = 0;
        for (int i = 1; i < shares.length; i++) {
            best = shares[i] > shares[best] ? i : best;
        }
        return best;
    }

    private static boolean alone(double[] shares, int best) {
        for (int i = 0; i < shares.length; i++) {
            if (i != best && shares[i] > MOST_BESIDE * shares[best]) {
                return false;
            }
        }
        return true;
    }
}
