package org.consentgateway.api;

import java.io.IOException;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. The log as auditors read it. */
@FunctionalInterface
public interface ApiArchive {
    /**
     * Entries that an answer counts by itself, of those that the gateway has not counted yet: some
     * hundredths of a second, and what comes between two counts of a busy gateway.
     */
    long MOST_COUNTED = 1_000;

    LedgerArchive open() throws IOException;

    /** Something that is read there. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    static <T> T ask(Reading<T> reading) throws LedgerUnavailable {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }
}
