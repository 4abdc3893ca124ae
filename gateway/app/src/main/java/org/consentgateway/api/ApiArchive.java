package org.consentgateway.api;

import java.io.IOException;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. The log as auditors read it. */
@FunctionalInterface
public interface ApiArchive {
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
