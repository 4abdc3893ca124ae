package org.consentgateway.media;

import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.net.MediaLoops;

/** All RTP of this process: opens legs and bridges them. Thread-safe. */
public final class MediaEngine implements AutoCloseable {
    private final MediaLoops loops;

    private MediaEngine(MediaLoops loops) {
        this.loops = loops;
    }

    /**
     * Starts the event loops; binds nothing yet.
     *
     * @throws IllegalArgumentException if the port range holds no pair
     */
    public static MediaEngine start(MediaSettings settings) {
        return new MediaEngine(MediaLoops.start(settings));
    }

    /** A leg with its own port pair, not yet connected to anybody. */
    public MediaLeg open() throws PortsExhaustedException {
        return loops.open();
    }

    /** The second leg of a call: on the first one's event loop, so that they can be bridged. */
    public MediaLeg open(MediaLeg besides) throws PortsExhaustedException {
        return loops.open(besides);
    }

    /**
     * A party that is not reached by RTP: on the event loop of a caller's leg, so that they can be
     * bridged.
     *
     * @param codec of what the party says; a wideband one hears the caller at 16 kHz, too
     */
    public StreamLeg openStream(MediaLeg besides, Codec codec, StreamLeg.Receiver receiver) {
        return loops.openStream(besides, codec, receiver);
    }

    /**
     * Lets two legs hear each other, from now on and in place of what either was bridged to. A
     * prompt or key for one of them takes precedence over the other's audio.
     *
     * @throws IllegalArgumentException if the legs are not on the same event loop
     */
    public MediaBridge bridge(MediaLeg first, BridgeableLeg second) {
        return loops.bridge(first, second, false);
    }

    /** The same, with {@link MediaBridge#tapSecond} open from the beginning. */
    public MediaBridge bridgeTappingSecond(MediaLeg first, BridgeableLeg second) {
        return loops.bridge(first, second, true);
    }

    /** Whether RTP or RTCP of a leg comes in at this port of ours now. */
    public boolean isOpen(int port) {
        return loops.isOpen(port);
    }

    public MediaTotals totals() {
        return loops.totals();
    }

    /** Closes all legs and stops; waits for that at most two seconds. */
    @Override
    public void close() {
        loops.close();
    }
}
