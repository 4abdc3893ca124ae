package org.consentgateway.ledger.nodes;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;

/**
 * Thread-safe. The nodes that share a store, as rows of it: each says again and again that it
 * lives, and one that no longer does is marked lost by another, once and for all. All times are the
 * store's own.
 */
public final class Nodes {
    /** Ends that are written one after the other, before anything else is looked at. */
    private static final int AT_ONCE = 100;

    /** Something to be done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Where such work is done; committed when it returns. */
    public interface Transactions {
        <T> T write(Work<T> work) throws LedgerUnavailable;
    }

    private final Transactions transactions;
    private final Vendor vendor;

    public Nodes(Transactions transactions, Vendor vendor) {
        this.transactions = transactions;
        this.vendor = vendor;
    }

    /** Whether several nodes may share this store, so that each has to say that it lives. */
    public boolean shared() {
        return !vendor.isOneWriter();
    }

    /**
     * A node has started, and is the only one of its name: what it left of earlier lives is lost.
     *
     * @return this life of it, larger than each before
     */
    public long begin(String node) throws LedgerUnavailable {
        return transactions.write(connection -> {
            long life =
                    Rows.list(
                                    connection,
                                    "SELECT "
                                            + vendor.nowMillis()
                                            + ", (SELECT MAX(life) + 1 FROM ledger_node"
                                            + " WHERE node = ?)",
                                    row -> Math.max(row.getLong(1), row.getLong(2)),
                                    node)
                            .getFirst();
            int _ =
                    Rows.change(
                            connection,
                            "UPDATE ledger_node SET lost = 1 WHERE node = ? AND lost = 0",
                            node);
            int _ =
                    Rows.change(
                            connection,
                            "INSERT INTO ledger_node (node, life, beats, seen_ms, lost)"
                                    + " VALUES (?, ?, 0, "
                                    + vendor.nowMillis()
                                    + ", 0)",
                            node,
                            life);
            return life;
        });
    }

    /**
     * A node says that it lives, and which calls have begun and ended there since it last did.
     *
     * @return false where it was marked lost meanwhile: nothing was written, and others write the
     *     ends of its calls
     */
    public boolean beat(String node, long life, Collection<NodeCall> begun, Collection<UUID> ended)
            throws LedgerUnavailable {
        return transactions.write(connection -> {
            int alive =
                    Rows.change(
                            connection,
                            "UPDATE ledger_node SET beats = beats + 1, seen_ms = "
                                    + vendor.nowMillis()
                                    + " WHERE node = ? AND life = ? AND lost = 0",
                            node,
                            life);
            if (alive == 0) {
                return false;
            }
            delete(connection, ended);
            insert(connection, node, life, begun);
            return true;
        });
    }

    private static void delete(Connection connection, Collection<UUID> ended) throws SQLException {
        if (ended.isEmpty()) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM ledger_running WHERE call_id = ?")) {
            for (UUID one : ended) {
                delete.setString(1, one.toString());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private static void insert(
            Connection connection, String node, long life, Collection<NodeCall> begun)
            throws SQLException {
        if (begun.isEmpty()) {
            return;
        }
        // It may be there: the answer to the same beat may have been lost.
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO ledger_running (call_id, node, life, trunk, line, answered_ms)"
                                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (call_id) DO NOTHING")) {
            for (NodeCall one : begun) {
                insert.setString(1, one.id().toString());
                insert.setString(2, node);
                insert.setLong(3, life);
                insert.setString(4, one.trunk());
                insert.setString(5, one.line());
                insert.setLong(6, one.answered().toEpochMilli());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** A node ends as it should; calls that it still has are lost with it. */
    public void end(String node, long life) throws LedgerUnavailable {
        int _ =
                transactions.write(connection ->
                        Rows.change(
                                connection,
                                "UPDATE ledger_node SET lost = 1 WHERE node = ? AND life = ?",
                                node,
                                life));
    }

    /** All that are not lost, also this one. */
    public List<SeenNode> alive() throws LedgerUnavailable {
        return transactions.write(connection ->
                Rows.list(
                        connection,
                        "SELECT node, life, beats FROM ledger_node WHERE lost = 0",
                        row -> new SeenNode(row.getString(1), row.getLong(2), row.getLong(3))));
    }

    /**
     * Marks a node lost that has not said anything since it was seen so, for at least this long by
     * the store's time.
     *
     * @return whether it was this call that did so: one alone is told yes
     */
    public boolean lose(SeenNode seen, Duration silent) throws LedgerUnavailable {
        int lost =
                transactions.write(connection ->
                        Rows.change(
                                connection,
                                "UPDATE ledger_node SET lost = 1 WHERE node = ? AND life = ?"
                                        + " AND beats = ? AND lost = 0 AND seen_ms <= "
                                        + vendor.nowMillis()
                                        + " - ?",
                                seen.node(),
                                seen.life(),
                                seen.beats(),
                                silent.toMillis()));
        return lost == 1;
    }

    /** Calls of lost nodes whose end nobody has written yet, some of them. */
    public List<LostCall> lost() throws LedgerUnavailable {
        return transactions.write(connection ->
                Rows.list(
                        connection,
                        "SELECT r.call_id, r.trunk, r.line, r.answered_ms, r.node, n.seen_ms"
                                + " FROM ledger_running r JOIN ledger_node n"
                                + " ON n.node = r.node AND n.life = r.life"
                                + " WHERE n.lost = 1 ORDER BY r.call_id LIMIT ?",
                        row ->
                                new LostCall(
                                        new NodeCall(
                                                UUID.fromString(row.getString(1)),
                                                row.getString(2),
                                                row.getString(3),
                                                Instant.ofEpochMilli(row.getLong(4))),
                                        row.getString(5),
                                        Instant.ofEpochMilli(row.getLong(6))),
                        AT_ONCE));
    }

    /**
     * Which of these calls of a node that was marked lost are ended in the record: their end is
     * written, or will be, since the store knew of them. What the node itself knows says less, as
     * the answer to its beat may have been lost; and of a call that was answered when no beat got
     * through any more nobody writes the end.
     */
    public Set<UUID> ended(Collection<UUID> calls) throws LedgerUnavailable {
        if (calls.isEmpty()) {
            return Set.of();
        }
        String among = " IN (" + Rows.places(calls.size()) + ")";
        Object[] twice =
                Collections.nCopies(2, calls).stream()
                        .flatMap(Collection::stream)
                        .map(UUID::toString)
                        .toArray();
        // One statement: a row goes once the end is written, so one of both is seen.
        return transactions.write(connection ->
                Set.copyOf(
                        Rows.list(
                                connection,
                                "SELECT r.call_id FROM ledger_running r JOIN ledger_node n"
                                        + " ON n.node = r.node AND n.life = r.life"
                                        + " WHERE n.lost = 1 AND r.call_id"
                                        + among
                                        + " UNION SELECT call_id FROM ledger_lookup"
                                        + " WHERE type = '"
                                        + EntryType.CALL_LOST.text()
                                        + "' AND call_id"
                                        + among,
                                row -> UUID.fromString(row.getString(1)),
                                twice)));
    }

    /**
     * The end of a lost call is written.
     *
     * @return whether it was this call that said so first: one alone is told yes
     */
    public boolean settled(LostCall lost) throws LedgerUnavailable {
        int deleted =
                transactions.write(connection ->
                        Rows.change(
                                connection,
                                "DELETE FROM ledger_running WHERE call_id = ?",
                                lost.call().id().toString()));
        return deleted == 1;
    }

    /** Forgets lost nodes of which no call is left. */
    public void forget() throws LedgerUnavailable {
        int _ =
                transactions.write(connection ->
                        Rows.change(
                                connection,
                                "DELETE FROM ledger_node WHERE lost = 1 AND NOT EXISTS"
                                        + " (SELECT 1 FROM ledger_running r"
                                        + " WHERE r.node = ledger_node.node"
                                        + " AND r.life = ledger_node.life)"));
    }

    /**
     * Takes those of these trunks that no living node keeps registered.
     *
     * @return those that this node is to keep registered, alone
     */
    public Set<String> register(String node, long life, Collection<String> trunks)
            throws LedgerUnavailable {
        return transactions.write(connection -> {
            Set<String> held = new HashSet<>();
            for (String trunk : trunks) {
                if (register(connection, node, life, trunk)) {
                    held.add(trunk);
                }
            }
            return held;
        });
    }

    private static boolean register(Connection connection, String node, long life, String trunk)
            throws SQLException {
        // Mostly a living node has it: looking is cheaper than writing.
        if (held(connection, trunk).isEmpty()) {
            int _ =
                    Rows.change(
                            connection,
                            "INSERT INTO ledger_registration (trunk, node, life) VALUES (?, ?, ?)"
                                    + " ON CONFLICT (trunk) DO UPDATE SET node = excluded.node,"
                                    + " life = excluded.life WHERE NOT EXISTS"
                                    + " (SELECT 1 FROM ledger_node n"
                                    + " WHERE n.node = ledger_registration.node"
                                    + " AND n.life = ledger_registration.life AND n.lost = 0)",
                            trunk,
                            node,
                            life);
        }
        return held(connection, trunk).filter(new Holder(node, life)::equals).isPresent();
    }

    private record Holder(String node, long life) {}

    /** The living node that keeps it registered. */
    private static Optional<Holder> held(Connection connection, String trunk) throws SQLException {
        return Rows.first(
                connection,
                "SELECT r.node, r.life FROM ledger_registration r JOIN ledger_node n"
                        + " ON n.node = r.node AND n.life = r.life"
                        + " WHERE r.trunk = ? AND n.lost = 0",
                row -> new Holder(row.getString(1), row.getLong(2)),
                trunk);
    }
}
