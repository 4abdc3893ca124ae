package org.consentgateway.ledger.number;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** What a caller has said, of whichever consent. */
public final class SaidEntries {
    private SaidEntries() {}

    /**
     * All that was written since, and what another node's clock has of a little before.
     *
     * @param type one that {@link LogReader#SAID} is of
     */
    public static List<Entry> since(
            LogReader reader, PseudonymousSubject subject, EntryType type, Instant since)
            throws LedgerUnavailable {
        List<Entry> all = new ArrayList<>();
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            reader.ask(connection ->
                            reader.claimed(
                                    connection,
                                    subject,
                                    DecidingEntries.saidOf(type.text()),
                                    name,
                                    since.minus(DecidingEntries.CLOCKS).toEpochMilli(),
                                    Integer.MAX_VALUE))
                    .forEach(row -> all.add(row.entry()));
        }
        return all;
    }
}
