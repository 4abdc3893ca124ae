package org.consentgateway.web;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.consent.Decision;

/** Thread-safe. Decisions by state since midnight, or since the start where that was later. */
public final class DecisionsToday implements CallListener {
    private static final List<String> STATES =
            List.of("given", "refused", "unanswered", "withdrawn");

    private final InstantSource clock;
    private final ZoneId zone;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private LocalDate day;
    private Instant since;

    /**
     * @param zone in which a day begins
     */
    public DecisionsToday(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
        this.since = clock.instant();
        this.day = LocalDate.ofInstant(since, zone);
        clear();
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.Decided decided -> count(state(decided.decision()));
            case CallEvent.Withdrawn _ -> count("withdrawn");
            default -> {
                // no decision
            }
        }
    }

    private static String state(Decision decision) {
        return switch (decision) {
            case Decision.Given _ -> "given";
            case Decision.Refused _ -> "refused";
            case Decision.Unanswered _ -> "unanswered";
        };
    }

    /**
     * @param state one of those shown; others are not counted
     */
    synchronized void count(String state) {
        turnThePage();
        counts.computeIfPresent(state, (_, count) -> count + 1);
    }

    public synchronized Map<String, Long> counts() {
        turnThePage();
        return new LinkedHashMap<>(counts);
    }

    public synchronized Instant since() {
        turnThePage();
        return since;
    }

    private void turnThePage() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        if (today.isAfter(day)) {
            day = today;
            since = today.atStartOfDay(zone).toInstant();
            clear();
        }
    }

    private void clear() {
        STATES.forEach(state -> counts.put(state, 0L));
    }
}
