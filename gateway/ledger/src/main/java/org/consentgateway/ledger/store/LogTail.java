package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.LedgerTorn;

/** What is looked at before a log is written to again: its end, where a crash would show. */
public final class LogTail {
    /** Entries at the end of the log whose leaves are hashed again. */
    private static final int TAIL = 256;

    private LogTail() {}

    /**
     * @return the right edge of its tree, made from the stored hashes
     * @throws LedgerTorn where the end contradicts itself, with the place
     */
    public static Frontier check(Connection connection, Log log) throws SQLException {
        long stored =
                Rows.first(
                                connection,
                                "SELECT COALESCE(MAX(idx), -1) FROM ledger_entry WHERE log = ?",
                                row -> row.getLong(1),
                                log.id())
                        .orElse(-1L);
        if (stored != log.size() - 1) {
            throw new LedgerTorn(
                    log.origin()
                            + " is torn: its head says "
                            + log.size()
                            + " entries, the last stored one has index "
                            + stored);
        }
        long from = Math.max(0, log.size() - TAIL);
        List<StoredEntry> tail =
                StoredEntry.range(connection, log, Math.max(0, from - 1), log.size());
        byte[] prev = from == 0 ? Header.noLeaf() : tail.removeFirst().leaf();
        long expected = from;
        for (StoredEntry entry : tail) {
            if (entry.index() != expected) {
                throw new LedgerTorn(log.origin() + " is torn: entry " + expected + " is missing");
            }
            if (!Arrays.equals(entry.leaf(), entry.header(log.origin(), prev).leaf())) {
                throw new LedgerTorn(
                        log.origin() + " is torn: entry " + expected + " does not match its leaf");
            }
            prev = entry.leaf();
            expected++;
        }
        if (!Arrays.equals(prev, log.lastLeaf())) {
            throw new LedgerTorn(
                    log.origin() + " is torn: its head does not name entry " + (expected - 1));
        }
        return Log.proofs(connection, log.id()).frontier(log.size());
    }
}
