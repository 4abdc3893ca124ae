package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ids of payload keys under which nothing in the store is sealed any more, so that nobody seals
 * under them again. They stand in the row that every commit moves on.
 */
public final class RetiredKeys {
    /** More than that were retired long ago by everybody. */
    private static final int KEPT = 40;

    private RetiredKeys() {}

    /** What was to be written is sealed under such a key: nothing was written. */
    static final class Used extends SQLException {
        private static final long serialVersionUID = 1L;

        Used(String log, String keyId) {
            super("payload key " + keyId + " is not to be used any more in " + log);
        }
    }

    public static Set<String> of(Connection connection) throws SQLException {
        Set<String> all = new LinkedHashSet<>();
        Rows.list(
                        connection,
                        "SELECT retired_keys FROM ledger_log WHERE retired_keys IS NOT NULL"
                                + " ORDER BY id",
                        row -> List.of(row.getString(1).split(" ")))
                .forEach(all::addAll);
        return all;
    }

    /** In a transaction that keeps all writers out. */
    public static void add(Connection connection, Collection<String> ids) throws SQLException {
        Set<String> all = of(connection);
        all.addAll(ids);
        List<String> newest = List.copyOf(all);
        Rows.change(
                connection,
                "UPDATE ledger_log SET retired_keys = ?",
                String.join(" ", newest.subList(Math.max(0, newest.size() - KEPT), newest.size())));
    }
}
