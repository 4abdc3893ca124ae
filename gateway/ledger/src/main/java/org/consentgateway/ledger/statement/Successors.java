package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.VerifierKey;

/** What logs say of those that they continue since an old backup was restored. */
public final class Successors {
    public static final String TABLE = "ledger_successor";

    private static final String STATEMENT = "statement";

    private Successors() {}

    /** A statement as it stands in the open. */
    public record SuccessorEntry(long index, byte[] salt, String payload) {
        /** Empty where it is none, is of another log, or no key of that log has signed it. */
        public Optional<SuccessorStatement> by(Log log, Collection<VerifierKey> keys) {
            List<VerifierKey> ofLog =
                    keys.stream().filter(key -> key.name().equals(log.origin())).toList();
            return note().filter(note -> note.verify(ofLog) instanceof SignedNote.Verdict.Verified)
                    .flatMap(note -> SuccessorStatement.parse(note.text()))
                    .filter(statement -> statement.origin().equals(log.origin()));
        }

        private Optional<SignedNote> note() {
            return Optional.ofNullable(LogReader.parse(payload.getBytes(StandardCharsets.UTF_8)))
                    .flatMap(tree -> SignedNote.parse(tree.path(STATEMENT).asText()));
        }

        /** Whether it is what this entry commits to. */
        public boolean isOf(StoredEntry entry) {
            return entry.type().equals(EntryType.LOG_RESUMED.text())
                    && Arrays.equals(
                            Digests.of(salt, payload.getBytes(StandardCharsets.UTF_8)),
                            entry.commitment());
        }
    }

    public static List<SuccessorEntry> of(Connection connection, Log log) throws SQLException {
        if (!Tables.has(connection, TABLE)) {
            return List.of();
        }
        return Rows.list(
                connection,
                "SELECT idx, salt, payload FROM " + TABLE + " WHERE log = ? ORDER BY idx",
                row -> new SuccessorEntry(row.getLong(1), row.getBytes(2), row.getString(3)),
                log.id());
    }

    /**
     * When a log went on after a restore by which entries are missing, the last time: of what is
     * older the end may be missing. Empty where it never was.
     */
    public static Optional<Instant> incompleteBefore(Connection connection) throws SQLException {
        Instant last = null;
        for (SuccessorEntry said :
                Rows.list(
                        connection,
                        "SELECT idx, salt, payload FROM " + TABLE,
                        row ->
                                new SuccessorEntry(
                                        row.getLong(1), row.getBytes(2), row.getString(3)))) {
            SuccessorStatement statement =
                    said.note()
                            .flatMap(note -> SuccessorStatement.parse(note.text()))
                            .orElseThrow(() -> new LedgerTorn(TABLE + " is damaged"));
            if (statement.isIncomplete() && (last == null || statement.time().isAfter(last))) {
                last = statement.time();
            }
        }
        return Optional.ofNullable(last);
    }

    /** The payload of the entry that says so. */
    public static ObjectNode payload(SuccessorStatement statement, List<SigningKey> signers) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("schema", "log-resumed/1");
        payload.put(STATEMENT, SignedNote.sign(statement.text(), signers));
        return payload;
    }

    /**
     * A log that goes on elsewhere is not written on, nor one that does not say yet what it
     * continues.
     *
     * @param log by name, the newest that there is a key for
     * @throws LedgerTorn where it may not be written
     */
    public static void requireNewest(Connection connection, String log) throws SQLException {
        for (Log other : Log.all(connection)) {
            if (LogNames.node(other.node()).equals(LogNames.node(log))
                    && LogNames.number(other.node()) > LogNames.number(log)) {
                throw new LedgerTorn(
                        "since a restore the log "
                                + log
                                + " goes on in "
                                + other.node()
                                + ", whose signing key is not here: restore the key directory"
                                + " from its newest backup");
            }
        }
        if (LogNames.number(log) > 1) {
            Optional<Log> own = Log.ofNode(connection, log);
            if (own.isEmpty() || of(connection, own.get()).isEmpty()) {
                throw new LedgerTorn(
                        "going on after a restore was not finished: scripts/gateway ledger resume"
                                + " --after-restore");
            }
        }
    }
}
