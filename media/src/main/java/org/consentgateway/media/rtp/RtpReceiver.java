package org.consentgateway.media.rtp;

/**
 * Who speaks (one SSRC) and how well it arrives: sequence check, loss and jitter by RFC 3550 A.1,
 * A.3 and A.8. Confined to its leg's event loop; the counters may be read from anywhere.
 *
 * <p>A second SSRC from the right address is an intruder as long as the first one is alive. Only
 * when that has been silent and the new one has sent {@link #CHANGE_PROBATION} packets in sequence
 * is it believed (an exchange behind the same address transferred the call without telling us).
 */
public final class RtpReceiver {
    /** RFC 3550 A.1. */
    static final int MAX_DROPOUT = 3000;

    /** RFC 3550 A.1. */
    static final int MAX_MISORDER = 100;

    /** Packets in sequence until a new SSRC is believed. */
    static final int CHANGE_PROBATION = 5;

    /** How long the old SSRC must be silent until a new one is believed. */
    static final long CHANGE_SILENCE_NANOS = 200_000_000L;

    private static final int SEQUENCES = 1 << 16;

    /** What to do with a packet. */
    public enum Verdict {
        ACCEPT,
        /**
         * The first packet of a believed SSRC, the first one or another: what was known is void.
         */
        ACCEPT_NEW_SOURCE,
        /** Another SSRC while the known one is alive, or not yet believed. */
        INTRUDER,
        /** A sequence number far from what was expected, not yet confirmed by the next. */
        WILD_SEQUENCE
    }

    private final int probation;
    private boolean started;
    private int ssrc;
    private int baseSequence;
    private int highest;
    private int cycles;
    private int badSequence = -1;
    private long lastNanos;
    private int candidateSsrc;
    private int candidateSequence = -1;
    private int candidateRun;

    private long receivedOfSource;
    private long expectedBefore;
    private long receivedBefore;
    private long lostOfEarlierSources;
    private int lastTransit;
    private boolean hasTransit;
    private double jitter;

    private final Tally received = new Tally();
    private final Tally lost = new Tally();
    private final Tally jitterMicros = new Tally();

    public RtpReceiver() {
        this(CHANGE_PROBATION);
    }

    /**
     * @param probation packets in sequence until a new SSRC is believed
     */
    public RtpReceiver(int probation) {
        this.probation = probation;
    }

    public Verdict packet(int source, int sequence, long nowNanos) {
        if (!started) {
            start(source, sequence);
            return accept(nowNanos, Verdict.ACCEPT_NEW_SOURCE);
        }
        if (source != ssrc) {
            return challenged(source, sequence, nowNanos);
        }
        int delta = (sequence - highest) & 0xFFFF;
        if (delta < MAX_DROPOUT) {
            if (sequence < highest) {
                cycles += SEQUENCES;
            }
            highest = sequence;
        } else if (delta <= SEQUENCES - MAX_MISORDER) {
            if (sequence != badSequence) {
                badSequence = (sequence + 1) & 0xFFFF;
                return Verdict.WILD_SEQUENCE;
            }
            // Two in sequence: the sender restarted without saying so (RFC 3550 A.1).
            start(source, sequence);
            return accept(nowNanos, Verdict.ACCEPT_NEW_SOURCE);
        }
        return accept(nowNanos, Verdict.ACCEPT);
    }

    private Verdict challenged(int source, int sequence, long nowNanos) {
        boolean follows = source == candidateSsrc && sequence == ((candidateSequence + 1) & 0xFFFF);
        candidateRun = follows ? candidateRun + 1 : 1;
        candidateSsrc = source;
        candidateSequence = sequence;
        if (candidateRun < probation || nowNanos - lastNanos < CHANGE_SILENCE_NANOS) {
            return Verdict.INTRUDER;
        }
        start(source, sequence);
        return accept(nowNanos, Verdict.ACCEPT_NEW_SOURCE);
    }

    private void start(int source, int sequence) {
        if (started) {
            lostOfEarlierSources += expected() - receivedOfSource;
        }
        started = true;
        ssrc = source;
        baseSequence = sequence;
        highest = sequence;
        cycles = 0;
        badSequence = -1;
        candidateRun = 0;
        receivedOfSource = 0;
        expectedBefore = 0;
        receivedBefore = 0;
        hasTransit = false;
    }

    private Verdict accept(long nowNanos, Verdict verdict) {
        lastNanos = nowNanos;
        badSequence = -1;
        receivedOfSource++;
        received.one();
        // Duplicates may outnumber the lost, so this can be negative (RFC 3550 §6.4.1).
        lost.set(Math.max(0, lostOfEarlierSources + expected() - receivedOfSource));
        return verdict;
    }

    /**
     * Takes one audio packet into the jitter (RFC 3550 A.8). Not for RFC 4733 events, whose
     * timestamp stands still.
     */
    public void timed(int timestamp, long nowNanos) {
        int arrival = (int) (nowNanos / 125_000);
        int transit = arrival - timestamp;
        if (hasTransit) {
            int difference = Math.abs(transit - lastTransit);
            // A jump of the sender's clock is not jitter.
            if (difference < 8000) {
                jitter += (difference - jitter) / 16;
                jitterMicros.set((long) (jitter * 125));
            }
        }
        lastTransit = transit;
        hasTransit = true;
    }

    private long expected() {
        return (long) cycles + highest - baseSequence + 1;
    }

    public boolean started() {
        return started;
    }

    public int ssrc() {
        return ssrc;
    }

    /** RFC 3550 §6.4.1: extended highest sequence number received. */
    public int extendedHighest() {
        return cycles + highest;
    }

    /** In timestamp units of 125 µs. */
    public int jitterUnits() {
        return (int) jitter;
    }

    /** RFC 3550 §6.4.1, of the present source: 24 bits, signed. */
    public int cumulativeLost() {
        return (int) Math.clamp(expected() - receivedOfSource, -0x800000L, 0x7FFFFFL);
    }

    /** RFC 3550 A.3: of 256, since the last call. */
    public int fractionLost() {
        long expectedNow = expected() - expectedBefore;
        long receivedNow = receivedOfSource - receivedBefore;
        expectedBefore = expected();
        receivedBefore = receivedOfSource;
        long lostNow = expectedNow - receivedNow;
        return expectedNow <= 0 || lostNow <= 0
                ? 0
                : (int) Math.min(255, (lostNow << 8) / expectedNow);
    }

    /** Any thread. */
    public long receivedPackets() {
        return received.value();
    }

    /** Any thread. */
    public long lostPackets() {
        return lost.value();
    }

    /** Any thread. */
    public double jitterMillis() {
        return jitterMicros.value() / 1000.0;
    }
}
