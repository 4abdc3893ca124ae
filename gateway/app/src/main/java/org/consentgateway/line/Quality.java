package org.consentgateway.line;

import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.media.MediaStats;

/** Immutable. A leg's counters in the words of the call. */
public final class Quality {
    private Quality() {}

    public static MediaQuality of(MediaStats stats) {
        return new MediaQuality(
                new MediaQuality.Stream(
                        stats.receivedPackets(),
                        stats.lostPackets(),
                        stats.jitterMillis(),
                        stats.mos()),
                new MediaQuality.Stream(
                        stats.sentPackets(),
                        Math.max(0, stats.farLostPackets()),
                        stats.farJitterMillis(),
                        stats.farMos()),
                new MediaQuality.Dropped(
                        stats.latePackets(),
                        stats.droppedStrangers(),
                        stats.droppedMalformed(),
                        stats.droppedForged()));
    }
}
