package org.consentgateway.media.net;

import java.nio.ByteBuffer;
import org.consentgateway.media.BridgeableLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.rtp.RtpDatagram;
import org.jspecify.annotations.Nullable;

/**
 * A leg as its event loop and its bridge see it. Confined to the event loop, but for what {@link
 * BridgeableLeg} promises and {@link #onLoop}.
 */
interface BridgeSide extends BridgeableLeg, Pacer.Paced {
    MediaLoop loop();

    /** Once, before anything else. */
    void begin();

    /** The loop ended before the leg began. */
    void neverStarted();

    /**
     * Runs it on the event loop, now if we are on it, or the other if the loop has ended. A broken
     * invariant ends this leg and no other.
     */
    default void onLoop(Runnable task, Runnable ended) {
        loop().run(this, task, ended);
    }

    default void onLoop(Runnable task) {
        onLoop(task, () -> {});
    }

    /** Whether it may still hear and be heard. */
    boolean talks();

    void join(RelayBridge next);

    void leave(RelayBridge which);

    /** A tap of the bridge was opened or closed. */
    void tap(RelayBridge which);

    /** Nothing comes from the other side any more. */
    void starve();

    /**
     * What the other side has received.
     *
     * @param codec of the payload, or null for an RFC 4733 event
     */
    void relay(
            ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec, long nowNanos);

    /** 20 ms of the other side, as {@link Outbound#relayFrame}. */
    boolean relayFrame(byte[] octets, Codec codec, long turnNanos);

    /** Whether it says frames at turns of its own, and not packets as they come. */
    default boolean byFrames() {
        return false;
    }

    /** What the party typed while it was bridged to nobody. */
    default String readSoFar() {
        return "";
    }

    /** What the other side types; those who have no text do not read it. */
    default void show(String typed) {}

    /** Nothing of what the other side has typed goes out any more, neither first nor again. */
    default void forgetText() {}

    /** A key press of the other side; those who get its packets have it from them. */
    default void relayKey(char digit, int durationMillis) {}
}
