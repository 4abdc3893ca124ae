package org.consentgateway.ledger.store;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.keys.Sealer;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the writer thread. The statements that put entries into their tables and move the
 * log's end behind them: prepared once per connection, which closes them; filled entry by entry,
 * sent together.
 */
public final class EntryInserts {
    private static final int TRIES = 100;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PreparedStatement entry;
    private final PreparedStatement payload;
    private final PreparedStatement lookup;
    private final PreparedStatement tile;
    private final PreparedStatement lock;
    private final PreparedStatement end;
    private final PreparedStatement outgoing;
    private final PreparedStatement counted;
    private final PreparedStatement count;
    private final int log;
    private int tiles;
    private int messages;

    EntryInserts(Connection connection, int log) throws SQLException {
        this.log = log;
        entry =
                insert(
                        connection,
                        "ledger_entry (log, idx, entry_id, time_ms, type, commitment, leaf)",
                        7);
        payload = insert(connection, "ledger_payload (log, idx, key_id, sealed)", 4);
        lookup =
                insert(
                        connection,
                        "ledger_lookup (log, idx, type, time_ms, subject, notice, line, call_id,"
                                + " sip_hash, refers, until_ms, delete_ms, endings)",
                        13);
        tile = insert(connection, "ledger_tile (log, level, idx, hash)", 4);
        outgoing =
                insert(
                        connection,
                        "ledger_outbox (message_id, recipient, type, log, idx, time_ms, ordered_by,"
                                + " urgent, body, state, attempts, due_ms, leased_ms)",
                        13);
        counted =
                connection.prepareStatement(
                        "SELECT f.log, f.idx, f.endings FROM ledger_entry e JOIN ledger_lookup f"
                                + " ON f.log = e.log AND f.idx = e.idx WHERE e.entry_id = ?");
        count =
                connection.prepareStatement(
                        "UPDATE ledger_lookup SET endings = ? WHERE log = ? AND idx = ?"
                                + " AND endings = ?");
        lock = connection.prepareStatement("UPDATE ledger_log SET size = size WHERE id = ?");
        end =
                connection.prepareStatement(
                        "UPDATE ledger_log SET size = ?, last_leaf = ?, last_ms = ?"
                                + " WHERE id = ? AND size = ? AND (retired_keys IS NULL"
                                + " OR retired_keys NOT LIKE ?)");
    }

    private static PreparedStatement insert(Connection connection, String into, int n)
            throws SQLException {
        return connection.prepareStatement(
                "INSERT INTO " + into + " VALUES (" + Rows.places(n) + ")");
    }

    /**
     * @param endings of a consent: that there are none yet
     */
    void add(
            Header header, byte[] leaf, Facts facts, Sealer.Sealed sealed, @Nullable String endings)
            throws SQLException {
        entry.setInt(1, log);
        entry.setLong(2, header.index());
        entry.setString(3, header.entryId().toString());
        entry.setLong(4, header.time().toEpochMilli());
        entry.setString(5, header.type().text());
        entry.setBytes(6, header.commitment());
        entry.setBytes(7, leaf);
        entry.addBatch();
        payload.setInt(1, log);
        payload.setLong(2, header.index());
        payload.setString(3, sealed.keyId());
        payload.setBytes(4, sealed.bytes());
        payload.addBatch();
        lookup.setInt(1, log);
        lookup.setLong(2, header.index());
        lookup.setString(3, header.type().text());
        lookup.setLong(4, header.time().toEpochMilli());
        lookup.setString(5, facts.subject());
        lookup.setString(6, facts.notice());
        lookup.setString(7, facts.line());
        lookup.setString(8, facts.callId());
        lookup.setString(9, facts.sipHash());
        lookup.setString(10, facts.refers());
        setMillis(11, facts.untilMillis());
        setMillis(12, facts.deleteMillis());
        lookup.setString(13, endings);
        lookup.addBatch();
    }

    private void setMillis(int at, @Nullable Long millis) throws SQLException {
        if (millis == null) {
            lookup.setNull(at, Types.BIGINT);
        } else {
            lookup.setLong(at, millis);
        }
    }

    /** In the same transaction as its entry: there is none without the other. */
    void addOutgoing(Header header, Facts facts, Outgoing message) throws SQLException {
        outgoing.setString(1, header.entryId().toString());
        outgoing.setString(2, message.recipient());
        outgoing.setString(3, message.type());
        outgoing.setInt(4, log);
        outgoing.setLong(5, header.index());
        outgoing.setLong(6, header.time().toEpochMilli());
        outgoing.setString(7, OrderKey.of(header.entryId(), facts));
        outgoing.setInt(8, message.urgent() ? 1 : 0);
        outgoing.setString(9, message.body());
        outgoing.setInt(10, 0);
        outgoing.setInt(11, 0);
        outgoing.setLong(12, 0);
        outgoing.setLong(13, 0);
        outgoing.addBatch();
        messages++;
    }

    /**
     * Sends an entry as large as any, for whoever rolls it back. A server whose tablespace is full,
     * or whose role may not insert, still changes a row in its place.
     *
     * @param index at which the next entry comes
     */
    void sendTrial(long index) throws SQLException {
        UUID id = UUID.randomUUID();
        String fact = id.toString();
        byte[] hash = Header.noLeaf();
        Header header = new Header("trial", index, id, EntryType.GIVEN, Instant.EPOCH, hash, hash);
        Facts facts = new Facts(fact, fact, fact, fact, fact, fact, 0L, 0L);
        byte[] sealed = new byte[Vendor.TRIAL];
        RANDOM.nextBytes(sealed); // else the server compresses it into a row
        add(header, hash, facts, new Sealer.Sealed("trial", sealed), null);
        addTile(0, index, hash); // no tile is of that level
        addOutgoing(header, facts, new Outgoing("trial", "trial", false, ""));
        send();
    }

    void addTile(int level, long index, byte[] hash) throws SQLException {
        tile.setInt(1, log);
        tile.setInt(2, level);
        tile.setLong(3, index);
        tile.setBytes(4, hash);
        tile.addBatch();
        tiles++;
    }

    void send() throws SQLException {
        entry.executeBatch();
        payload.executeBatch();
        lookup.executeBatch();
        if (tiles > 0) {
            tile.executeBatch();
            tiles = 0;
        }
        if (messages > 0) {
            outgoing.executeBatch();
            messages = 0;
        }
    }

    /**
     * Counts one more entry that ends a consent. What has no count is of an earlier version, and
     * what was changed stays changed: that is told when it is asked for.
     *
     * @param consent id of its entry
     * @param more what follows on a count; null where it is none
     */
    void countEnding(String consent, Function<String, @Nullable String> more) throws SQLException {
        // Another node may count at the same time: then what was read is not there any more.
        for (int tries = 0; tries < TRIES; tries++) {
            counted.setString(1, consent);
            int of;
            long index;
            String before;
            try (ResultSet row = counted.executeQuery()) {
                if (!row.next() || row.getString(3) == null) {
                    return;
                }
                of = row.getInt(1);
                index = row.getLong(2);
                before = row.getString(3);
            }
            String after = more.apply(before);
            if (after == null) {
                return;
            }
            count.setString(1, after);
            count.setInt(2, of);
            count.setLong(3, index);
            count.setString(4, before);
            if (count.executeUpdate() == 1) {
                return;
            }
        }
        throw new SQLException("others end consent " + consent + " all the time");
    }

    /** Keeps other writers of the store out until the next commit. */
    void lock() throws SQLException {
        lock.setInt(1, log);
        int _ = lock.executeUpdate();
    }

    /**
     * Whether the log ended where we think; false where another writer has changed it, or the key
     * that its payloads are sealed under is not to be used any more.
     */
    boolean moveEnd(long sizeBefore, long size, byte[] lastLeaf, long lastMillis, String keyId)
            throws SQLException {
        end.setLong(1, size);
        end.setBytes(2, lastLeaf);
        end.setLong(3, lastMillis);
        end.setInt(4, log);
        end.setLong(5, sizeBefore);
        end.setString(6, "%" + keyId + "%");
        return end.executeUpdate() == 1;
    }

    /** Forgets what was added and not sent. */
    void clear() throws SQLException {
        tiles = 0;
        messages = 0;
        entry.clearBatch();
        payload.clearBatch();
        lookup.clearBatch();
        tile.clearBatch();
        outgoing.clearBatch();
    }
}
