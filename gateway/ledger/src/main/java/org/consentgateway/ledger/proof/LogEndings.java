package org.consentgateway.ledger.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.ledger.statement.OpenStatement;
import org.consentgateway.ledger.statement.Successors;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.VerifierKey;

/** Confined to one verification. Logs that end where an old backup was restored. */
final class LogEndings {
    private final Map<String, SuccessorStatement> byLog = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    private LogEndings() {}

    static LogEndings of(
            Connection connection,
            List<Log> logs,
            Map<String, List<VerifierKey>> keysOf,
            Findings findings)
            throws SQLException {
        var endings = new LogEndings();
        for (Log log : logs) {
            List<OpenStatement> said = Successors.of(connection, log);
            long entries =
                    Rows.first(
                                    connection,
                                    "SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type ="
                                            + " 'LogResumed'",
                                    row -> row.getLong(1),
                                    log.id())
                            .orElse(0L);
            if (entries != said.size()) {
                findings.add(
                        log.origin(),
                        null,
                        "it says " + entries + " times what it continues, kept are " + said.size());
            }
            for (OpenStatement one : said) {
                Optional<SuccessorStatement> statement =
                        Successors.by(one, log, keysOf.getOrDefault(log.origin(), List.of()));
                if (statement.isEmpty() || !Successors.isSaid(connection, log, one)) {
                    findings.add(
                            log.origin(),
                            one.index(),
                            "what it said of the log before it is not what stands here");
                } else {
                    endings.add(statement.get());
                }
            }
        }
        return endings;
    }

    private void add(SuccessorStatement statement) {
        String log = statement.restored().origin();
        long size = statement.restored().size();
        Checkpoint known = statement.known();
        byLog.put(log, statement);
        notes.add(
                log
                        + " ends at "
                        + size
                        + " entries, since "
                        + statement.time()
                        + ": "
                        + (known == null
                                ? "nobody knows how many are missing"
                                : known.size() == size
                                        ? "nothing is missing"
                                        : "at least "
                                                + (known.size() - size)
                                                + " are missing, up to entry "
                                                + (known.size() - 1))
                        + "; "
                        + statement.origin()
                        + " goes on from there");
    }

    List<String> notes() {
        return notes;
    }

    Optional<SuccessorStatement> of(String log) {
        return Optional.ofNullable(byLog.get(log));
    }

    /** Whether it was said that these entries are missing. */
    boolean isLost(Checkpoint checkpoint) {
        return of(checkpoint.origin()).filter(end -> end.isLost(checkpoint.size())).isPresent();
    }
}
