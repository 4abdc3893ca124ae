package org.consentgateway.media;

import java.util.concurrent.CompletionStage;

/** One play order under way. Thread-safe. */
public interface Playback {

    /**
     * @param samplesPlanned of all clips once
     * @param samplesSent really handed to the socket, in samples at the clip's clock rate
     * @param heldMillis how long the playing stood frozen because the peer was on hold
     * @param receivedPackets of the peer's RTP that came in while it played: was the peer alive?
     * @param reported whether the peer's reports (RTCP) said at the end that what is sent arrives:
     *     was it alive, though it sent no RTP?
     */
    record Played(
            long samplesPlanned,
            long samplesSent,
            long heldMillis,
            long receivedPackets,
            boolean reported,
            End end) {
        public boolean whole() {
            return end == End.COMPLETED && samplesSent >= samplesPlanned;
        }
    }

    /** Why it ended. */
    enum End {
        COMPLETED,
        STOPPED,
        REPLACED,
        LEG_CLOSED,
        SEND_FAILED
    }

    /** How loud it is. */
    enum Volume {
        FULL,
        /** A quarter, 12 dB less: for while somebody may be speaking. */
        LOWERED,
        /** Silence; it stands still and goes on where it was. */
        PAUSED
    }

    /**
     * Completes once, on the event loop, with {@link System#nanoTime} as soon as the first packet
     * has really been handed to the socket; never if none is.
     */
    CompletionStage<Long> begun();

    /** Completes once, on the event loop. */
    CompletionStage<Played> ended();

    /**
     * How far it has come, in milliseconds; behind the time since its beginning where it stood
     * still, for whatever reason. May be asked at any time.
     */
    long playedMillis();

    /** How loud it is, from the next packet on. May be called at any time. */
    void volume(Volume volume);

    /** Stops before the next packet; the leg goes on with silence. May be called at any time. */
    void stop();
}
