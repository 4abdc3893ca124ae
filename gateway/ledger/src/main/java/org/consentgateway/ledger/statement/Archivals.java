package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;

/** What logs say of the archive: up to where rows of which log may be missing in the store. */
public final class Archivals {
    public static final String TABLE = "ledger_archived";

    private Archivals() {}

    /**
     * What one log says.
     *
     * @param statements signed by it, and each in an entry of it
     * @param wrong what is said and not signed, or in no entry
     */
    public record OfLog(List<ArchivalStatement> statements, List<Wrong> wrong) {}

    /**
     * What is not as it was said.
     *
     * @param index of an entry
     */
    public record Wrong(long index, String what) {}

    /**
     * @param keys of any log
     */
    public static OfLog by(Connection connection, Log log, Collection<VerifierKey> keys)
            throws SQLException {
        List<ArchivalStatement> statements = new ArrayList<>();
        List<Wrong> wrong = new ArrayList<>();
        if (!Tables.has(connection, TABLE)) {
            return new OfLog(List.of(), List.of());
        }
        List<VerifierKey> own =
                keys.stream().filter(key -> key.name().equals(log.origin())).toList();
        for (OpenStatement said : OpenStatement.of(connection, TABLE, log)) {
            Optional<ArchivalStatement> statement =
                    said.note()
                            .filter(note -> note.verify(own) instanceof SignedNote.Verdict.Verified)
                            .flatMap(note -> ArchivalStatement.parse(note.text()))
                            .filter(one -> one.origin().equals(log.origin()));
            if (statement.isPresent()
                    && said.isEntryOf(connection, log, Set.of(EntryType.LOG_ARCHIVED))) {
                statements.add(statement.get());
            } else {
                wrong.add(
                        new Wrong(
                                said.index(),
                                "what it said of the archive is not what stands here"));
            }
        }
        return new OfLog(List.copyOf(statements), List.copyOf(wrong));
    }

    /** By origin, how many of the first entries of a log may be without their rows. */
    public static Map<String, Long> sizes(List<ArchivalStatement> statements) {
        Map<String, Long> sizes = new HashMap<>();
        statements.forEach(
                one -> sizes.merge(one.archived().origin(), one.archived().size(), Math::max));
        return sizes;
    }

    /** How often a log has said something of the archive, by its entries. */
    public static long entries(Connection connection, Log log) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type = 'LogArchived'",
                        row -> row.getLong(1),
                        log.id())
                .orElse(0L);
    }

    /** The payload of the entry that says so. */
    public static ObjectNode payload(ArchivalStatement statement, List<SigningKey> signers) {
        return OpenStatement.payload("log-archived/1", SignedNote.sign(statement.text(), signers));
    }
}
