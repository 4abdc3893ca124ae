package org.consentgateway.reporting;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.consentgateway.call.CallEvents;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;
import org.consentgateway.media.MediaStats;
import org.consentgateway.metrics.Asked;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.web.DecisionsToday;

/** Thread-safe. What calls tell of themselves, to the meters, the status page and the log. */
public final class CallReports implements CallEvents {
    /** Legs that are over while their calls still end: a moment's worth. */
    private static final int MAX_LEFT = 1000;

    private final CallMeters meters;
    private final DecisionsToday today;
    private final BiConsumer<CallOutcome, MediaStats> log;
    private final Map<UUID, MediaStats> media = new LinkedHashMap<>();

    public CallReports(CallMeters meters, DecisionsToday today) {
        this(meters, today, CallLog::ended);
    }

    /**
     * @param log takes every call that ended
     */
    public CallReports(
            CallMeters meters, DecisionsToday today, BiConsumer<CallOutcome, MediaStats> log) {
        this.meters = meters;
        this.today = today;
        this.log = log;
    }

    @Override
    public void rejected(String reason) {
        meters.rejected(reason, 1);
    }

    @Override
    public void firstAudio(CallFacts facts, Duration afterAck) {
        meters.firstAudio(afterAck);
    }

    @Override
    public void served(CallFacts facts, NoticeRef notice, boolean completed) {
        meters.served(asked(facts, notice), completed);
    }

    @Override
    public void decided(
            CallFacts facts,
            NoticeRef notice,
            Decision decision,
            String level,
            Method method,
            Duration took) {
        String state =
                switch (decision) {
                    case Decision.Given _ -> "given";
                    case Decision.Refused _ -> "refused";
                    case Decision.Unanswered _ -> "unanswered";
                };
        String reason =
                switch (decision) {
                    case Decision.Unanswered(Unclear why) -> why.name();
                    case Decision.Given _, Decision.Refused _ -> "";
                };
        meters.decided(asked(facts, notice), state, reason, level, word(method), took);
        today.count(state);
    }

    @Override
    public void used(CallFacts facts, String level) {
        meters.used(facts.line(), level);
    }

    @Override
    public void abandoned(CallFacts facts, NoticeRef notice, Unclear stage) {
        meters.abandoned(asked(facts, notice), stage.name());
    }

    @Override
    public void committed(CallFacts facts, boolean durable, Duration took) {
        meters.committed(durable, took);
    }

    @Override
    public void withdrawn(CallFacts facts, String level, Method method) {
        meters.withdrawn(facts.line(), level, word(method));
        today.count("withdrawn");
    }

    @Override
    public void cut(CallFacts facts, Duration afterwards) {
        meters.cut(afterwards);
    }

    @Override
    public void satisfaction(String line, String language, String variant, int score) {
        meters.satisfaction(new Asked(line, language, variant), score);
    }

    @Override
    public void ended(CallOutcome outcome) {
        meters.ended(outcome.trail().facts().line(), outcome.name(), outcome.trail().took());
        meters.endedOn(outcome.trail().facts().trunk(), outcome.trail().took());
        log.accept(outcome, media(outcome.trail().facts().callId()));
    }

    /** A caller's leg is over; its call ends next, or was not taken. */
    public void left(CallFacts facts, MediaStats stats) {
        meters.legEnded(facts.trunk(), stats);
        if (stats.receivedPackets() == 0) {
            return;
        }
        synchronized (media) {
            media.put(facts.callId(), stats);
            if (media.size() > MAX_LEFT) {
                media.remove(media.keySet().iterator().next());
            }
        }
    }

    private MediaStats media(UUID call) {
        synchronized (media) {
            MediaStats stats = media.remove(call);
            return stats == null ? MediaStats.NONE : stats;
        }
    }

    private static Asked asked(CallFacts facts, NoticeRef notice) {
        return new Asked(facts.line(), notice.language(), notice.variant());
    }

    private static String word(Method method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}
