package org.consentgateway.statistics;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;
import org.consentgateway.statistics.Counts.Counted;

/**
 * Thread-safe. What of calls no record says: how they ended, how long callers waited for somebody
 * to talk to, what they thought of it. Kept until the store takes it; never linked to a caller.
 */
public final class CountedCalls implements CallListener {
    /** Days without a store, in all lines and texts. */
    static final int MOST_KEPT = 20_000;

    private final InstantSource clock;
    private final Map<Counted, Long> counts = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();

    /** Line to the lineage of its texts, which the end of a call does not say. */
    private final Map<String, String> lineages = new ConcurrentHashMap<>();

    public CountedCalls(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.DisclosureServed served ->
                    lineages.put(served.facts().line(), served.notice().id());
            case CallEvent.Joined joined ->
                    count(
                            Figure.JOINED,
                            Cell.of(joined.facts().line(), joined.notice()),
                            word(joined.whom()) + "/" + Seconds.whole(joined.waited()));
            case CallEvent.Satisfaction(String line, NoticeRef notice, int score) ->
                    count(Figure.CLARITY, Cell.of(line, notice), String.valueOf(score));
            case CallEvent.Helped(String line, NoticeRef notice, boolean helped) ->
                    count(Figure.HELPED, Cell.of(line, notice), String.valueOf(helped));
            case CallEvent.Ended ended -> ended(ended.outcome());
            default -> {
                // in the log, or no figure
            }
        }
    }

    private void ended(CallOutcome outcome) {
        String how =
                switch (outcome) {
                    case CallOutcome.Withdrew(_, _, Path then) -> then(outcome, then);
                    case CallOutcome.Refused(_, Path then) -> then(outcome, then);
                    case CallOutcome.Unanswered(_, Unclear reason, Path then) ->
                            then == Path.HUNG_UP && left(reason)
                                    ? outcome.name() + "/left"
                                    : then(outcome, then);
                    case CallOutcome.AssistantUnreachable(_, _, Path then) -> then(outcome, then);
                    case CallOutcome.StoreDown(_, Path then) -> then(outcome, then);
                    case CallOutcome.Assisted _,
                            CallOutcome.LeftBeforeAssistant _,
                            CallOutcome.NeverAnswered _,
                            CallOutcome.Drained _,
                            CallOutcome.Failed _ ->
                            outcome.name();
                    case CallOutcome.PrivacyServed _ -> "";
                };
        if (!how.isEmpty()) {
            count(Figure.CALL, cell(outcome.trail()), how);
        }
    }

    /** Before the question had its end: nobody was on the way to a human yet. */
    private static boolean left(Unclear reason) {
        return switch (reason) {
            case ERROR, HANGUP_DURING_OPENING, HANGUP_DURING_QUESTION -> true;
            case PROMPT_INCOMPLETE, NO_INPUT, NO_MATCH, CONFLICT -> false;
        };
    }

    private static String then(CallOutcome outcome, Path then) {
        return outcome.name() + "/" + word(then);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Cell cell(CallOutcome.Trail trail) {
        String line = trail.facts().line();
        return new Cell(
                line,
                trail.noticeVersion().isEmpty() ? "" : lineages.getOrDefault(line, ""),
                trail.noticeVersion(),
                trail.language(),
                trail.variant());
    }

    private void count(Figure figure, Cell cell, String value) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var what = new Counted(today, figure, cell, value);
        if (counts.size() >= MOST_KEPT && !counts.containsKey(what)) {
            lost.incrementAndGet();
            return;
        }
        counts.merge(what, 1L, Long::sum);
    }

    /** What could not be kept since this was asked last: there was no store for too long. */
    long lost() {
        return lost.getAndSet(0);
    }

    /** What was counted since this was asked last. */
    Counts take() {
        var taken = new Counts();
        for (Counted what : Set.copyOf(counts.keySet())) {
            Long times = counts.remove(what);
            if (times != null) {
                taken.add(what, times);
            }
        }
        return taken;
    }

    /** What the store has not taken. */
    void putBack(Counts taken) {
        taken.forEach((what, times) -> counts.merge(what, times, Long::sum));
    }
}
