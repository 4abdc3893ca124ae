package org.consentgateway.ledger.tally;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;

/**
 * Thread-safe. The tallies of a store, which all nodes add to. What is counted from entries of the
 * log is written in one transaction with how far each log was counted: each entry counts once,
 * whoever counts, and however often it is tried.
 */
public final class Tallies {
    private static final String ADD =
            "INSERT INTO ledger_tally (day, name, labels, amount) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (day, name, labels)"
                    + " DO UPDATE SET amount = ledger_tally.amount + excluded.amount";

    /** Something to be done in one transaction. */
    @FunctionalInterface
    public interface Work {
        boolean run(Connection connection) throws SQLException;
    }

    /** Where such work is done; committed when it returns. */
    @FunctionalInterface
    public interface Writing {
        boolean write(Work work) throws LedgerUnavailable;
    }

    private final Writing writing;

    public Tallies(Writing writing) {
        this.writing = writing;
    }

    /** Adds what no entry is behind. */
    public void add(Collection<DayCount> tallies) throws LedgerUnavailable {
        if (!tallies.isEmpty()) {
            boolean _ = writing.write(connection -> add(connection, tallies));
        }
    }

    /**
     * How far a log was counted, and how far it is then.
     *
     * @param log its origin
     */
    public record Step(String log, long from, long to) {}

    /**
     * Adds what was counted from entries.
     *
     * @return false where somebody else has counted one of these logs meanwhile; nothing was added
     */
    public boolean add(Collection<DayCount> tallies, List<Step> steps) throws LedgerUnavailable {
        return writing.write(connection -> {
            for (Step step : steps) {
                if (!go(connection, step)) {
                    connection.rollback();
                    return false;
                }
            }
            return add(connection, tallies);
        });
    }

    private static boolean go(Connection connection, Step step) throws SQLException {
        int _ =
                Rows.change(
                        connection,
                        "INSERT INTO ledger_tallied (log, counted_to) SELECT l.id, 0"
                                + " FROM ledger_log l WHERE l.origin = ?"
                                + " ON CONFLICT (log) DO NOTHING",
                        step.log());
        return Rows.change(
                        connection,
                        "UPDATE ledger_tallied SET counted_to = ? WHERE counted_to = ?"
                                + " AND log = (SELECT id FROM ledger_log WHERE origin = ?)",
                        step.to(),
                        step.from(),
                        step.log())
                == 1;
    }

    private static boolean add(Connection connection, Collection<DayCount> tallies)
            throws SQLException {
        for (DayCount each : tallies.stream().sorted(DayCount.ORDER).toList()) {
            int _ =
                    Rows.change(
                            connection,
                            ADD,
                            each.day().toString(),
                            each.name(),
                            each.labels(),
                            each.amount());
        }
        return true;
    }

    /** Forgets days before this one. */
    public void forget(LocalDate before) throws LedgerUnavailable {
        boolean _ =
                writing.write(connection ->
                        Rows.change(
                                        connection,
                                        "DELETE FROM ledger_tally WHERE day < ?",
                                        before.toString())
                                > 0);
    }

    /**
     * Of some days, all as of one moment.
     *
     * @param next origin of a log to the first entry that is not in it; a log that is missing was
     *     never counted
     */
    public record Found(List<DayCount> tallies, Map<String, Long> next) {}

    /**
     * @param connection sees the store as of one moment
     * @param to the first day that is not wanted
     */
    public static Found between(Connection connection, LocalDate from, LocalDate to)
            throws SQLException {
        if (!Tables.has(connection, "ledger_tally")) {
            return new Found(List.of(), Map.of());
        }
        List<DayCount> tallies =
                Rows.list(
                        connection,
                        "SELECT day, name, labels, amount FROM ledger_tally"
                                + " WHERE day >= ? AND day < ? ORDER BY day, name, labels",
                        row ->
                                new DayCount(
                                        LocalDate.parse(row.getString(1)),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getLong(4)),
                        from.toString(),
                        to.toString());
        return new Found(tallies, next(connection));
    }

    /** Origin of a log to the first entry that is not counted. */
    public static Map<String, Long> next(Connection connection) throws SQLException {
        Map<String, Long> next = new HashMap<>();
        Rows.list(
                        connection,
                        "SELECT l.origin, t.counted_to FROM ledger_tallied t"
                                + " JOIN ledger_log l ON l.id = t.log",
                        row -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(each -> next.put(each.getKey(), each.getValue()));
        return Map.copyOf(next);
    }
}
