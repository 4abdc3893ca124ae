package org.consentgateway.metrics;

import java.time.Duration;
import org.consentgateway.media.MediaStats;

/** Thread-safe. What happens in calls, counted. Never blocks. */
public final class CallMeters {
    /** Budget: 40 ms at the 95th percentile; after a second callers hang up. */
    private static final Duration[] FIRST_AUDIO = millis(10, 20, 40, 60, 100, 200, 500, 1_000);

    /** From a key pressed at once to two repeats. */
    private static final Duration[] DECISION =
            millis(500, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 20_000, 30_000, 60_000);

    /** Budget: 20 ms at the 99th percentile; at the end the commit timeout. */
    private static final Duration[] COMMIT =
            millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000);

    private static final Duration[] CUT = millis(1, 5, 10, 20, 50, 100, 200);

    private static final Duration[] CALL =
            millis(5_000, 15_000, 30_000, 60_000, 180_000, 600_000, 1_800_000, 3_600_000);

    /** A jitter buffer starts to lose above its depth. */
    private static final Duration[] JITTER = millis(1, 2, 5, 10, 20, 40, 80, 200);

    /** ITU-T G.107 Annex B: from nearly all dissatisfied to very satisfied. */
    private static final double[] MOS = {2.58, 3.1, 3.6, 4.03, 4.34};

    private static final double NANOS_PER_MILLI = 1e6;

    private final Meters meters;

    public CallMeters(Meters meters) {
        this.meters = meters;
    }

    /**
     * @param outcome the short, stable name of how the call went
     */
    public void ended(String line, String outcome, Duration took) {
        meters.counter(Meter.CALLS, line, outcome).increment();
        meters.timer(Meter.CALL_DURATION, CALL).record(took);
    }

    /** The same call, for those who look at trunks. */
    public void endedOn(String trunk, Duration took) {
        meters.timer(Meter.TRUNK_CALLS, CALL, trunk).record(took);
    }

    /**
     * @param received whether the calls came from the trunk; else they went there
     */
    public void answered(String trunk, boolean received, int status, long more) {
        meters.add(Meter.TRUNK_ANSWERS, more, trunk, received ? "received" : "sent", status);
    }

    /** Calls of a trunk that got a final refusal. */
    public void rejectedOf(String trunk, String reason, long more) {
        meters.add(Meter.TRUNK_REJECTED, more, trunk, reason);
    }

    /** INVITEs that got a final refusal. */
    public void rejected(String reason, long more) {
        meters.add(Meter.REJECTED, more, reason);
    }

    /** SIP messages that got silence. */
    public void dropped(String reason, long more) {
        meters.add(Meter.SIP_DROPPED, more, reason);
    }

    public void firstAudio(Duration afterAck) {
        meters.timer(Meter.FIRST_AUDIO, FIRST_AUDIO).record(afterAck);
    }

    public void served(Asked asked, boolean complete) {
        meters.counter(Meter.SERVED, asked.line(), asked.language(), asked.variant(), complete)
                .increment();
    }

    /**
     * @param state "given", "refused" or "unanswered"
     * @param reason why there was no answer, else empty
     * @param level granted, else empty
     * @param method "key", "speech", "both" or "none"
     */
    public void decided(
            Asked asked, String state, String reason, String level, String method, Duration took) {
        meters.counter(
                        Meter.DECISIONS,
                        asked.line(),
                        asked.language(),
                        asked.variant(),
                        level,
                        state,
                        method,
                        reason)
                .increment();
        meters.timer(Meter.DECISION_TIME, DECISION, state, method).record(took);
    }

    /** A consent of an earlier call was honoured: nobody was asked. */
    public void used(String line, String level) {
        meters.counter(Meter.USED, line, level).increment();
    }

    public void abandoned(Asked asked, String stage) {
        meters.counter(Meter.ABANDONED, asked.line(), asked.language(), asked.variant(), stage)
                .increment();
    }

    public void committed(boolean durable, Duration took) {
        meters.timer(Meter.STORE_COMMIT, COMMIT, durable).record(took);
    }

    public void withdrawn(String line, String level, String method) {
        meters.counter(Meter.WITHDRAWN, line, level, method).increment();
    }

    /**
     * @param afterwards from the last key or word of the withdrawal until nothing more was sent
     */
    public void cut(Duration afterwards) {
        meters.timer(Meter.WITHDRAWAL_CUT, CUT).record(afterwards);
    }

    /**
     * @param score 1 to 5
     */
    public void satisfaction(Asked asked, int score) {
        meters.counter(Meter.SATISFACTION, asked.line(), asked.language(), asked.variant(), score)
                .increment();
    }

    /** Questions that could only be answered by keys, though its language is heard. */
    public void notListened(String reason, long more) {
        meters.add(Meter.SPEECH_REJECTED, more, reason);
    }

    /** A leg is over; its whole counts go in at once. */
    public void legEnded(String trunk, MediaStats stats) {
        quality(trunk, stats);
        meters.add(Meter.RTP_PACKETS, stats.sentPackets(), "sent");
        meters.add(Meter.RTP_PACKETS, stats.receivedPackets(), "received");
        meters.add(Meter.RTP_LOST, stats.lostPackets());
        meters.add(Meter.RTP_DROPPED, stats.latePackets(), "late");
        meters.add(Meter.RTP_DROPPED, stats.droppedStrangers(), "stranger");
        meters.add(Meter.RTP_DROPPED, stats.droppedMalformed(), "malformed");
        meters.add(Meter.RTP_DROPPED, stats.droppedForged(), "forged");
        if (stats.receivedPackets() > 0) {
            Duration jitter = Duration.ofNanos(Math.round(stats.jitterMillis() * NANOS_PER_MILLI));
            // A timer, since a summary's buckets are blind below one.
            meters.timer(Meter.RTP_JITTER, JITTER).record(jitter);
        }
    }

    private void quality(String trunk, MediaStats stats) {
        meters.add(Meter.TRUNK_RTP, stats.receivedPackets(), trunk, "received");
        meters.add(Meter.TRUNK_RTP, stats.sentPackets(), trunk, "sent");
        meters.add(Meter.TRUNK_RTP_LOST, stats.lostPackets(), trunk, "received");
        meters.add(Meter.TRUNK_RTP_LOST, Math.max(0, stats.farLostPackets()), trunk, "sent");
        if (!Double.isNaN(stats.mos())) {
            meters.summary(Meter.TRUNK_MOS, MOS, trunk, "received").record(stats.mos());
        }
        if (!Double.isNaN(stats.farMos())) {
            meters.summary(Meter.TRUNK_MOS, MOS, trunk, "sent").record(stats.farMos());
        }
    }

    private static Duration[] millis(long... millis) {
        return java.util.Arrays.stream(millis)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new);
    }
}
