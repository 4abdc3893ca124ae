package org.consentgateway.ledger.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.EndingCode;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.DecidingEntries;
import org.consentgateway.ledger.number.Decisive;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What is decided on: entries are found by look-up rows, which whoever has the
 * database can delete. So each consent in force tells how many entries end it or say no to it, and
 * where fewer are found, it does not count.
 */
public final class CheckedHistory {
    private final LogReader reader;
    private final Pseudonyms pseudonyms;
    private final TamperAlarm alarm;
    private final InstantSource clock;
    private final Decisive.Most most;

    public CheckedHistory(
            LogReader reader, Pseudonyms pseudonyms, TamperAlarm alarm, InstantSource clock) {
        this(reader, pseudonyms, alarm, clock, Decisive.Most.USUAL);
    }

    private CheckedHistory(
            LogReader reader,
            Pseudonyms pseudonyms,
            TamperAlarm alarm,
            InstantSource clock,
            Decisive.Most most) {
        this.reader = reader;
        this.pseudonyms = pseudonyms;
        this.alarm = alarm;
        this.clock = clock;
        this.most = most;
    }

    /** The same, of which so much is read. */
    public CheckedHistory reading(Decisive.Most other) {
        return new CheckedHistory(reader, pseudonyms, alarm, clock, other);
    }

    /**
     * Newest first.
     *
     * @param all that was found
     * @param reliable without the consents of which an ending is missing, or may be; and then
     *     without those that were given elsewhere, which any withdrawal ends, and those before them
     * @param complete false where there may be more to be ended than was found
     */
    public record Found(List<Entry> all, List<Entry> reliable, boolean complete) {
        private static Found of(Decisive found, List<Entry> reliable) {
            return new Found(found.entries(), reliable, found.complete());
        }
    }

    /** What there is to be ended, to whatever notice; nothing is relied on by it. */
    public Found ofAll(PseudonymousSubject subject) throws LedgerUnavailable {
        Decisive found = DecidingEntries.ofAll(reader, subject, clock.instant(), most);
        return Found.of(found, found.entries());
    }

    /** As {@link DecidingEntries#idsInForce}. */
    public List<UUID> idsInForce(PseudonymousSubject subject) throws LedgerUnavailable {
        return DecidingEntries.idsInForce(reader, subject, clock.instant());
    }

    /** As {@link DecidingEntries#ofThese}, newest first; nothing is relied on by it. */
    public List<Entry> ofThese(PseudonymousSubject subject, List<UUID> consents)
            throws LedgerUnavailable {
        return DecidingEntries.ofThese(reader, subject, consents, clock.instant());
    }

    /**
     * As {@link DecidingEntries#of}. Where an entry has no payload, nothing can be decided on the
     * others either.
     */
    public Found of(PseudonymousSubject subject, String notice) throws LedgerUnavailable {
        Decisive found = told(DecidingEntries.of(reader, subject, notice, clock.instant(), most));
        List<Entry> noConsents = found.entries().stream().filter(CheckedHistory::isNone).toList();
        if (noConsents.size() < found.entries().size()
                && reader.ask(ColumnTypes::areLookupsHidden)) {
            alarm.raise(
                    "look-up rows hold octets where texts belong, and hide what ends a consent; the"
                            + " caller is asked in full");
            return Found.of(found, noConsents);
        }
        Set<UUID> inForce =
                found.entries().stream()
                        .filter(this::isCountedInForce)
                        .map(Entry::id)
                        .collect(Collectors.toSet());
        if (inForce.isEmpty() && found.uncertain().isEmpty()) {
            return Found.of(found, found.entries());
        }
        Map<UUID, String> counts = inForce.isEmpty() ? Map.of() : reader.endings(inForce);
        Set<UUID> first = doubtful(found, inForce, counts);
        if (first.isEmpty()) {
            return Found.of(found, found.entries());
        }
        if (!found.uncertain().isEmpty()) { // there is more than is read, and nothing is missing
            return Found.of(found, without(first, found));
        }
        // An entry may have come between the two questions: look again, with the count of before.
        Decisive again = told(DecidingEntries.of(reader, subject, notice, clock.instant(), most));
        Set<UUID> doubtful = doubtful(again, inForce, counts);
        if (doubtful.isEmpty()) {
            return Found.of(again, again.entries());
        }
        // Older ones are not relied on, and ends of theirs are erased again without being counted.
        Gap gap = reader.ask(Gap::of);
        Set<UUID> older =
                again.entries().stream()
                        .filter(gap::follows)
                        .map(Entry::id)
                        .collect(Collectors.toSet());
        doubtful.stream()
                .filter(id -> !older.contains(id))
                .forEach(id ->
                        alarm.raise(
                                "what ends consent "
                                        + id
                                        + ", or says no to it, is not found, though its row counts"
                                        + " it; the caller is asked in full"));
        return Found.of(again, without(doubtful, again));
    }

    private static boolean isNone(Entry entry) {
        return !entry.type().isConsent();
    }

    /** What a consent from elsewhere came in the place of is left out with it: it names none. */
    private static List<Entry> without(Set<UUID> doubtful, Decisive found) {
        Instant elsewhere =
                found.entries().stream()
                        .filter(entry -> entry.type() == EntryType.IMPORTED)
                        .map(Entry::from)
                        .max(Instant::compareTo)
                        .orElse(Instant.MIN);
        return found.entries().stream()
                .filter(entry -> !doubtful.contains(entry.id()))
                .filter(entry -> !entry.type().isConsent() || entry.from().isAfter(elsewhere))
                .toList();
    }

    /** What cannot be relied on stays in the list without its payload: it may be a withdrawal. */
    private Decisive told(Decisive found) {
        found.entries().stream()
                .filter(entry -> entry.payload() == null)
                .forEach(entry ->
                        alarm.raise(
                                entry.log()
                                        + " entry "
                                        + entry.index()
                                        + ": is not what was written, or not of the caller it is"
                                        + " found by, or its key is not here; the caller is asked"
                                        + " in full"));
        return found;
    }

    /**
     * What such a consent came in place of is as doubtful. Of a consent that has ended as a whole,
     * what else was said about it is not read where there is very much.
     */
    private Set<UUID> doubtful(Decisive found, Set<UUID> inForce, Map<UUID, String> counts) {
        Set<UUID> doubtful = new LinkedHashSet<>(found.uncertain());
        for (boolean more = true; more; ) {
            Map<String, Integer> endings = endings(found.entries(), doubtful);
            Set<String> ended = found.whole() ? Set.of() : ended(found.entries(), doubtful);
            more =
                    doubtful.addAll(
                            inForce.stream()
                                    .filter(id -> !ended.contains(id.toString()))
                                    .filter(id ->
                                            endings.getOrDefault(id.toString(), 0)
                                                    < counted(id, counts.get(id)))
                                    .toList());
        }
        return doubtful;
    }

    /** Consents that were withdrawn or replaced, by their ids. */
    private static Set<String> ended(List<Entry> found, Set<UUID> without) {
        return found.stream()
                .filter(entry -> !without.contains(entry.id()))
                .filter(entry ->
                        switch (entry.type()) {
                            case WITHDRAWN, RENEWED -> true;
                            case GIVEN -> lasts(entry);
                            default -> false;
                        })
                .flatMap(entry -> Stream.ofNullable(entry.payload()))
                .map(payload -> payload.path("refers_to").asText())
                .collect(Collectors.toSet());
    }

    private static boolean lasts(Entry consent) {
        ObjectNode payload = consent.payload();
        return payload != null && Facts.of(payload).untilMillis() != null;
    }

    /** How many of them end a consent, by its id. */
    private static Map<String, Integer> endings(List<Entry> found, Set<UUID> without) {
        Map<String, Integer> endings = new HashMap<>();
        for (Entry entry : found) {
            ObjectNode payload = entry.payload();
            if (payload != null && entry.type().isEnding() && !without.contains(entry.id())) {
                endings.merge(payload.path("refers_to").asText(), 1, Integer::sum);
            }
        }
        return endings;
    }

    /** More than there can be where the count was changed or taken away. */
    private int counted(UUID consent, @Nullable String text) {
        return text == null
                ? Integer.MAX_VALUE
                : EndingCode.read(pseudonyms, consent.toString(), text).orElse(Integer.MAX_VALUE);
    }

    /** Those of earlier versions are not counted, and say so in what their leaf commits to. */
    private boolean isCountedInForce(Entry entry) {
        ObjectNode payload = entry.payload();
        if (payload == null || !entry.type().isConsent() || !isCounted(payload)) {
            return false;
        }
        Long until = Facts.of(payload).untilMillis();
        return until != null && until > clock.instant().toEpochMilli();
    }

    private static boolean isCounted(ObjectNode payload) {
        return payload.at("/issuer/endings").asText().equals("counted");
    }
}
