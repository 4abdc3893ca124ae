package org.consentgateway.ledger.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;

/**
 * Thread-safe. The messages of a store: written with the entries they tell of, claimed by senders
 * of any node, kept until they are delivered and some time after.
 *
 * <p>A claim is a lease. Whoever dies with messages in hand leaves them to others when it is over:
 * at least once, never none. Of one person (or call) there is one message under way to a recipient
 * at a time, in the order in which they were written; urgent ones are a lane of their own that
 * waits for no other.
 */
public final class EventOutbox {
    static final int WAITS = 0;
    static final int DELIVERED = 1;
    static final int GIVEN_UP = 2;

    /** More than any recipient is told of; beyond that the answer is "so many or more". */
    private static final int MOST_LISTED = 1000;

    private static final int MOST_RESULT = 60;

    /** Of so many that could be sent the one that has been due longest is chosen. */
    private static final int LOOKED_AT = 100;

    /**
     * Nothing is due later than that, nor leased for longer: what says so was written while some
     * node's clock was ahead, and would wait until all clocks have caught up.
     */
    private static final Duration LATEST_DUE = Duration.ofDays(2);

    private static final Duration LONGEST_LEASE = Duration.ofHours(1);

    /** Over by now, or of a clock that was ahead. */
    private static final String OVER = "(%s <= ? OR %s > ?)";

    private static final String DUE = OVER.formatted("o.due_ms", "o.due_ms");
    private static final String FREE = OVER.formatted("o.leased_ms", "o.leased_ms");

    /** Something to be done in one transaction. */
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Where such work is done. */
    public interface Transactions {
        <T> T read(Work<T> work) throws LedgerUnavailable;

        /** Committed when this returns. */
        <T> T write(Work<T> work) throws LedgerUnavailable;
    }

    private final Transactions transactions;
    private final String claiming;

    /**
     * @param claiming behind a selection of rows that nobody else shall take meanwhile
     */
    public EventOutbox(Transactions transactions, String claiming) {
        this.transactions = transactions;
        this.claiming = claiming;
    }

    /**
     * Whose messages are wanted.
     *
     * @param urgent of which lane
     * @param most at once
     * @param longestDueFirst what was never tried, and then what has been due longest, after the
     *     pause behind its own last try, before what is older
     */
    public record Wanted(String recipient, boolean urgent, int most, boolean longestDueFirst) {}

    /**
     * Takes what may be sent now, oldest first where nothing else is wanted.
     *
     * @param holder who takes it
     * @param lease how long nobody else may
     */
    public List<Message> claim(List<Wanted> wanted, String holder, Instant now, Duration lease)
            throws LedgerUnavailable {
        boolean any =
                transactions.read(connection -> {
                    for (Wanted one : wanted) {
                        if (!heads(connection, one, now, "", 1).isEmpty()) {
                            return true;
                        }
                    }
                    return false;
                });
        if (!any) {
            return List.of(); // nothing is written while there is nothing to do
        }
        return transactions.write(connection -> {
            List<Message> claimed = new ArrayList<>();
            for (Wanted one : wanted) {
                claimed.addAll(claim(connection, one, holder, now, now.plus(lease)));
            }
            return claimed;
        });
    }

    private List<Message> claim(
            Connection connection, Wanted one, String holder, Instant now, Instant until)
            throws SQLException {
        List<Message> claimed = new ArrayList<>();
        for (long position : chosen(connection, one, now, claiming)) {
            int taken =
                    Rows.change(
                            connection,
                            // One that was never settled may have sent it.
                            "UPDATE ledger_outbox SET leased_ms = ?, holder = ?, attempts ="
                                    + " attempts + CASE WHEN leased_ms > 0 THEN 1 ELSE 0 END"
                                    + " WHERE position = ? AND state = 0 AND "
                                    + OVER.formatted("leased_ms", "leased_ms"),
                            until.toEpochMilli(),
                            holder,
                            position,
                            now.toEpochMilli(),
                            now.plus(LONGEST_LEASE).toEpochMilli());
            if (taken == 1) {
                claimed.addAll(
                        Rows.list(
                                connection,
                                MESSAGE + " WHERE o.position = ?",
                                EventOutbox::message,
                                position));
            }
        }
        return claimed;
    }

    private record Head(long position, long due) {}

    private static List<Long> chosen(
            Connection connection, Wanted one, Instant now, String claiming) throws SQLException {
        int looked = one.longestDueFirst() ? Math.max(LOOKED_AT, one.most()) : one.most();
        return heads(connection, one, now, claiming, looked).stream()
                .sorted(
                        Comparator.comparingLong(
                                one.longestDueFirst() ? Head::due : Head::position))
                .limit(one.most())
                .map(Head::position)
                .toList();
    }

    /** The first of each person or call that waits, where it is due and nobody has it. */
    private static List<Head> heads(
            Connection connection, Wanted one, Instant now, String claiming, int most)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT o.position, o.due_ms FROM ledger_outbox o WHERE o.recipient = ? AND"
                        + " o.urgent = ? AND o.state = 0 AND "
                        + DUE
                        + " AND "
                        + FREE
                        + " AND NOT EXISTS (SELECT 1 FROM ledger_outbox b"
                        + " WHERE b.recipient = o.recipient AND b.ordered_by = o.ordered_by"
                        + " AND b.urgent = o.urgent AND b.state = 0 AND b.position < o.position)"
                        + " ORDER BY o.position LIMIT ?"
                        + claiming,
                row -> new Head(row.getLong(1), row.getLong(2)),
                one.recipient(),
                one.urgent() ? 1 : 0,
                now.toEpochMilli(),
                now.plus(LATEST_DUE).toEpochMilli(),
                now.toEpochMilli(),
                now.plus(LONGEST_LEASE).toEpochMilli(),
                most);
    }

    private static final String MESSAGE =
            "SELECT o.position, o.message_id, o.recipient, o.type, l.origin, o.idx, o.time_ms,"
                    + " o.urgent, o.body, o.attempts, COALESCE(o.refusals, 0) FROM ledger_outbox o"
                    + " LEFT JOIN ledger_log l ON l.id = o.log";

    private static Message message(ResultSet row) throws SQLException {
        String log = row.getString(5);
        return new Message(
                row.getLong(1),
                UUID.fromString(row.getString(2)),
                row.getString(3),
                row.getString(4),
                log == null ? Message.Place.NONE : new Message.Place(log, row.getLong(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getInt(8) == 1,
                row.getString(9),
                row.getInt(10),
                row.getInt(11));
    }

    /** Says what became of messages that this holder had claimed. */
    public void settle(List<Settled> all, String holder, Instant now) throws LedgerUnavailable {
        if (all.isEmpty()) {
            return;
        }
        var _ =
                transactions.write(connection -> {
                    for (Settled one : all) {
                        settle(connection, one, holder, now);
                    }
                    return true;
                });
    }

    private static void settle(Connection connection, Settled one, String holder, Instant now)
            throws SQLException {
        long position = one.message().position();
        String result = cut(one.result());
        switch (one) {
            // Also where the lease was over and somebody else sends it again: it has arrived.
            case Settled.Delivered _ -> end(connection, position, DELIVERED, result, now);
            case Settled.GivenUp _ -> end(connection, position, GIVEN_UP, result, now);
            case Settled.Again again -> putOff(connection, again, again.due(), result, "", holder);
            case Settled.TurnedDown refused ->
                    putOff(
                            connection,
                            refused,
                            refused.due(),
                            result,
                            ", refusals = COALESCE(refusals, 0) + 1",
                            holder);
            case Settled.Released _ -> {
                int _ =
                        Rows.change(
                                connection,
                                "UPDATE ledger_outbox SET leased_ms = 0 WHERE position = ?"
                                        + " AND state = 0 AND holder = ?",
                                position,
                                holder);
            }
        }
    }

    /**
     * @param more what else is counted
     */
    private static void putOff(
            Connection connection,
            Settled one,
            Instant due,
            String result,
            String more,
            String holder)
            throws SQLException {
        int _ =
                Rows.change(
                        connection,
                        "UPDATE ledger_outbox SET attempts = attempts + 1"
                                + more
                                + ", due_ms = ?, result = ?, leased_ms = 0 WHERE position = ?"
                                + " AND state = 0 AND holder = ?",
                        due.toEpochMilli(),
                        result,
                        one.message().position(),
                        holder);
    }

    private static void end(
            Connection connection, long position, int state, String result, Instant now)
            throws SQLException {
        int _ =
                Rows.change(
                        connection,
                        "UPDATE ledger_outbox SET state = ?, attempts = attempts + 1, result = ?,"
                                + " settled_ms = ?, leased_ms = 0 WHERE position = ? AND state = 0",
                        state,
                        result,
                        now.toEpochMilli(),
                        position);
    }

    private static String cut(String result) {
        return result.length() > MOST_RESULT ? result.substring(0, MOST_RESULT) : result;
    }

    /**
     * Gives back what a holder of that name had claimed before it died. Each counts as an attempt:
     * it may have been sent.
     */
    public void release(String holder) throws LedgerUnavailable {
        var _ =
                transactions.write(connection ->
                        Rows.change(
                                connection,
                                "UPDATE ledger_outbox SET leased_ms = 0, attempts = attempts + 1"
                                        + " WHERE state = 0 AND holder = ? AND leased_ms > 0",
                                holder));
    }

    /** A message that no entry is behind. */
    public record Loose(UUID id, Outgoing message, String orderedBy, Instant time) {}

    /** Takes messages that no entry is behind. */
    public void add(List<Loose> messages) throws LedgerUnavailable {
        var _ =
                transactions.write(connection -> {
                    try (PreparedStatement insert =
                            connection.prepareStatement(
                                    "INSERT INTO ledger_outbox (message_id, recipient, type,"
                                            + " time_ms, ordered_by, urgent, body, state, attempts,"
                                            + " due_ms, leased_ms)"
                                            + " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)")) {
                        for (Loose one : messages) {
                            insert.setString(1, one.id().toString());
                            insert.setString(2, one.message().recipient());
                            insert.setString(3, one.message().type());
                            insert.setLong(4, one.time().toEpochMilli());
                            insert.setString(5, one.orderedBy());
                            insert.setInt(6, one.message().urgent() ? 1 : 0);
                            insert.setString(7, one.message().body());
                            insert.addBatch();
                        }
                        insert.executeBatch();
                    }
                    return true;
                });
    }

    /**
     * How it stands with a recipient.
     *
     * @param waiting messages not delivered yet
     * @param oldest when what the oldest of them tells has happened; now where none waits
     * @param givenUp messages it will never take
     * @param disabled why nothing is sent to it; empty: it is
     */
    public record Backlog(
            String recipient, long waiting, Instant oldest, long givenUp, String disabled) {}

    public List<Backlog> standings(List<String> recipients, Instant now) throws LedgerUnavailable {
        return transactions.read(connection -> {
            List<Backlog> all = new ArrayList<>();
            for (String recipient : recipients) {
                all.add(standing(connection, recipient, now));
            }
            return all;
        });
    }

    private static Backlog standing(Connection connection, String recipient, Instant now)
            throws SQLException {
        String disabled =
                Rows.first(
                                connection,
                                "SELECT reason FROM ledger_outbox_disabled WHERE recipient = ?",
                                row -> row.getString(1),
                                recipient)
                        .orElse("");
        long waiting = count(connection, recipient, WAITS);
        long oldest =
                Rows.list(
                                connection,
                                "SELECT time_ms FROM ledger_outbox WHERE position IN ("
                                        + "SELECT MIN(position) FROM ledger_outbox"
                                        + " WHERE recipient = ? AND state = 0 GROUP BY urgent)",
                                row -> row.getLong(1),
                                recipient)
                        .stream()
                        .min(Comparator.naturalOrder())
                        .orElse(now.toEpochMilli());
        return new Backlog(
                recipient,
                waiting,
                Instant.ofEpochMilli(oldest),
                count(connection, recipient, GIVEN_UP),
                disabled);
    }

    private static long count(Connection connection, String recipient, int state)
            throws SQLException {
        String which = state == WAITS ? "state = 0" : "state <> 0 AND state = " + state;
        return Rows.list(
                        connection,
                        "SELECT COUNT(*) FROM ledger_outbox WHERE recipient = ? AND " + which,
                        row -> row.getLong(1),
                        recipient)
                .getFirst();
    }

    /** Nothing more is sent to it; what is written meanwhile waits. */
    public void disable(String recipient, String reason, Instant now) throws LedgerUnavailable {
        var _ =
                transactions.write(connection -> {
                    int _ = enable(connection, recipient);
                    return Rows.change(
                            connection,
                            "INSERT INTO ledger_outbox_disabled (recipient, since_ms, reason)"
                                    + " VALUES (?, ?, ?)",
                            recipient,
                            now.toEpochMilli(),
                            reason);
                });
    }

    /** What waits for it is sent, also what was to be tried again later. */
    public void enable(String recipient) throws LedgerUnavailable {
        var _ =
                transactions.write(connection -> {
                    int _ =
                            Rows.change(
                                    connection,
                                    "UPDATE ledger_outbox SET due_ms = 0 WHERE recipient = ?"
                                            + " AND state = 0 AND due_ms > 0",
                                    recipient);
                    return enable(connection, recipient);
                });
    }

    private static int enable(Connection connection, String recipient) throws SQLException {
        return Rows.change(
                connection, "DELETE FROM ledger_outbox_disabled WHERE recipient = ?", recipient);
    }

    /**
     * Sends once more what has happened since then, delivered or given up.
     *
     * @return how many
     */
    public int replay(String recipient, Instant since) throws LedgerUnavailable {
        return transactions.write(connection ->
                Rows.change(
                        connection,
                        "UPDATE ledger_outbox SET state = 0, attempts = 0, refusals = 0, due_ms ="
                            + " 0, leased_ms = 0, settled_ms = NULL WHERE recipient = ? AND state"
                            + " <> 0 AND time_ms >= ?",
                        recipient,
                        since.toEpochMilli()));
    }

    /** What a recipient will never take, oldest first. */
    public List<Message> givenUp(String recipient) throws LedgerUnavailable {
        return transactions.read(connection ->
                Rows.list(
                        connection,
                        MESSAGE
                                + " WHERE o.recipient = ? AND o.state = 2"
                                + " ORDER BY o.position LIMIT ?",
                        EventOutbox::message,
                        recipient,
                        MOST_LISTED));
    }

    /** For what is delivered while its entry is erased: far longer than either takes. */
    private static final Duration ERASED_MEANWHILE = Duration.ofHours(1);

    /**
     * Deletes what was delivered before then, and at once what was delivered of entries that are
     * erased since. An erasure deletes what was delivered before it: only what was delivered lately
     * may have been missed.
     */
    public void purge(Instant deliveredBefore, Instant now) throws LedgerUnavailable {
        var _ =
                transactions.write(connection -> {
                    int old =
                            Rows.change(
                                    connection,
                                    "DELETE FROM ledger_outbox WHERE state <> 0 AND state = 1"
                                            + " AND settled_ms < ?",
                                    deliveredBefore.toEpochMilli());
                    return old
                            + Rows.change(
                                    connection,
                                    "DELETE FROM ledger_outbox WHERE state <> 0 AND state = 1 AND"
                                            + " settled_ms >= ? AND idx IS NOT NULL AND NOT EXISTS"
                                            + " (SELECT 1 FROM ledger_payload p WHERE p.log ="
                                            + " ledger_outbox.log AND p.idx = ledger_outbox.idx)",
                                    now.minus(ERASED_MEANWHILE).toEpochMilli());
                });
    }
}
