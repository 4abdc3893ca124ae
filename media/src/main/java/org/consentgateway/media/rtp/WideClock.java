package org.consentgateway.media.rtp;

/**
 * From the RTP clock of Opus to that of the engine, {@link #RATIO} times slower, through the
 * wrapping of both. Confined to one direction of one leg.
 */
public final class WideClock {
    /** Of 48 kHz to 8 kHz. */
    public static final int RATIO = 6;

    private boolean started;
    private int wire;
    private int ticks;

    /** Puts the packet's timestamp on the engine's clock. */
    public void slow(RtpDatagram.Packet packet) {
        int told = packet.timestamp;
        if (!started) {
            started = true;
            wire = told;
            ticks = told;
        }
        int passed = Math.floorDiv(told - wire, RATIO);
        // What is left of a division counts in the next.
        wire += passed * RATIO;
        ticks += passed;
        packet.timestamp = ticks;
    }
}
