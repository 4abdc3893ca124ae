package org.consentgateway.media;

import java.util.List;
import org.consentgateway.media.codec.Codec;

/**
 * A party that is reached by a stream of sound other than RTP, such as a WebSocket. What it says is
 * queued, however fast it comes, and played at the speed of speech; until the leg is bridged it
 * waits, so that nothing is lost of a greeting. Thread-safe.
 *
 * <pre>
 *  caller's packets ─▶ put in order ─▶ Receiver.frame, each 20 ms at once, silence included
 *  caller's leg     ◀─ 20 ms a turn  ◀─ queue ◀─ says, mark
 * </pre>
 */
public interface StreamLeg extends BridgeableLeg {

    /**
     * From now on the receiver gets 50 frames a second: silence before the leg is bridged, then
     * each frame as soon as it has come, and nothing more once the bridge is cut. It keeps no pace,
     * so nothing waits for what may be late: several may come at once, and behind 80 ms without a
     * packet there is silence.
     */
    void start();

    /** Of what it says; it hears the caller at the rate of this codec. */
    Codec codec();

    /**
     * Queues what it says, of any length, in the codec of the leg.
     *
     * @return false, and nothing is queued, if more would wait than may
     */
    boolean says(byte[] octets);

    /**
     * Asks to be told when all that is queued now has been played.
     *
     * @return false if too many are waited for
     */
    boolean mark(String name);

    /** Forgets what is queued: silence from the next 20 ms on. */
    Cleared clear();

    /**
     * How much was played so far, in octets of the leg's codec; what was cleared counts as passed.
     */
    long position();

    /** How much was queued so far, counted in the same way. */
    long queued();

    /**
     * Immutable.
     *
     * @param played {@link #position} before
     * @param marks those that had not been reached
     */
    record Cleared(long played, List<String> marks) {}

    /** Who hears the caller. Called on the event loop, so it must hand over and return at once. */
    interface Receiver {
        /**
         * The next 20 ms.
         *
         * @param samples at the {@link Codec#rate} of the leg's codec; never written again, not to
         *     be written
         */
        void frame(short[] samples);

        /** One key press of the caller, when it has ended. */
        void key(char digit, int durationMillis);

        /** All that was queued before this mark has really been sent to the caller. */
        void reached(String mark);

        /** No frame and no key comes any more, and none that has come may be passed on now. */
        void cut();
    }
}
