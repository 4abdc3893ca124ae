package org.consentgateway.reporting;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.AssistantUnreachable;
import org.consentgateway.call.CallOutcome.Assisted;
import org.consentgateway.call.CallOutcome.Drained;
import org.consentgateway.call.CallOutcome.Failed;
import org.consentgateway.call.CallOutcome.LeftBeforeAssistant;
import org.consentgateway.call.CallOutcome.NeverAnswered;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.CallOutcome.PrivacyServed;
import org.consentgateway.call.CallOutcome.Refused;
import org.consentgateway.call.CallOutcome.StoreDown;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.CallOutcome.Unanswered;
import org.consentgateway.call.CallOutcome.Withdrew;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Unclear;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Thread-safe. One line per call, at its end: the call id to find it by, how it went, how long it
 * took. Another one where a withdrawal failed beside it. No number, no word of the caller.
 */
public final class CallLog implements CallListener {
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.Ended(CallOutcome outcome, MediaQuality media) -> ended(outcome, media);
            case CallEvent.WithdrawalFailed(CallFacts facts, String error) ->
                    LOG.atError()
                            .addKeyValue("call_id", facts.callId())
                            .addKeyValue("line", facts.line())
                            .addKeyValue("error", error)
                            .log("withdrawal not done to its end");
            default -> {
                // told once, by how the call ended
            }
        }
    }

    private void ended(CallOutcome outcome, MediaQuality media) {
        LoggingEventBuilder line = LOG.atLevel(levelOf(outcome));
        for (Map.Entry<String, Object> field : fields(outcome, media).entrySet()) {
            line = line.addKeyValue(field.getKey(), field.getValue());
        }
        line.log("call ended");
    }

    /** In the order in which they are read. */
    private static Map<String, Object> fields(CallOutcome outcome, MediaQuality media) {
        Trail trail = outcome.trail();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("call_id", trail.facts().callId());
        fields.put("line", trail.facts().line());
        fields.put("trunk", trail.facts().trunk());
        fields.put("outcome", outcome.name());
        fields.putAll(how(outcome));
        if (!trail.language().isEmpty()) {
            fields.put("language", trail.language());
        }
        if (!trail.noticeVersion().isEmpty()) {
            fields.put("notice", trail.noticeVersion() + trail.variant());
        }
        fields.put("seconds", seconds(trail.took()));
        fields.put("by", trail.hungUp() == null ? "us" : word(trail.hungUp()));
        fields.putAll(quality(media));
        return fields;
    }

    /** What we heard, and what the caller's RTCP says of us; nothing where there was no media. */
    private static Map<String, Object> quality(MediaQuality media) {
        Map<String, Object> fields = new LinkedHashMap<>();
        MediaQuality.Stream received = media.received();
        if (!Double.isNaN(received.mos())) {
            fields.put("mos", decimal(received.mos(), 2));
            fields.put("loss_percent", decimal(media.lossPercent(), 1));
            fields.put("jitter_ms", decimal(received.jitterMillis(), 1));
        }
        if (!Double.isNaN(media.sent().mos())) {
            fields.put("mos_there", decimal(media.sent().mos(), 2));
        }
        return fields;
    }

    private static Map<String, Object> how(CallOutcome outcome) {
        return switch (outcome) {
            case Assisted(_, String level, CallOutcome.Basis basis, Duration talk) ->
                    Map.of("level", level, "basis", word(basis), "talk_seconds", seconds(talk));
            case Withdrew(_, String level, Path then) -> Map.of("level", level, "then", word(then));
            case Refused(_, Path then) -> Map.of("then", word(then));
            case Unanswered(_, Unclear reason, Path then) ->
                    Map.of("reason", reason, "then", word(then));
            case AssistantUnreachable(_, String level, Path then) ->
                    Map.of("level", level, "then", word(then));
            case StoreDown(_, Path then) -> Map.of("then", word(then));
            case LeftBeforeAssistant(_, String level) -> Map.of("level", level);
            case PrivacyServed(_, CallOutcome.Wish wish) -> Map.of("wish", word(wish));
            case Failed(_, String error) -> Map.of("error", error);
            case NeverAnswered _, Drained _ -> Map.of();
        };
    }

    /** What an operator should look into is louder than what callers do. */
    private static Level levelOf(CallOutcome outcome) {
        return switch (outcome) {
            case Failed _ -> Level.ERROR;
            case StoreDown _, AssistantUnreachable _ -> Level.WARN;
            case Assisted _,
                    Withdrew _,
                    Refused _,
                    Unanswered _,
                    LeftBeforeAssistant _,
                    NeverAnswered _,
                    PrivacyServed _,
                    Drained _ ->
                    Level.INFO;
        };
    }

    private static Object seconds(Duration duration) {
        return decimal(duration.toMillis() / 1000.0, 1);
    }

    /** A number, so that it is one in JSON. */
    private static Object decimal(double value, int digits) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP)
                : Double.toString(value);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
