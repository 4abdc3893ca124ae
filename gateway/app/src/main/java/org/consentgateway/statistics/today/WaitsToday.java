package org.consentgateway.statistics.today;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.statistics.Seconds;

/**
 * Thread-safe. How long callers waited from the answer of their call until somebody was there to
 * talk to, the first time in that call: since midnight, or since the start where that was later.
 * Names nobody.
 */
public final class WaitsToday implements CallListener {
    private final CountedDay day;
    private final Map<CallEvent.Whom, TreeMap<Integer, Long>> waits =
            new EnumMap<>(CallEvent.Whom.class);

    /**
     * Immutable. One look.
     *
     * @param since from when on was counted
     * @param waits for "assistant" and "human", also where nobody was joined with one
     */
    public record Look(Instant since, SortedMap<String, Seconds> waits) {
        public Look {
            waits = Collections.unmodifiableSortedMap(new TreeMap<>(waits));
        }
    }

    /**
     * @param zone in which a day begins
     */
    public WaitsToday(InstantSource clock, ZoneId zone) {
        this.day = new CountedDay(clock, zone);
    }

    @Override
    public synchronized void told(CallEvent event) {
        if (event instanceof CallEvent.Joined joined) {
            turnThePage();
            int seconds = Seconds.whole(joined.waited());
            waits.computeIfAbsent(joined.whom(), _ -> new TreeMap<>())
                    .merge(seconds, 1L, Long::sum);
        }
    }

    public synchronized Look look() {
        turnThePage();
        SortedMap<String, Seconds> all = new TreeMap<>();
        for (CallEvent.Whom whom : CallEvent.Whom.values()) {
            all.put(
                    whom.name().toLowerCase(Locale.ROOT),
                    new Seconds(waits.getOrDefault(whom, new TreeMap<>())));
        }
        return new Look(day.since(), all);
    }

    private void turnThePage() {
        if (day.isOver()) {
            waits.clear();
        }
    }
}
