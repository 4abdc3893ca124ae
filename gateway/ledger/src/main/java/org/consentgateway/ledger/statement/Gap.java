package org.consentgateway.ledger.statement;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. Entries that are missing since old backups were restored, and which others are older:
 * what ends those may be among them. A time alone does not tell, for the clock of a log or of the
 * restore may have been wrong. A log is written after all that it continues, whatever their times;
 * logs that have nothing to do with each other are compared by time.
 */
public final class Gap {
    private static final Gap UNKNOWN = new Gap(List.of(), true);

    private final boolean unknown;

    /** Without entries of the logs that are continued. */
    private final List<SuccessorStatement> incomplete;

    /** By log: all that it continues, and what those continue. */
    private final Map<String, Set<String>> continued = new HashMap<>();

    /** By log: when another one went on in its place. */
    private final Map<String, Instant> ended = new HashMap<>();

    private Gap(List<SuccessorStatement> said, boolean unknown) {
        this.unknown = unknown;
        this.incomplete = said.stream().filter(SuccessorStatement::isIncomplete).toList();
        for (SuccessorStatement one : said) {
            continued.computeIfAbsent(one.origin(), log -> continuedBy(log, said));
            ended.merge(one.restored().origin(), one.time(), Gap::earlier);
        }
    }

    private static Set<String> continuedBy(String log, List<SuccessorStatement> said) {
        Set<String> found = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(log));
        while (!next.isEmpty()) {
            String of = next.remove();
            said.stream()
                    .filter(one -> one.origin().equals(of))
                    .map(one -> one.restored().origin())
                    .filter(found::add)
                    .forEach(next::add);
        }
        return found;
    }

    /**
     * By what logs have said. Where that is not all here, or not what their entries say, nobody
     * knows, and everything is older.
     */
    public static Gap of(Connection connection) throws SQLException {
        List<Log> logs = Log.all(connection);
        Map<Integer, List<OpenStatement>> said = OpenStatement.all(connection, Successors.TABLE);
        if (isAnyMissing(connection, logs, said)) {
            return UNKNOWN;
        }
        List<SuccessorStatement> all = new ArrayList<>();
        for (Log log : logs) {
            for (OpenStatement one : said.getOrDefault(log.id(), List.of())) {
                if (!Successors.isSaid(connection, log, one)) {
                    return UNKNOWN;
                }
                all.add(
                        one.note()
                                .flatMap(note -> SuccessorStatement.parse(note.text()))
                                .orElseThrow(
                                        () -> new LedgerTorn(Successors.TABLE + " is damaged")));
            }
        }
        return new Gap(all, false);
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
     * By what the logs have signed and say in an entry: for what cannot be undone.
     *
     * @param keys of any log
     */
    public static Gap signed(Connection connection, Collection<VerifierKey> keys)
            throws SQLException {
        List<SuccessorStatement> all = new ArrayList<>();
        for (Log log : Log.all(connection)) {
            for (OpenStatement said : Successors.of(connection, log)) {
                Optional<SuccessorStatement> statement = Successors.by(said, log, keys);
                if (statement.isPresent() && Successors.isSaid(connection, log, said)) {
                    all.add(statement.get());
                }
            }
        }
        return new Gap(all, false);
    }

    /** Whether it was written before, so that what ends it may be missing. */
    public boolean follows(Entry entry) {
        return follows(entry.log(), entry.id(), entry.time());
    }

    /**
     * The same of an entry.
     *
     * @param log by origin
     * @param id of the entry
     * @param time of the entry, as the log has it
     */
    public boolean follows(String log, UUID id, Instant time) {
        Instant written = written(log, id, time);
        Set<String> before = continued.getOrDefault(log, Set.of());
        return unknown
                || incomplete.stream()
                        .anyMatch(one ->
                                isContinued(log, one)
                                        || (!one.origin().equals(log)
                                                && !before.contains(one.origin())
                                                && written.isBefore(one.time())));
    }

    /**
     * No later than that: where a clock was ahead and was put right, what the log takes from then
     * on bears the time ahead until real time has caught up, and the id tells when it was made.
     */
    private Instant written(String log, UUID id, Instant time) {
        Instant made = EntryIds.time(id).orElse(time);
        return earlier(earlier(time, made), ended.getOrDefault(log, time));
    }

    private boolean isContinued(String log, SuccessorStatement by) {
        return continued.getOrDefault(by.origin(), Set.of()).contains(log);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * From when on nothing is missing that any log would tell: of what happened before, the end may
     * be, wherever it is written. The beginning of time where nothing is, the end where nobody
     * knows.
     */
    public Instant completeSince() {
        return unknown
                ? Instant.MAX
                : incomplete.stream()
                        .map(SuccessorStatement::time)
                        .max(Instant::compareTo)
                        .orElse(Instant.MIN);
    }
}
