package org.consentgateway.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.number.DecidingEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. A consent of a caller that holds for later calls.
 *
 * @param purposes those that nobody has ended; never those of one call only
 * @param record of the consent
 */
public record LastingConsent(
        UUID consent, Instant given, Instant until, List<String> purposes, JsonNode record) {
    private static final Set<EntryType> ENDS =
            Set.of(
                    EntryType.WITHDRAWN,
                    EntryType.EXPIRED,
                    EntryType.RENEWED,
                    EntryType.GIVEN,
                    EntryType.PURPOSE_DECIDED);

    public LastingConsent {
        purposes = List.copyOf(purposes);
    }

    /**
     * What holds of all that a caller ever agreed to, newest first. An ending that cannot be read
     * ends it.
     *
     * @param subject under all its pseudonyms
     */
    public static List<LastingConsent> inForce(
            LogReader reader, PseudonymousSubject subject, Instant now) throws LedgerUnavailable {
        List<Entry> lasting =
                DecidingEntries.inForce(reader, subject, now).stream()
                        .filter(each -> lasts(each, now))
                        .toList();
        if (lasting.isEmpty()) {
            return List.of();
        }
        EndedBesides besides = EndedBesides.of(reader, subject, lasting);
        Map<UUID, List<Entry>> about =
                AboutEntries.ends(reader, lasting.stream().map(Entry::id).toList(), ENDS);
        List<LastingConsent> choices = new ArrayList<>();
        for (Entry consent : lasting) {
            ObjectNode record = consent.payload();
            List<Entry> later = about.getOrDefault(consent.id(), List.of());
            if (record == null
                    || later.stream().anyMatch(LastingConsent::ends)
                    || besides.ends(consent)) {
                continue;
            }
            List<String> purposes = purposes(record, later);
            purposes.removeAll(besides.partsOf(consent));
            if (!purposes.isEmpty()) {
                choices.add(
                        new LastingConsent(
                                consent.id(),
                                given(consent, record),
                                until(record),
                                purposes,
                                record));
            }
        }
        return List.copyOf(choices);
    }

    private static boolean lasts(Entry entry, Instant now) {
        ObjectNode record = entry.payload();
        boolean consent =
                entry.type() == EntryType.GIVEN
                        || entry.type() == EntryType.RENEWED
                        || entry.type() == EntryType.IMPORTED;
        return consent
                && record != null
                && record.at("/validity/until").isTextual()
                && now.isBefore(until(record));
    }

    /** Whether it was given in a call: who filled in a form need not be whose number that is. */
    boolean isOfCall() {
        return !record.path("event_state").asText().equals(EntryType.IMPORTED.text());
    }

    /** A store that was down has it later, and so has one that took it over from elsewhere. */
    private static Instant given(Entry consent, JsonNode record) {
        if (consent.type() == EntryType.IMPORTED) {
            return Instant.parse(record.at("/validity/from").asText());
        }
        String time = record.path("event_time").asText();
        return time.isEmpty() ? consent.time() : Instant.parse(time);
    }

    private static Instant until(JsonNode record) {
        return Instant.parse(record.at("/validity/until").asText());
    }

    private static boolean ends(Entry later) {
        return switch (later.type()) {
            case WITHDRAWN, EXPIRED, RENEWED -> true;
            // What replaces it for one call only ends with that call.
            case GIVEN -> at(later, "/validity/until").isTextual() || later.payload() == null;
            case PURPOSE_DECIDED -> later.payload() == null;
            default -> false;
        };
    }

    private static List<String> purposes(JsonNode record, List<Entry> later) {
        List<String> purposes = new ArrayList<>();
        record.at("/decision/purposes").forEach(each -> purposes.add(each.asText()));
        record.at("/validity/this_call_only").forEach(each -> purposes.remove(each.asText()));
        later.forEach(each -> each.endedPurpose().ifPresent(purposes::remove));
        return purposes;
    }

    private static JsonNode at(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? MissingNode.getInstance() : payload.at(path);
    }

    /** Whether somebody has refused on this number while one of these was in force. */
    static boolean shared(LogReader reader, List<LastingConsent> choices) throws LedgerUnavailable {
        List<UUID> ids = choices.stream().map(LastingConsent::consent).toList();
        return !AboutEntries.ends(reader, ids, Set.of(EntryType.REFUSED)).isEmpty();
    }
}
