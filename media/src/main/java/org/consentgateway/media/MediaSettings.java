package org.consentgateway.media;

import java.net.InetAddress;
import java.time.Duration;

/**
 * Immutable.
 *
 * @param address to bind RTP and RTCP sockets to
 * @param firstPort even; RTP takes even ports, RTCP the next one
 * @param lastPort inclusive
 * @param quarantine how long a returned port pair rests before it is used again
 * @param silenceAfter how long without a packet or a report until {@link MediaListener#mediaLost}
 * @param eventLoops Netty event loops; 0 takes one per core
 * @param opusLegs that may be coded in Opus at once
 * @param trafficClass of the packets sent, 0 to 255: the code point in its upper six bits (RFC
 *     2474)
 */
public record MediaSettings(
        InetAddress address,
        int firstPort,
        int lastPort,
        Duration quarantine,
        Duration silenceAfter,
        int eventLoops,
        int opusLegs,
        int trafficClass) {
    /** RFC 3246, and RFC 4594 §4.1 for voice: code point 46. */
    public static final int EXPEDITED_FORWARDING = 46 << 2;

    /** Marked as voice is, without Opus. */
    public MediaSettings(
            InetAddress address,
            int firstPort,
            int lastPort,
            Duration quarantine,
            Duration silenceAfter,
            int eventLoops) {
        this(
                address,
                firstPort,
                lastPort,
                quarantine,
                silenceAfter,
                eventLoops,
                0,
                EXPEDITED_FORWARDING);
    }
}
