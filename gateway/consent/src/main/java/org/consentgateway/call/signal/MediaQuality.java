package org.consentgateway.call.signal;

/**
 * Immutable. How the caller's RTP went over the whole call: what came, what its RTCP says of ours
 * (RFC 3550 §6.4.1), and what was not used.
 */
public record MediaQuality(Stream received, Stream sent, Dropped dropped) {
    public static final MediaQuality NONE =
            new MediaQuality(Stream.NONE, Stream.NONE, new Dropped(0, 0, 0, 0));

    /**
     * One direction.
     *
     * @param lost packets that never came, 0 where nobody told
     * @param jitterMillis interarrival jitter
     * @param mos mean opinion score estimated by ITU-T G.107, 1 to 4.4; NaN where it is not known
     */
    public record Stream(long packets, long lost, double jitterMillis, double mos) {
        static final Stream NONE = new Stream(0, 0, 0, Double.NaN);
    }

    /**
     * Packets that came and were not used.
     *
     * @param strangers from outside the source lock
     * @param malformed that are no RTP
     * @param forged that SRTP found forged or replayed
     */
    public record Dropped(long late, long strangers, long malformed, long forged) {}

    /** Of what was sent to us: 0 to 100, or NaN where nothing came. */
    public double lossPercent() {
        long came = received.packets();
        return came == 0 ? Double.NaN : 100.0 * received.lost() / (received.lost() + came);
    }
}
