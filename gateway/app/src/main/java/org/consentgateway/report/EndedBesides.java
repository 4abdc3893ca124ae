package org.consentgateway.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.SaidEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. What a caller has ended in consents that the entry does not name, by the rules of
 * calls ({@code ConsentValidity}): whoever withdraws withdraws all that was agreed to until then,
 * and whoever ends a purpose ends it in what has come in the place of that consent. A withdrawal
 * that cannot be read is one of all.
 *
 * @param withdrawn by this caller since the first of the consents was given
 * @param parts purposes of which this caller said anything since
 */
record EndedBesides(LogReader reader, List<Entry> withdrawn, List<Entry> parts) {
    /**
     * @param consents of this caller, one at least
     */
    static EndedBesides of(LogReader reader, PseudonymousSubject subject, List<Entry> consents)
            throws LedgerUnavailable {
        Instant first = consents.stream().map(Entry::from).min(Instant::compareTo).orElseThrow();
        return new EndedBesides(
                reader,
                SaidEntries.since(reader, subject, EntryType.WITHDRAWN, first),
                SaidEntries.since(reader, subject, EntryType.PURPOSE_DECIDED, first));
    }

    /** Whether this one was withdrawn with another. */
    boolean ends(Entry consent) throws LedgerUnavailable {
        for (Entry end : withdrawn) {
            if (isOfAll(end, consent) && concerns(end, consent)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfAll(Entry end, Entry consent) {
        return time(end, "/withdrawal/at").isAfter(consent.from())
                && (end.payload() == null
                        || (!text(end, "/withdrawal/reason").equals("GRANT_CAME_LATE")
                                && text(end, "/notice/id").equals(text(consent, "/notice/id"))
                                && !end.isOfClaimedNumber()));
    }

    /**
     * Whether what was withdrawn was this caller's and has a purpose in common with the other; of
     * what is not there it is not known.
     */
    private boolean concerns(Entry end, Entry consent) throws LedgerUnavailable {
        Optional<UUID> refers = refers(end);
        Optional<Entry> named = refers.isEmpty() ? Optional.empty() : reader.entry(refers.get());
        return named.isEmpty()
                || named.get().payload() == null
                || (!named.get().isOfClaimedNumber()
                        && !Collections.disjoint(purposes(named.get()), purposes(consent)));
    }

    /** Purposes that were ended in what this one came in the place of. */
    Set<String> partsOf(Entry consent) throws LedgerUnavailable {
        Set<String> ended = new HashSet<>();
        for (Entry part : parts) {
            String purpose = part.endedPurpose().orElse("");
            if (purposes(consent).contains(purpose)
                    && time(part, "/event_time").isAfter(consent.from())
                    && hasReplaced(consent, refers(part))) {
                ended.add(purpose);
            }
        }
        return ended;
    }

    /** Be it by way of a third. */
    private boolean hasReplaced(Entry consent, Optional<UUID> other) throws LedgerUnavailable {
        Optional<UUID> before = refers(consent);
        while (before.isPresent() && !before.equals(other)) {
            Optional<Entry> there = reader.entry(before.get());
            before = there.isPresent() ? refers(there.get()) : Optional.empty();
        }
        return before.isPresent();
    }

    private static Optional<UUID> refers(Entry entry) {
        String refers = text(entry, "/refers_to");
        return refers.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(refers));
    }

    private static Set<String> purposes(Entry consent) {
        Set<String> purposes = new HashSet<>();
        at(consent, "/decision/purposes").forEach(each -> purposes.add(each.asText()));
        return purposes;
    }

    /** A store that was down has it later than it was said. */
    private static Instant time(Entry entry, String path) {
        String time = text(entry, path);
        try {
            return time.isEmpty() ? entry.time() : Instant.parse(time);
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }

    private static String text(Entry entry, String path) {
        return at(entry, path).asText();
    }

    private static JsonNode at(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? MissingNode.getInstance() : payload.at(path);
    }
}
