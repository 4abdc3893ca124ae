package org.consentgateway.statistics.today;

import org.consentgateway.call.signal.MediaQuality;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How the sound of one call went in one direction.
 *
 * @param packets that came or should have come, or that were sent
 * @param measured null where it was not: nothing came, or the far side has told nothing
 */
public record StreamQuality(long packets, @Nullable Measured measured) {

    /**
     * @param lossPercent of all packets, 0 to 100
     * @param jitterMillis interarrival jitter (RFC 3550 §6.4.1)
     * @param mos mean opinion score by ITU-T G.107, 1 to 4.5
     */
    public record Measured(long lost, double lossPercent, double jitterMillis, double mos) {}

    /** What came from the caller. */
    static StreamQuality received(MediaQuality quality) {
        MediaQuality.Stream came = quality.received();
        return of(came, came.packets() + came.lost());
    }

    /** What went to the caller, by what the caller's side has told. */
    static StreamQuality sent(MediaQuality quality) {
        return of(quality.sent(), quality.sent().packets());
    }

    private static StreamQuality of(MediaQuality.Stream stream, long all) {
        boolean measured = !Double.isNaN(stream.mos()) && all > 0;
        return new StreamQuality(
                all,
                measured
                        ? new Measured(
                                stream.lost(),
                                100.0 * stream.lost() / all,
                                stream.jitterMillis(),
                                stream.mos())
                        : null);
    }
}
