package org.consentgateway.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.consentgateway.media.srtp.SrtpKeys;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a leg as its SDP tells it. Immutable.
 *
 * @param rtp where to send; the null address (0.0.0.0) means hold
 * @param rtcp where RTCP goes (a=rtcp, or RTP port + 1)
 * @param direction what the <em>peer</em> does, already mirrored: SENDRECV, or what hold made of it
 * @param otherSources further addresses this peer's media may come from (a trunk's media networks);
 *     the source lock takes the signalled address or one of these, once. May stand for whole
 *     networks, so it is only ever asked whether it contains an address, and never copied
 * @param proven whether it is known that {@code rtp} is the peer's own: else it is sent hardly
 *     anything before it has been heard from
 * @param keys with which the leg is protected (SRTP); null for plain RTP
 */
public record MediaPeer(
        InetSocketAddress rtp,
        InetSocketAddress rtcp,
        Direction direction,
        Set<InetAddress> otherSources,
        boolean proven,
        @Nullable SrtpKeys keys) {
    public MediaPeer {
        // A name in SDP is resolved where there is time for it, never on an event loop.
        if (rtp.isUnresolved() || rtcp.isUnresolved()) {
            throw new IllegalArgumentException("media addresses must be resolved");
        }
    }

    /** One that is spoken to in plain RTP, and is where it says. */
    public MediaPeer(
            InetSocketAddress rtp,
            InetSocketAddress rtcp,
            Direction direction,
            Set<InetAddress> otherSources) {
        this(rtp, rtcp, direction, otherSources, true, null);
    }

    public MediaPeer securedBy(SrtpKeys keys) {
        return new MediaPeer(rtp, rtcp, direction, otherSources, proven, keys);
    }

    /** The same with another direction. */
    public MediaPeer turned(Direction other) {
        return new MediaPeer(rtp, rtcp, other, otherSources, proven, keys);
    }

    /** The same, of which only its description says so. */
    public MediaPeer unproven() {
        return new MediaPeer(rtp, rtcp, direction, otherSources, false, keys);
    }

    /** As the gateway sees it (RFC 3264 §6.1). */
    public enum Direction {
        SENDRECV,
        /** We send, the peer does not (the peer said recvonly). */
        SENDONLY,
        /** The peer sends, we must not (the peer put us on hold: sendonly). */
        RECVONLY,
        INACTIVE;

        public boolean weSend() {
            return this == SENDRECV || this == SENDONLY;
        }

        public boolean weReceive() {
            return this == SENDRECV || this == RECVONLY;
        }
    }
}
