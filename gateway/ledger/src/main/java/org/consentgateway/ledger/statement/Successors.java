package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.Log;
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
