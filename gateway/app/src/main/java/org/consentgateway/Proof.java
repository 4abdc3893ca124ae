package org.consentgateway;

import java.io.IOException;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.proof.LateFile;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.settings.GatewayConfig;

/** Thread-safe. Where decisions are written: the ledger and the journal of the domain over it. */
record Proof(Ledger ledger, LedgerStore store, ConsentJournal journal, OpenParts parts)
        implements AutoCloseable {
    static Proof open(Startup startup) throws IOException {
        GatewayConfig.Store config = startup.config().store();
        try (var opening = new OpenParts()) {
            Ledger ledger = opening.add(Ledger.open(startup.settings().ledger(), startup.clock()));
            var store = new LedgerStore(ledger, config.location());
            LateFile late = LateFile.open(config.keys().resolveSibling("late-records.jsonl"));
            var journal = new ConsentJournal(store, late, config.commitTimeout(), startup.ids());
            return new Proof(ledger, store, journal, opening.keep());
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
