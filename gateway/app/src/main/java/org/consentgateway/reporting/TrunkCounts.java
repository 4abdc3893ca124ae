package org.consentgateway.reporting;

import org.consentgateway.metrics.CallMeters;
import org.consentgateway.sip.counters.TrunkCounters;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Thread-safe. Carries what the trunks have counted over to the meters, by difference. Which
 * statuses there are only shows as they come, so that {@link CarryOver} cannot know them before.
 */
public final class TrunkCounts {
    private final CallMeters meters;
    private final Map<List<Object>, Long> seen = new HashMap<>();

    public TrunkCounts(CallMeters meters) {
        this.meters = meters;
    }

    /** To be called whenever the meters are looked at. */
    public synchronized void now(List<TrunkCounters> trunks) {
        for (TrunkCounters trunk : trunks) {
            String name = trunk.trunk();
            trunk.given()
                    .forEach((status, count) ->
                            carry(
                                    List.of(name, "given", status),
                                    count,
                                    more -> meters.answered(name, true, status, more)));
            trunk.got()
                    .forEach((status, count) ->
                            carry(
                                    List.of(name, "got", status),
                                    count,
                                    more -> meters.answered(name, false, status, more)));
            trunk.rejected()
                    .forEach((why, count) ->
                            carry(
                                    List.of(name, why),
                                    count,
                                    more ->
                                            meters.rejectedOf(
                                                    name,
                                                    why.name().toLowerCase(Locale.ROOT),
                                                    more)));
        }
    }

    private void carry(List<Object> what, long total, LongConsumer more) {
        long before = seen.getOrDefault(what, 0L);
        if (total > before) {
            more.accept(total - before);
            seen.put(what, total);
        }
    }
}
