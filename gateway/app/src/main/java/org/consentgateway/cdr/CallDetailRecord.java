package org.consentgateway.cdr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
import org.consentgateway.consent.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What is told of one call, in the order of its columns; {@code
 * config/cdr/cdr.schema.json} says each in words. Every field is always there, null where the call
 * never came so far.
 *
 * @param fields strings, numbers and truth values
 */
record CallDetailRecord(Map<String, @Nullable Object> fields) {
    static final String SCHEMA = "cdr/1";

    /** Names of all fields: the head of a table. */
    static final java.util.List<String> COLUMNS =
            java.util.List.of(
                    "schema",
                    "call_id",
                    "node",
                    "trunk",
                    "line",
                    "sip_call_id_hash",
                    "caller_id_present",
                    "clir",
                    "caller_pseudonym",
                    "started_at",
                    "answered_at",
                    "ended_at",
                    "seconds",
                    "language",
                    "notice_version",
                    "variant",
                    "known",
                    "disclosure",
                    "asked",
                    "decision",
                    "level",
                    "method",
                    "reason",
                    "decision_seconds",
                    "withdrawn",
                    "outcome",
                    "basis",
                    "then",
                    "talk_seconds",
                    "ended_by",
                    "task",
                    "mos",
                    "loss_percent",
                    "jitter_ms",
                    "mos_there",
                    "joined",
                    "join_seconds");

    /**
     * Whose record it is.
     *
     * @param pseudonyms whether callers who consented are told apart by their pseudonym; a number
     *     is never there
     */
    record Teller(String node, boolean pseudonyms) {}

    static CallDetailRecord of(
            Teller teller,
            CallSoFar soFar,
            CallOutcome outcome,
            MediaQuality media,
            Instant endedAt) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        COLUMNS.forEach(column -> fields.put(column, null));
        Trail trail = outcome.trail();
        fields.put("schema", SCHEMA);
        fields.put("node", teller.node());
        facts(fields, trail.facts(), teller.pseudonyms() && soFar.names());
        times(fields, trail, endedAt);
        soFar.put(fields);
        fields.put("outcome", outcome.name());
        how(fields, outcome);
        quality(fields, media);
        return new CallDetailRecord(fields);
    }

    private static void facts(
            Map<String, @Nullable Object> fields, CallFacts facts, boolean named) {
        fields.put("call_id", facts.callId().toString());
        fields.put("trunk", facts.trunk());
        fields.put("line", facts.line());
        fields.put("sip_call_id_hash", facts.sipCallIdHash());
        fields.put("caller_id_present", facts.callerIdPresent());
        fields.put("clir", facts.clir());
        Subject subject = facts.knownSubject();
        if (named && subject != null) {
            fields.put("caller_pseudonym", subject.pseudonym());
        }
    }

    private static void times(Map<String, @Nullable Object> fields, Trail trail, Instant endedAt) {
        fields.put("started_at", time(endedAt.minus(trail.took())));
        Instant answered = trail.facts().answeredAt();
        fields.put("answered_at", answered == null ? null : time(answered));
        fields.put("ended_at", time(endedAt));
        fields.put("seconds", seconds(trail.took()));
        fields.put("language", orNull(trail.language()));
        fields.put("notice_version", orNull(trail.noticeVersion()));
        fields.put("variant", orNull(trail.variant()));
        fields.put("ended_by", trail.hungUp() == null ? "us" : word(trail.hungUp()));
    }

    private static void how(Map<String, @Nullable Object> fields, CallOutcome outcome) {
        switch (outcome) {
            case Assisted(_, String level, CallOutcome.Basis basis, Duration talk) -> {
                fields.put("level", level);
                fields.put("basis", word(basis));
                fields.put("talk_seconds", seconds(talk));
            }
            case Withdrew(_, String level, Path then) -> {
                fields.put("level", level);
                fields.put("withdrawn", true);
                fields.put("then", word(then));
            }
            case Refused(_, Path then) -> fields.put("then", word(then));
            case Unanswered(_, _, Path then) -> fields.put("then", word(then));
            case AssistantUnreachable(_, String level, Path then) -> {
                fields.put("level", level);
                fields.put("then", word(then));
            }
            case StoreDown(_, Path then) -> fields.put("then", word(then));
            case LeftBeforeAssistant(_, String level) -> fields.put("level", level);
            case PrivacyServed(_, CallOutcome.Wish wish) -> fields.put("reason", word(wish));
            case Failed(_, String error) -> fields.put("reason", error);
            case NeverAnswered _, Drained _ -> {}
        }
    }

    private static void quality(Map<String, @Nullable Object> fields, MediaQuality media) {
        fields.put("mos", decimal(media.received().mos(), 2));
        fields.put("loss_percent", decimal(media.lossPercent(), 1));
        boolean heard = !Double.isNaN(media.received().mos());
        fields.put("jitter_ms", heard ? decimal(media.received().jitterMillis(), 1) : null);
        fields.put("mos_there", decimal(media.sent().mos(), 2));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3);
    }

    private static @Nullable BigDecimal decimal(double value, int digits) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP)
                : null;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
