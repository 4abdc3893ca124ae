package org.consentgateway.ledger.proof;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the store holds about one entry. Immutable.
 *
 * @param keyId of the key its payload is sealed under; null, as the payload, if that is gone
 * @param facts of its lookup row; null if there is none
 */
public record WholeEntry(
        StoredEntry entry,
        @Nullable String keyId,
        byte @Nullable [] sealed,
        @Nullable String lookupType,
        long lookupMillis,
        @Nullable Facts facts) {
    // The range stands at each table: PostgreSQL does not carry it over a join, and reads a whole
    // table for every chunk otherwise.
    private static final String RANGE =
            "SELECT e.idx, e.entry_id, e.time_ms, e.type, e.commitment, e.leaf, p.key_id,"
                    + " p.sealed, f.type, f.time_ms, f.subject, f.notice, f.line, f.call_id,"
                    + " f.sip_hash, f.refers, f.until_ms, f.delete_ms, f.idx FROM ledger_entry e"
                    + " LEFT JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx"
                    + " AND p.idx >= ? AND p.idx < ?"
                    + " LEFT JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx"
                    + " AND f.idx >= ? AND f.idx < ?"
                    + " WHERE e.log = ? AND e.idx >= ? AND e.idx < ? ORDER BY e.idx";

    /** In the order of the log, from the first index to before the second. */
    public static List<WholeEntry> range(Connection connection, Log log, long from, long to)
            throws SQLException {
        return Rows.list(
                connection, RANGE, WholeEntry::read, from, to, from, to, log.id(), from, to);
    }

    /** With those that have no row any more, in the order of the log. */
    public static List<WholeEntry> with(List<WholeEntry> rows, Collection<StoredEntry> archived) {
        if (archived.isEmpty()) {
            return rows;
        }
        return Stream.concat(
                        rows.stream(),
                        archived.stream()
                                .map(entry -> new WholeEntry(entry, null, null, null, 0, null)))
                .sorted(Comparator.comparingLong(row -> row.entry().index()))
                .toList();
    }

    private static WholeEntry read(ResultSet row) throws SQLException {
        StoredEntry entry = StoredEntry.ROW.read(row);
        boolean lookup = row.getObject(19) != null;
        return new WholeEntry(
                entry,
                row.getString(7),
                row.getBytes(8),
                row.getString(9),
                row.getLong(10),
                lookup
                        ? new Facts(
                                row.getString(11),
                                row.getString(12),
                                row.getString(13),
                                row.getString(14),
                                row.getString(15),
                                row.getString(16),
                                millis(row, 17),
                                millis(row, 18))
                        : null);
    }

    private static @Nullable Long millis(ResultSet row, int at) throws SQLException {
        long millis = row.getLong(at);
        return row.wasNull() ? null : millis;
    }
}
