package org.consentgateway;

import java.time.Duration;
import java.util.Locale;
import org.consentgateway.call.CallEnded;
import org.consentgateway.call.CallEvents;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;
import org.consentgateway.metrics.Asked;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.web.DecisionsToday;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Thread-safe. Tells operations of calls: meters, the console's counts, and one log line per call end.
 * Takes only what is not personal.
 */
final class CallReport implements CallEvents {
    private static final Logger LOG = LoggerFactory.getLogger("CallLog");

    private final CallMeters meters;
    private final DecisionsToday today;

    CallReport(CallMeters meters, DecisionsToday today) {
        this.meters = meters;
        this.today = today;
    }

    @Override
    public void firstAudio(CallFacts facts, Duration afterAnswer) {
        meters.firstAudio(afterAnswer);
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
        String state = lower(decision.getClass().getSimpleName());
        String reason =
                decision instanceof Decision.Unanswered(Unclear why) ? lower(why.name()) : "";
        today.count(state);
        meters.decided(
                asked(facts, notice), state, reason, level, lower(method.name()), took);
    }

    @Override
    public void abandoned(CallFacts facts, NoticeRef notice, Unclear stage) {
        meters.abandoned(asked(facts, notice), lower(stage.name()));
    }

    @Override
    public void committed(CallFacts facts, boolean durable, Duration took) {
        meters.committed(durable, took);
    }

    @Override
    public void withdrawn(CallFacts facts, String level, Method method) {
        today.count("withdrawn");
        meters.withdrawn(facts.line(), level, lower(method.name()));
    }

    @Override
    public void satisfaction(String line, String language, String variant, int score) {
        meters.satisfaction(new Asked(line, language, variant), score);
    }

    @Override
    public void ended(CallOutcome outcome) {
        CallOutcome.Trail trail = outcome.trail();
        meters.ended(trail.facts().line(), outcome.name(), trail.took());
        LoggingEventBuilder line =
                LOG.atInfo()
                        .addKeyValue("call", trail.facts().callId())
                        .addKeyValue("line", trail.facts().line())
                        .addKeyValue("trunk", trail.facts().trunk())
                        .addKeyValue("outcome", outcome.name())
                        .addKeyValue("seconds", trail.took().toMillis() / 1000.0);
        if (!trail.language().isEmpty()) {
            line = line.addKeyValue("language", trail.language())
                            .addKeyValue("notice", trail.noticeVersion() + trail.variant());
        }
        CallEnded.How how = trail.hungUp();
        if (how != null) {
            line = line.addKeyValue("hangup", lower(how.name()));
        }
        detail(line, outcome).log("call ended");
    }

    private static LoggingEventBuilder detail(LoggingEventBuilder line, CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Assisted(_, String level, var basis, Duration talk) ->
                    line.addKeyValue("level", level)
                            .addKeyValue("basis", lower(basis.name()))
                            .addKeyValue("talk", talk.toMillis() / 1000.0);
            case CallOutcome.Withdrew(_, String level, var then) ->
                    line.addKeyValue("level", level).addKeyValue("then", lower(then.name()));
            case CallOutcome.Refused(_, var then) -> line.addKeyValue("then", lower(then.name()));
            case CallOutcome.Unanswered(_, Unclear reason, var then) ->
                    line.addKeyValue("reason", lower(reason.name()))
                            .addKeyValue("then", lower(then.name()));
            case CallOutcome.AssistantUnreachable(_, String level, var then) ->
                    line.addKeyValue("level", level).addKeyValue("then", lower(then.name()));
            case CallOutcome.StoreDown(_, var then) -> line.addKeyValue("then", lower(then.name()));
            case CallOutcome.LeftBeforeAssistant(_, String level) ->
                    line.addKeyValue("level", level);
            case CallOutcome.PrivacyServed(_, var wish) ->
                    line.addKeyValue("wish", lower(wish.name()));
            case CallOutcome.Failed(_, String error) -> line.addKeyValue("error", error);
            case CallOutcome.NeverAnswered _, CallOutcome.Drained _ -> line;
        };
    }

    private static Asked asked(CallFacts facts, NoticeRef notice) {
        return new Asked(facts.line(), notice.language(), notice.variant());
    }

    /** As Prometheus and log readers like it: no_input, hangup_during_opening. */
    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
