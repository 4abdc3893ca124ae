package org.consentgateway.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.NumberPart;
import org.consentgateway.ledger.number.PartCursors;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What is stored about one caller, for whoever asks for one part after the other. The
 * number is looked through as a whole with the first part alone; what that found goes with the
 * cursor, and each later part is found from where the last one ended.
 */
public final class SubjectParts {
    private final LogReader reader;
    private final PseudonymousSubject subject;
    private final PartCursors cursors;
    private final @Nullable Instant until;

    /**
     * @param until nothing is told of what was recorded later; null for all
     */
    public SubjectParts(
            LogReader reader,
            Pseudonyms pseudonyms,
            PseudonymousSubject subject,
            @Nullable Instant until) {
        this.reader = reader;
        this.subject = subject;
        this.cursors = new PartCursors(pseudonyms, subject);
        this.until = until;
    }

    public SubjectPart first(Instant now, int most) throws LedgerUnavailable {
        SubjectExport all = SubjectExport.of(reader, subject, now);
        SubjectExport wanted = until == null ? all : all.until(until);
        return wanted.size() <= most
                ? wanted.newest(most)
                : part(
                        wanted.whole(),
                        new PartCursors.Cursor(
                                0,
                                wanted.size(),
                                wanted.isShared(),
                                wanted.whole().language(),
                                wanted.newestMillis(),
                                NumberPart.Stand.BEGINNING),
                        most);
    }

    /**
     * @param cursor of the part before
     * @throws IllegalArgumentException where it is none that was given out for this caller, or was
     *     for more than may be told here
     */
    public SubjectPart next(String cursor, Instant now, int most) throws LedgerUnavailable {
        PartCursors.Cursor from =
                cursors.open(cursor)
                        .filter(one -> until == null || one.latest() <= until.toEpochMilli())
                        .orElseThrow(() -> new IllegalArgumentException("no cursor of this"));
        return part(
                new SubjectPart.Whole(now, from.language(), from.entries(), from.shared(), until),
                from,
                most);
    }

    private SubjectPart part(SubjectPart.Whole whole, PartCursors.Cursor from, int most)
            throws LedgerUnavailable {
        NumberPart part = NumberPart.of(reader, subject, from.stand(), from.latest(), most);
        List<Entry> entries = part.entries().page(0, most);
        int told = from.told() + part.entries().size();
        Optional<String> next = part.next().map(stand -> cursors.seal(from.at(told, stand)));
        return SubjectPart.of(whole, reader, entries, from.told(), next);
    }
}
