package org.consentgateway.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.Calls;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.request.Task;

/** Thread-safe. What happens in calls, counted. Never blocks. */
public final class CallMeters implements CallListener {
    /** Budget: 40 ms at the 95th percentile; after a second callers hang up. */
    static final Duration[] FIRST_AUDIO = millis(10, 20, 40, 60, 100, 200, 500, 1_000);

    /** From a key pressed at once to two repeats. */
    static final Duration[] DECISION =
            millis(500, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 20_000, 30_000, 60_000);

    /** Budget: 20 ms at the 99th percentile; at the end the commit timeout. */
    static final Duration[] COMMIT =
            millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000);

    static final Duration[] CUT = millis(1, 5, 10, 20, 50, 100, 200);

    /** Objective: half a second at the 99th percentile; an assistant that rings takes seconds. */
    static final Duration[] CONNECT =
            millis(20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000);

    static final Duration[] CALL =
            millis(5_000, 15_000, 30_000, 60_000, 180_000, 600_000, 1_800_000, 3_600_000);

    /** A jitter buffer starts to lose above its depth. */
    static final Duration[] JITTER = millis(1, 2, 5, 10, 20, 40, 80, 200);

    /** ITU-T G.107 Annex B: from nearly all dissatisfied to very satisfied. */
    static final double[] MOS = {2.58, 3.1, 3.6, 4.03, 4.34};

    private static final double NANOS_PER_MILLI = 1e6;

    private final Meters meters;
    private final Map<Calls.Room, LongAdder> rejected = new ConcurrentHashMap<>();

    public CallMeters(Meters meters) {
        this.meters = meters;
        for (Calls.Room why : Calls.Room.values()) {
            if (why != Calls.Room.FREE) {
                rejected.put(why, rejected(why));
            }
        }
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.Rejected(Calls.Room why) ->
                    rejected.computeIfAbsent(why, this::rejected).increment();
            case CallEvent.HolderNotified(_, EndOfConsent.How how, String acknowledgedBy) ->
                    meters.counter(
                                    Meter.HOLDERS_NOTIFIED,
                                    Labels.word(how),
                                    acknowledgedBy.toLowerCase(Locale.ROOT))
                            .increment();
            case CallEvent.FirstAudio(_, Duration afterAck) ->
                    meters.timer(Meter.FIRST_AUDIO, FIRST_AUDIO).record(afterAck);
            case CallEvent.DisclosureServed(
                            CallFacts facts,
                            NoticeRef notice,
                            boolean known,
                            boolean completed) ->
                    count(Meter.DISCLOSURES, facts, notice, caller(known), completed);
            case CallEvent.QuestionServed(CallFacts facts, NoticeRef notice, boolean known, _) ->
                    count(Meter.QUESTIONS, facts, notice, caller(known));
            case CallEvent.Decided decided -> decided(decided);
            case CallEvent.Reaffirmed(CallFacts facts, String level, Method method) ->
                    meters.counter(Meter.REAFFIRMED, facts.line(), level, Labels.word(method))
                            .increment();
            case CallEvent.Used(CallFacts facts, String level) ->
                    meters.counter(Meter.USED, facts.line(), level).increment();
            case CallEvent.Abandoned(
                            CallFacts facts,
                            NoticeRef notice,
                            boolean known,
                            Unclear stage) ->
                    count(Meter.ABANDONED, facts, notice, caller(known), stage.name());
            case CallEvent.Committed(_, boolean durable, Duration took) ->
                    meters.timer(Meter.STORE_COMMIT, COMMIT, durable).record(took);
            case CallEvent.Withdrawn(CallFacts facts, String level, Method method) ->
                    meters.counter(Meter.WITHDRAWN, facts.line(), level, Labels.word(method))
                            .increment();
            case CallEvent.PurposeDecided(CallFacts facts, _, var state) ->
                    meters.counter(Meter.PURPOSES, facts.line(), Labels.word(state)).increment();
            case CallEvent.OpeningUnheard(CallFacts facts) ->
                    meters.counter(Meter.OPENINGS_UNHEARD, facts.line()).increment();
            case CallEvent.AssistantDialled(_, boolean answered, Duration took) ->
                    meters.timer(Meter.ASSISTANT_CONNECT, CONNECT, answered).record(took);
            case CallEvent.GateRefused _ -> {} // counted by GateWatch
            case CallEvent.WithdrawalFailed _ -> {} // in the log
            case CallEvent.ConsentEnded _ -> {} // counted in the call in which it ended
            case CallEvent.Cut(_, Duration afterwards) ->
                    meters.timer(Meter.WITHDRAWAL_CUT, CUT).record(afterwards);
            case CallEvent.Joined _, CallEvent.AssistantGone _ -> {} // in records and traces
            case CallEvent.Satisfaction(String line, NoticeRef notice, int score) ->
                    meters.counter(
                                    Meter.SATISFACTION,
                                    tags(line, notice.language(), notice.variant(), score))
                            .increment();
            case CallEvent.Helped(String line, NoticeRef notice, boolean helped) ->
                    meters.counter(
                                    Meter.HELPED,
                                    tags(line, notice.language(), notice.variant(), helped))
                            .increment();
            case CallEvent.TaskOpened(CallFacts facts, NoticeRef notice, Task.Kind kind) ->
                    count(Meter.TASKS_LEFT, facts, notice, Labels.word(kind));
            case CallEvent.LinkAsked(CallFacts facts, NoticeRef notice, boolean taken) ->
                    count(Meter.LINKS, facts, notice, taken);
            case CallEvent.Ended(CallOutcome outcome, MediaQuality media) -> {
                ended(outcome);
                media(outcome.trail().facts().trunk(), media);
            }
        }
    }

    /** By the tags that wordings are compared by, and more. */
    private void count(Meter meter, CallFacts facts, NoticeRef notice, Object... more) {
        meters.counter(meter, tags(facts.line(), notice.language(), notice.variant(), more))
                .increment();
    }

    static Object[] tags(String line, String language, String variant, Object... more) {
        return Stream.concat(Stream.of(line, language, variant), Stream.of(more)).toArray();
    }

    static String caller(boolean known) {
        return known ? "known" : "new";
    }

    /** SIP counts most of them itself, some for the same reason. */
    private LongAdder rejected(Calls.Room why) {
        var count = new LongAdder();
        meters.total(Meter.REJECTED, count::sum, reason(why));
        return count;
    }

    private static String reason(Calls.Room why) {
        return switch (why) {
            case FREE -> "";
            case FULL, LINE_FULL -> "limit";
            case DRAINING -> "draining";
        };
    }

    private void decided(CallEvent.Decided event) {
        String state;
        String level = "";
        String reason = "";
        switch (event.decision()) {
            case Decision.Given(Level given) -> {
                state = "given";
                level = given.id();
            }
            case Decision.Refused() -> state = "refused";
            case Decision.Unanswered(Unclear why) -> {
                state = "unanswered";
                reason = why.name();
            }
        }
        String method = Labels.word(event.method());
        count(
                Meter.DECISIONS,
                event.facts(),
                event.notice(),
                caller(event.known()),
                level,
                state,
                method,
                reason);
        meters.timer(Meter.DECISION_TIME, DECISION, state, method).record(event.took());
    }

    /** Once for all calls, once more for those who look at trunks. */
    private void ended(CallOutcome outcome) {
        CallOutcome.Trail trail = outcome.trail();
        meters.counter(Meter.CALLS, trail.facts().line(), outcome.name()).increment();
        meters.timer(Meter.CALL_DURATION, CALL).record(trail.took());
        meters.timer(Meter.TRUNK_CALLS, CALL, trail.facts().trunk()).record(trail.took());
    }

    /** The whole counts of the caller's leg go in at once. */
    private void media(String trunk, MediaQuality media) {
        direction(trunk, "received", media.received());
        direction(trunk, "sent", media.sent());
        meters.add(Meter.RTP_LOST, media.received().lost());
        meters.add(Meter.RTP_DROPPED, media.dropped().late(), "late");
        meters.add(Meter.RTP_DROPPED, media.dropped().strangers(), "stranger");
        meters.add(Meter.RTP_DROPPED, media.dropped().malformed(), "malformed");
        meters.add(Meter.RTP_DROPPED, media.dropped().forged(), "forged");
        if (media.received().packets() > 0) {
            double millis = media.received().jitterMillis();
            // A timer, since a summary's buckets are blind below one.
            meters.timer(Meter.RTP_JITTER, JITTER)
                    .record(Duration.ofNanos(Math.round(millis * NANOS_PER_MILLI)));
        }
    }

    private void direction(String trunk, String direction, MediaQuality.Stream stream) {
        meters.add(Meter.RTP_PACKETS, stream.packets(), direction);
        meters.add(Meter.TRUNK_RTP, stream.packets(), trunk, direction);
        meters.add(Meter.TRUNK_RTP_LOST, stream.lost(), trunk, direction);
        if (!Double.isNaN(stream.mos())) {
            meters.summary(Meter.TRUNK_MOS, MOS, trunk, direction).record(stream.mos());
        }
    }

    private static Duration[] millis(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
