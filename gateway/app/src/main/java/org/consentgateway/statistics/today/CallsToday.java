package org.consentgateway.statistics.today;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.consent.Decision;

/**
 * Thread-safe. How far those came who have called since midnight, or since the start where that was
 * later, and what callers answered in the last hour, minute by minute. Names nobody.
 */
public final class CallsToday implements CallListener {
    /** That are shown. */
    public static final int MINUTES = 60;

    /** More than are under way at once; the oldest is counted no further. */
    private static final int MOST_CALLS = 20_000;

    private final InstantSource clock;
    private final CountedDay day;
    private final Map<FunnelStage, Long> funnel = new EnumMap<>(FunnelStage.class);
    private final TreeMap<Instant, Map<AnswerCounts.Kind, Integer>> minutes = new TreeMap<>();
    private final Map<UUID, Set<FunnelStage>> underWay =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Set<FunnelStage>> eldest) {
                    return size() > MOST_CALLS;
                }
            };
    private long human;
    private long helped;
    private long toldWhether;

    /**
     * Immutable. One look.
     *
     * @param since from when on was counted
     * @param human callers who talked to a person first
     * @param helped of those who told whether they were, toldWhether
     * @param minutes the last hour, the oldest first; the last one is not over
     */
    public record Look(
            Instant since,
            Map<FunnelStage, Long> funnel,
            long human,
            long helped,
            long toldWhether,
            List<AnswerCounts> minutes) {}

    /**
     * @param zone in which a day begins
     */
    public CallsToday(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.day = new CountedDay(clock, zone);
    }

    @Override
    public synchronized void told(CallEvent event) {
        turnThePage();
        switch (event) {
            case CallEvent.FirstAudio(var facts, _) -> came(facts.callId(), FunnelStage.ANSWERED);
            case CallEvent.QuestionServed(var facts, _, _, _) ->
                    came(facts.callId(), FunnelStage.ASKED);
            case CallEvent.Decided decided -> {
                if (decided.decision() instanceof Decision.Given) {
                    came(decided.facts().callId(), FunnelStage.AGREED);
                }
                answered(kind(decided.decision()));
            }
            case CallEvent.Reaffirmed(var facts, _, _) -> {
                came(facts.callId(), FunnelStage.AGREED);
                answered(AnswerCounts.Kind.GIVEN);
            }
            case CallEvent.Used(var facts, _) -> came(facts.callId(), FunnelStage.AGREED);
            case CallEvent.Withdrawn _ -> answered(AnswerCounts.Kind.WITHDRAWN);
            case CallEvent.Joined joined -> {
                switch (joined.whom()) {
                    case ASSISTANT -> came(joined.facts().callId(), FunnelStage.ASSISTED);
                    case HUMAN -> human++;
                }
            }
            case CallEvent.Helped told -> {
                toldWhether++;
                helped += told.helped() ? 1 : 0;
            }
            case CallEvent.Ended ended -> underWay.remove(ended.outcome().trail().facts().callId());
            default -> {
                // changes nothing in how far a caller came
            }
        }
    }

    private static AnswerCounts.Kind kind(Decision decision) {
        return switch (decision) {
            case Decision.Given _ -> AnswerCounts.Kind.GIVEN;
            case Decision.Refused _ -> AnswerCounts.Kind.REFUSED;
            case Decision.Unanswered _ -> AnswerCounts.Kind.UNANSWERED;
        };
    }

    /**
     * Each caller once in each stage, and in those before it: a remembered consent asks nothing.
     */
    private void came(UUID call, FunnelStage stage) {
        Set<FunnelStage> seen =
                underWay.computeIfAbsent(call, _ -> EnumSet.noneOf(FunnelStage.class));
        for (FunnelStage each : EnumSet.range(FunnelStage.ANSWERED, stage)) {
            if (seen.add(each)) {
                funnel.merge(each, 1L, Long::sum);
            }
        }
    }

    private void answered(AnswerCounts.Kind kind) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        minutes.computeIfAbsent(minute, _ -> new EnumMap<>(AnswerCounts.Kind.class))
                .merge(kind, 1, Integer::sum);
        minutes.headMap(minute.minus(MINUTES, ChronoUnit.MINUTES)).clear();
    }

    public synchronized Look look() {
        turnThePage();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        List<AnswerCounts> shown = new ArrayList<>();
        for (int i = MINUTES - 1; i >= 0; i--) {
            Instant minute = now.minus(i, ChronoUnit.MINUTES);
            shown.add(new AnswerCounts(minute, minutes.getOrDefault(minute, Map.of())));
        }
        Map<FunnelStage, Long> stages = new EnumMap<>(FunnelStage.class);
        for (FunnelStage stage : FunnelStage.values()) {
            stages.put(stage, funnel.getOrDefault(stage, 0L));
        }
        return new Look(day.since(), stages, human, helped, toldWhether, shown);
    }

    private void turnThePage() {
        if (day.isOver()) {
            funnel.clear();
            // Who came before is of the day before, however far they come in this one.
            underWay.values().forEach(seen -> seen.addAll(EnumSet.allOf(FunnelStage.class)));
            human = 0;
            helped = 0;
            toldWhether = 0;
        }
    }
}
