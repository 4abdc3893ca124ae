package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.VerifierKey;

/** What logs say of those that they continue since an old backup was restored. */
public final class Successors {
    public static final String TABLE = "ledger_successor";

    private Successors() {}

    /** Empty where it is none, is of another log, or no key of that log has signed it. */
    public static Optional<SuccessorStatement> by(
            OpenStatement said, Log log, Collection<VerifierKey> keys) {
        List<VerifierKey> ofLog =
                keys.stream().filter(key -> key.name().equals(log.origin())).toList();
        return said.note()
                .filter(note -> note.verify(ofLog) instanceof SignedNote.Verdict.Verified)
                .flatMap(note -> SuccessorStatement.parse(note.text()))
                .filter(statement -> statement.origin().equals(log.origin()));
    }

    /** Whether an entry of the log says it. */
    public static boolean isSaid(Connection connection, Log log, OpenStatement said)
            throws SQLException {
        return said.isEntryOf(connection, log, Set.of(EntryType.LOG_RESUMED));
    }

    public static List<OpenStatement> of(Connection connection, Log log) throws SQLException {
        return Tables.has(connection, TABLE) ? OpenStatement.of(connection, TABLE, log) : List.of();
    }

    /**
     * When a log went on after a restore by which entries are missing, the last time: of what is
     * older the end may be missing. Empty where it never was; for ever where what logs have said of
     * it is not all here, or not what their entries say: then nobody knows.
     */
    public static Optional<Instant> incompleteBefore(Connection connection) throws SQLException {
        List<Log> logs = Log.all(connection);
        Map<Integer, List<OpenStatement>> said = OpenStatement.all(connection, TABLE);
        if (isAnyMissing(connection, logs, said)) {
            return Optional.of(Instant.MAX);
        }
        Instant last = null;
        for (Log log : logs) {
            for (OpenStatement one : said.getOrDefault(log.id(), List.of())) {
                if (!isSaid(connection, log, one)) {
                    return Optional.of(Instant.MAX);
                }
                SuccessorStatement statement =
                        one.note()
                                .flatMap(note -> SuccessorStatement.parse(note.text()))
                                .orElseThrow(() -> new LedgerTorn(TABLE + " is damaged"));
                if (statement.isIncomplete() && (last == null || statement.time().isAfter(last))) {
                    last = statement.time();
                }
            }
        }
        return Optional.ofNullable(last);
    }

    /**
     * A log says what it continues in its first entries, so that where a row is missing the entry
     * behind as many as there are rows says it, too. One question, since a call waits for it.
     */
    private static boolean isAnyMissing(
            Connection connection, List<Log> logs, Map<Integer, List<OpenStatement>> said)
            throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(EntryType.LOG_RESUMED.text()));
        for (Log log : logs) {
            long rows = said.getOrDefault(log.id(), List.of()).size();
            if (rows == 0 && log.size() > 0 && LogNames.number(log.node()) > 1) {
                return true;
            }
            arguments.add(log.id());
            arguments.add(rows);
        }
        return !logs.isEmpty()
                && Rows.first(
                                connection,
                                "SELECT idx FROM ledger_entry WHERE type = ? AND ("
                                        + String.join(
                                                " OR ",
                                                Collections.nCopies(
                                                        logs.size(), "(log = ? AND idx = ?)"))
                                        + ") LIMIT 1",
                                row -> row.getLong(1),
                                arguments.toArray())
                        .isPresent();
    }

    /**
     * The same, by what the logs have signed and say in an entry: for what cannot be undone.
     *
     * @param keys of any log
     */
    public static Optional<Instant> restored(Connection connection, Collection<VerifierKey> keys)
            throws SQLException {
        Instant last = null;
        for (Log log : Log.all(connection)) {
            for (OpenStatement said : of(connection, log)) {
                SuccessorStatement statement = by(said, log, keys).orElse(null);
                if (statement != null
                        && statement.isIncomplete()
                        && (last == null || statement.time().isAfter(last))
                        && isSaid(connection, log, said)) {
                    last = statement.time();
                }
            }
        }
        return Optional.ofNullable(last);
    }

    /** The payload of the entry that says so. */
    public static ObjectNode payload(SuccessorStatement statement, List<SigningKey> signers) {
        return OpenStatement.payload("log-resumed/1", SignedNote.sign(statement.text(), signers));
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
