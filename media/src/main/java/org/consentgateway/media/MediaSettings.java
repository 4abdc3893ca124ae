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
 * @param silenceAfter how long without a packet until {@link MediaListener#mediaLost}
 * @param eventLoops Netty event loops; 0 takes one per core
 */
public record MediaSettings(
        InetAddress address,
        int firstPort,
        int lastPort,
        Duration quarantine,
        Duration silenceAfter,
        int eventLoops) {}
