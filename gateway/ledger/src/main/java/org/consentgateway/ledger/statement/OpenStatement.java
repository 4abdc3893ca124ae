package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;

/**
 * Immutable. A signed statement that stands in the open beside an entry which commits to it: of
 * keys and logs, for those who have no payload keys.
 *
 * @param index of the entry
 * @param salt of the entry
 */
public record OpenStatement(long index, byte[] salt, String payload) {
    private static final String SELECT = "SELECT idx, salt, payload FROM ";
    private static final String STATEMENT = "statement";

    static List<OpenStatement> of(Connection connection, String table, Log log)
            throws SQLException {
        return Rows.list(
                connection,
                SELECT + table + " WHERE log = ? ORDER BY idx",
                OpenStatement::read,
                log.id());
    }

    /** Of all logs, by their ids. */
    static Map<Integer, List<OpenStatement>> all(Connection connection, String table)
            throws SQLException {
        Map<Integer, List<OpenStatement>> all = new HashMap<>();
        var _ =
                Rows.list(
                        connection,
                        "SELECT idx, salt, payload, log FROM " + table,
                        row ->
                                all.computeIfAbsent(row.getInt(4), _ -> new ArrayList<>())
                                        .add(read(row)));
        return all;
    }

    private static OpenStatement read(ResultSet row) throws SQLException {
        return new OpenStatement(row.getLong(1), row.getBytes(2), row.getString(3));
    }

    static ObjectNode payload(String schema, String statement) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("schema", schema)
                .put(STATEMENT, statement);
    }

    Optional<SignedNote> note() {
        return Optional.ofNullable(LogReader.parse(octets()))
                .flatMap(json -> SignedNote.parse(json.path(STATEMENT).asText()));
    }

    /** Whether what this entry of the log commits to is this, and is of one of these types. */
    boolean isEntryOf(Connection connection, Log log, Set<EntryType> types) throws SQLException {
        return StoredEntry.at(connection, log.id(), index)
                .filter(entry -> types.stream().anyMatch(t -> t.text().equals(entry.type())))
                .filter(entry -> Arrays.equals(Digests.of(salt, octets()), entry.commitment()))
                .isPresent();
    }

    private byte[] octets() {
        return payload.getBytes(StandardCharsets.UTF_8);
    }
}
