package org.consentgateway.statistics.today;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.consentgateway.call.CallListener;

/** Immutable. All that is kept in memory of this node's calls for those who watch it. */
public record TodaySeen(CallsToday calls, WaitsToday waits, TrunkQuality quality, CallSteps steps) {

    /**
     * @param zone in which a day begins
     */
    public static TodaySeen of(InstantSource clock, ZoneId zone) {
        return new TodaySeen(
                new CallsToday(clock, zone),
                new WaitsToday(clock, zone),
                new TrunkQuality(clock),
                new CallSteps(clock));
    }

    /** Who has to be told what happens in calls. */
    public List<CallListener> listeners() {
        return List.of(calls, waits, quality, steps);
    }
}
