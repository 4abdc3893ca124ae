package org.consentgateway.media;

import org.consentgateway.media.audio.PcmFrame;

/** Hears one leg. Called on the leg's event loop, so it must hand over and return at once. */
public interface MediaListener {

    /**
     * 20 ms of what the party said, as soon as they have come, in order and without holes
     * (concealed frames say so). Only called while the leg is not bridged, or while a tap is open
     * on the bridge.
     */
    default void frame(PcmFrame frame) {}

    /**
     * One key press, reported once, as soon as anything of it has arrived.
     *
     * @param digit 0-9, *, #, A-D
     * @param atNanos when it went down, as that says, in the past; of a tone in the sound, when it
     *     was found
     */
    default void keyDown(char digit, long atNanos) {}

    /**
     * The end of the same press: the end packet, or 200 ms without any packet of it.
     *
     * @param durationMillis as the sender's last duration field tells, rounded to milliseconds
     */
    default void keyUp(char digit, int durationMillis, long atNanos) {}

    /** The first packet from the locked source arrived (once per leg). */
    default void mediaArrived(long atNanos) {}

    /**
     * No packet for {@link MediaSettings#silenceAfter()}, neither of sound nor a report of the peer
     * (RTCP), by which who suppresses silence is there; and again each time it lasts so long. Who
     * has text and no audio sends none while reading: then only that its host has said for so long
     * that nobody is there (ICMP).
     */
    default void mediaLost(long atNanos) {}

    /**
     * Nothing has come within {@link MediaSettings#silenceAfter()} from where a peer that is not
     * {@link MediaPeer#proven} says it is, so it was sent hardly anything.
     */
    default void mediaNeverCame(long atNanos) {}
}
