package org.consentgateway.media;

/**
 * Counters of one leg so far. Immutable.
 *
 * @param jitterMillis interarrival jitter by RFC 3550 §6.4.1, in milliseconds
 * @param roundTripMillis from RTCP (RFC 3550 §6.4.1 LSR/DLSR), or -1
 * @param droppedStrangers packets from outside the source lock
 * @param droppedMalformed packets that are no RTP
 * @param farLostPackets of ours, as the peer's RTCP says; -1 if it said nothing
 * @param farJitterMillis at the peer, as its RTCP says
 * @param droppedForged packets that SRTP found forged or replayed
 */
public record MediaStats(
        long sentPackets,
        long receivedPackets,
        long lostPackets,
        long latePackets,
        double jitterMillis,
        double roundTripMillis,
        long farLostPackets,
        double farJitterMillis,
        long droppedStrangers,
        long droppedMalformed,
        long droppedForged) {
    public static final MediaStats NONE = new MediaStats(0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0);

    /** ITU-T G.107 §7.7: the transmission rating of an undisturbed narrow-band call. */
    private static final double BEST_RATING = 93.2;

    /** ITU-T G.113 Appendix I: how well G.711 with concealment bears random loss, in percent. */
    private static final double LOSS_ROBUSTNESS = 25.1;

    /** The jitter buffer starts with so much delay. */
    private static final double BUFFER_MILLIS = 40;

    /**
     * An estimate of the mean opinion score of what was received, by the E-model (ITU-T G.107) with
     * only loss and delay taken in.
     *
     * @return 1 (bad) to 4.4 (as good as G.711 gets), or NaN before anything was received
     */
    public double mos() {
        if (receivedPackets == 0) {
            return Double.NaN;
        }
        return mos(lossPercent(), jitterMillis);
    }

    /** Of what the peer sent: 0 to 100, or NaN before anything was received. */
    public double lossPercent() {
        long expected = lostPackets + receivedPackets;
        return receivedPackets == 0 ? Double.NaN : 100.0 * lostPackets / expected;
    }

    /**
     * The same estimate of what the peer hears of us, from its RTCP (RFC 3550 §6.4.1).
     *
     * @return as {@link #mos()}, or NaN if it has reported nothing
     */
    public double farMos() {
        if (farLostPackets < 0 || sentPackets == 0) {
            return Double.NaN;
        }
        return mos(Math.min(100, 100.0 * farLostPackets / sentPackets), farJitterMillis);
    }

    private double mos(double loss, double jitter) {
        double lossImpairment = 95 * loss / (loss + LOSS_ROBUSTNESS);
        double oneWay = Math.max(0, roundTripMillis) / 2 + BUFFER_MILLIS + 2 * jitter;
        double delayImpairment = 0.024 * oneWay + 0.11 * Math.max(0, oneWay - 177.3);
        double rating = Math.clamp(BEST_RATING - lossImpairment - delayImpairment, 0, 100);
        return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
    }
}
