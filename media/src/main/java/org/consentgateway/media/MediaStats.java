package org.consentgateway.media;

/**
 * Immutable. Counters of one leg so far.
 *
 * @param jitterMillis interarrival jitter by RFC 3550 §6.4.1, in milliseconds
 * @param roundTripMillis from RTCP (RFC 3550 §6.4.1 LSR/DLSR), or -1
 * @param droppedStrangers packets from outside the source lock
 * @param droppedMalformed packets that are no RTP
 * @param droppedForged packets that SRTP found forged or replayed
 */
public record MediaStats(
        long sentPackets,
        long receivedPackets,
        long lostPackets,
        long latePackets,
        double jitterMillis,
        double roundTripMillis,
        long droppedStrangers,
        long droppedMalformed,
        long droppedForged) {
    public static final MediaStats NONE = new MediaStats(0, 0, 0, 0, 0, -1, 0, 0, 0);

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
        double loss = 100.0 * lostPackets / (lostPackets + receivedPackets);
        double lossImpairment = 95 * loss / (loss + LOSS_ROBUSTNESS);
        double oneWay = Math.max(0, roundTripMillis) / 2 + BUFFER_MILLIS + 2 * jitterMillis;
        double delayImpairment = 0.024 * oneWay + 0.11 * Math.max(0, oneWay - 177.3);
        double rating = Math.clamp(BEST_RATING - lossImpairment - delayImpairment, 0, 100);
        return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
    }
}
