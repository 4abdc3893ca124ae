package org.consentgateway.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.statistics.Counts.Counted;
import org.jspecify.annotations.Nullable;

/**
 * Counts entries of the log. An entry counts on the day it was written (UTC), once, and without
 * regard to those counted before it: what it needs of other entries it asks the log for. Confined
 * to one thread.
 */
final class EntryCounter {
    /** All others change no figure. */
    static final Set<EntryType> COUNTED =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            EntryType.SERVED,
                            EntryType.GIVEN,
                            EntryType.RENEWED,
                            EntryType.REAFFIRMED,
                            EntryType.USED,
                            EntryType.REFUSED,
                            EntryType.UNANSWERED,
                            EntryType.WITHDRAWN,
                            EntryType.TASK_OPENED));

    private static final Set<String> ASKED =
            Set.of("NO_INPUT", "NO_MATCH", "CONFLICT", "HANGUP_DURING_QUESTION");

    private static final int MOST_REPEATS = 3;

    static final String IN_CALL = "in-call";
    static final String WITHIN_30_DAYS = "within-30-days";
    static final String LATER = "later";

    /** Within it a withdrawal says something of the question, and not of what came after. */
    static final Duration SOON = Duration.ofDays(30);

    private static final String CALL = "/call/gateway_call_id";

    private final LogReader reader;
    private final CallsSeen calls;
    private final Counts counts = new Counts();

    EntryCounter(LogReader reader) {
        this.reader = reader;
        this.calls = new CallsSeen(reader);
    }

    Counts counts() {
        return counts;
    }

    void count(Entry entry) throws LedgerUnavailable {
        if (!COUNTED.contains(entry.type())) {
            return;
        }
        ObjectNode payload = entry.payload();
        if (payload == null) {
            count(entry, Figure.CONTENT_LOST, Cell.NONE, entry.type().text());
            return;
        }
        calls.saw(entry, payload);
        Cell cell = Cell.of(payload);
        switch (entry.type()) {
            case GIVEN -> given(entry, payload, cell);
            case RENEWED -> {
                count(entry, Figure.CONSENT, cell, "");
                decided(entry, payload, cell, "renewed");
            }
            case REAFFIRMED -> decided(entry, payload, cell, "again");
            case USED -> count(entry, Figure.DECISION, calls.spokenIn(entry, cell), "known/used");
            case REFUSED -> decided(entry, payload, cell, "refused");
            case UNANSWERED -> unanswered(entry, payload, cell);
            case WITHDRAWN -> withdrawn(entry, payload);
            case TASK_OPENED -> count(entry, Figure.TASK, cell, payload.at("/task/kind").asText());
            default -> {
                // no figure
            }
        }
    }

    /** One more purpose in the middle of a talk is no second decision of that call. */
    private void given(Entry entry, JsonNode payload, Cell cell) throws LedgerUnavailable {
        count(entry, Figure.CONSENT, cell, "");
        if (calls.agreesFirst(entry, payload)) {
            decided(entry, payload, cell, "given");
        }
    }

    private void decided(Entry entry, JsonNode payload, Cell cell, String what)
            throws LedgerUnavailable {
        String caller = caller(entry, payload);
        count(entry, Figure.DECISION, cell, caller + what);
        Instant answered = instant(payload.at("/call/answered_at").asText());
        if (answered != null) {
            long after = Duration.between(answered, entry.time()).toSeconds();
            long seconds = Math.clamp(after, 0, Seconds.MOST);
            count(entry, Figure.DECIDED_AFTER, cell, caller + seconds);
        }
        repeats(entry, payload, cell);
    }

    private static @Nullable Instant instant(String text) {
        return text.isEmpty() ? null : Instant.parse(text);
    }

    private void unanswered(Entry entry, JsonNode payload, Cell cell) throws LedgerUnavailable {
        String reason = payload.at("/decision/reason").asText();
        boolean asked =
                ASKED.contains(reason)
                        || (reason.equals("PROMPT_INCOMPLETE")
                                && !payload.at("/decision/evidence").isEmpty());
        String what = (asked ? "unanswered/" : "unasked/") + reason;
        count(entry, Figure.DECISION, cell, caller(entry, payload) + what);
        if (asked) {
            repeats(entry, payload, cell);
        }
    }

    /** Whoever left in the middle of a question has left no evidence of how often it was put. */
    private void repeats(Entry entry, JsonNode payload, Cell cell) {
        JsonNode evidence = payload.at("/decision/evidence");
        if (evidence.isEmpty()) {
            return;
        }
        int repeats = 0;
        for (JsonNode each : evidence) {
            repeats += each.path("attempt").asInt() > 1 ? 1 : 0;
        }
        count(entry, Figure.REPEATS, cell, String.valueOf(Math.min(repeats, MOST_REPEATS)));
    }

    private String caller(Entry entry, JsonNode payload) throws LedgerUnavailable {
        return calls.isKnown(entry, payload) ? "known/" : "new/";
    }

    /** The rate is that of the consents of a day, so it counts there, too, and once. */
    private void withdrawn(Entry entry, JsonNode payload) throws LedgerUnavailable {
        String reason = payload.at("/withdrawal/reason").asText();
        if (reason.equals("GRANT_CAME_LATE")) {
            return; // the gateway's own doing
        }
        Optional<UUID> grant = uuid(payload.path("refers_to").asText());
        Entry consent = grant.isEmpty() ? null : reader.entry(grant.get()).orElse(null);
        ObjectNode given = consent == null ? null : consent.payload();
        if (consent != null && consent.type() == EntryType.IMPORTED) {
            return; // of no call, and of no line
        }
        Cell cell = given == null ? Cell.of(payload) : Cell.of(given);
        count(entry, Figure.WITHDRAWAL, cell, reason);
        if (consent != null
                && given != null
                && (consent.type() == EntryType.GIVEN || consent.type() == EntryType.RENEWED)
                && isFirst(entry, consent.id())) {
            count(consent, Figure.CONSENT_WITHDRAWN, cell, howSoon(entry, payload, consent, given));
        }
    }

    private static String howSoon(Entry entry, JsonNode withdrawal, Entry consent, JsonNode given) {
        String call = withdrawal.at(CALL).asText();
        if (!call.isEmpty() && call.equals(given.at(CALL).asText())) {
            return IN_CALL;
        }
        boolean soon = !entry.time().isAfter(consent.time().plus(SOON));
        return soon ? WITHIN_30_DAYS : LATER;
    }

    private boolean isFirst(Entry withdrawal, UUID grant) throws LedgerUnavailable {
        List<Entry> all =
                AboutEntries.ends(reader, List.of(grant), Set.of(EntryType.WITHDRAWN))
                        .getOrDefault(grant, List.of());
        return all.isEmpty() || all.getFirst().id().equals(withdrawal.id());
    }

    private static Optional<UUID> uuid(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(text));
    }

    private void count(Entry entry, Figure figure, Cell cell, String value) {
        counts.add(new Counted(day(entry), figure, cell, value), 1);
    }

    private static LocalDate day(Entry entry) {
        return LocalDate.ofInstant(entry.time(), ZoneOffset.UTC);
    }
}
