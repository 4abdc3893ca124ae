package org.consentgateway.media;

/**
 * Immutable. Counters of one leg so far.
 *
 * @param jitterMillis interarrival jitter by RFC 3550 §6.4.1, in milliseconds
 * @param roundTripMillis from RTCP (RFC 3550 §6.4.1 LSR/DLSR), or -1
 * @param droppedStrangers packets from outside the source lock
 * @param droppedMalformed packets that are no RTP
 */
public record MediaStats(
        long sentPackets,
        long receivedPackets,
        long lostPackets,
        long latePackets,
        double jitterMillis,
        double roundTripMillis,
        long droppedStrangers,
        long droppedMalformed) {
    public static final MediaStats NONE = new MediaStats(0, 0, 0, 0, 0, -1, 0, 0);
}
