package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the writer thread. One connection, one log: appends in transactions, and keeps the
 * right edge of the tree that the last commit left.
 */
final class LogWriter implements AutoCloseable {
    /** Entries at the end of the log whose leaves are hashed again at start. */
    private static final int TAIL = 256;

    private final Connection connection;
    private final Vendor.Claim claim;
    private final LedgerSettings settings;
    private final InstantSource clock;
    private final Sealer sealer;
    private final Supplier<byte[]> salts;
    private Log log;
    private Frontier frontier;

    /** Of the newest checkpoint in the store; 0 before the first. */
    private long checkpointSize;

    private @Nullable Instant checkpointAt;
    private @Nullable String checkpointKey;

    private LogWriter(
            Connection connection,
            Vendor.Claim claim,
            LedgerSettings settings,
            InstantSource clock,
            Sealer sealer,
            Supplier<byte[]> salts,
            Log log,
            Frontier frontier) {
        this.connection = connection;
        this.claim = claim;
        this.settings = settings;
        this.clock = clock;
        this.sealer = sealer;
        this.salts = salts;
        this.log = log;
        this.frontier = frontier;
    }

    /**
     * Claims the node's log and checks its end.
     *
     * @throws LedgerClaimed where another process writes it
     * @throws LedgerTorn where it contradicts itself or its checkpoints
     */
    static LogWriter open(
            DataSource source,
            LedgerSettings settings,
            InstantSource clock,
            Sealer sealer,
            Supplier<byte[]> salts)
            throws SQLException {
        Connection connection = source.getConnection();
        Vendor.Claim claim = null;
        try {
            Vendor vendor = Vendor.of(settings);
            vendor.prepareWriter(connection, settings.commitTimeout());
            claim = vendor.claim(settings, connection);
            connection.setAutoCommit(false);
            Log log = load(connection, settings);
            Frontier frontier = checkTail(connection, log);
            LogWriter writer =
                    new LogWriter(connection, claim, settings, clock, sealer, salts, log, frontier);
            writer.checkCheckpoints();
            connection.commit();
            return writer;
        } catch (SQLException | RuntimeException e) {
            release(connection, claim);
            throw e;
        }
    }

    private static Log load(Connection connection, LedgerSettings settings) throws SQLException {
        Optional<Log> there = Log.ofNode(connection, settings.node());
        if (there.isPresent()) {
            if (!there.get().origin().equals(settings.logOrigin())) {
                throw new LedgerTorn(
                        "the log of node "
                                + settings.node()
                                + " is named "
                                + there.get().origin()
                                + ", the configuration says "
                                + settings.logOrigin()
                                + ": a log keeps its name for good");
            }
            return there.get();
        }
        Rows.change(
                connection,
                "INSERT INTO ledger_log (id, node, origin, size, last_leaf, last_ms)"
                        + " SELECT COALESCE(MAX(id), 0) + 1, ?, ?, 0, ?, 0 FROM ledger_log",
                settings.node(),
                settings.logOrigin(),
                Header.NO_LEAF);
        return Log.ofNode(connection, settings.node())
                .orElseThrow(() -> new SQLException("the new log is not there"));
    }

    private static Frontier checkTail(Connection connection, Log log) throws SQLException {
        long stored =
                Rows.first(
                                connection,
                                "SELECT COALESCE(MAX(idx), -1) FROM ledger_entry WHERE log = ?",
                                row -> row.getLong(1),
                                log.id())
                        .orElse(-1L);
        if (stored != log.size() - 1) {
            throw new LedgerTorn(
                    log.origin()
                            + " is torn: its head says "
                            + log.size()
                            + " entries, the last stored one has index "
                            + stored);
        }
        long from = Math.max(0, log.size() - TAIL);
        List<StoredEntry> tail =
                StoredEntry.range(connection, log, Math.max(0, from - 1), log.size());
        byte[] prev = from == 0 ? Header.NO_LEAF : tail.removeFirst().leaf();
        long expected = from;
        for (StoredEntry entry : tail) {
            if (entry.index() != expected) {
                throw new LedgerTorn(log.origin() + " is torn: entry " + expected + " is missing");
            }
            if (!Arrays.equals(entry.leaf(), entry.header(log.origin(), prev).leaf())) {
                throw new LedgerTorn(
                        log.origin() + " is torn: entry " + expected + " does not match its leaf");
            }
            prev = entry.leaf();
            expected++;
        }
        if (!Arrays.equals(prev, log.lastLeaf())) {
            throw new LedgerTorn(
                    log.origin() + " is torn: its head does not name entry " + (expected - 1));
        }
        return Log.proofs(connection, log.id()).frontier(log.size());
    }

    /** The newest checkpoint here, and the newest one exported, must be of this very log. */
    private void checkCheckpoints() throws SQLException {
        Optional<String> stored =
                Rows.first(
                        connection,
                        "SELECT note, time_ms FROM ledger_checkpoint WHERE log = ?"
                                + " ORDER BY size DESC LIMIT 1",
                        row -> {
                            checkpointAt = Instant.ofEpochMilli(row.getLong(2));
                            return row.getString(1);
                        },
                        log.id());
        if (stored.isPresent()) {
            checkpointSize = checkAgainst(stored.get(), "its newest checkpoint");
            checkpointKey =
                    SignedNote.parse(stored.get())
                            .map(note -> note.signatures().getFirst().hash())
                            .orElse(null);
        }
        Path exported = Exports.newest(settings);
        if (Files.isReadable(exported)) {
            try {
                checkAgainst(
                        Files.readString(exported, StandardCharsets.UTF_8),
                        "the exported checkpoint " + exported);
            } catch (IOException e) {
                throw new SQLException("cannot read " + exported, e);
            }
        }
    }

    private long checkAgainst(String text, String what) throws SQLException {
        Checkpoint checkpoint =
                SignedNote.parse(text)
                        .flatMap(note -> Checkpoint.parse(note.text()))
                        .orElseThrow(() -> new LedgerTorn(what + " is damaged"));
        if (!checkpoint.origin().equals(log.origin())) {
            throw new LedgerTorn(what + " is of another log, " + checkpoint.origin());
        }
        if (checkpoint.size() > log.size()) {
            throw new LedgerTorn(
                    log.origin()
                            + " holds "
                            + log.size()
                            + " entries, but "
                            + what
                            + " covers "
                            + checkpoint.size()
                            + ": entries were cut off, or an old backup was restored");
        }
        byte[] root = Log.proofs(connection, log.id()).root(checkpoint.size());
        if (!Arrays.equals(root, checkpoint.root())) {
            throw new LedgerTorn(
                    log.origin()
                            + " does not match "
                            + what
                            + ": one of its first "
                            + checkpoint.size()
                            + " entries was changed");
        }
        return checkpoint.size();
    }

    long size() {
        return log.size();
    }

    long checkpointSize() {
        return checkpointSize;
    }

    @Nullable Instant checkpointAt() {
        return checkpointAt;
    }

    int logId() {
        return log.id();
    }

    Connection connection() {
        return connection;
    }

    /** One commit. After an exception nothing of it is known here: open a new writer. */
    List<Committed> append(List<Prepared> entries) throws SQLException {
        Step step = new Step();
        step.add(entries);
        return step.commit();
    }

    /**
     * Appends an Erased entry that names what is destroyed, and destroys it, in one commit.
     *
     * @param places log id and index of what goes
     */
    Committed erase(Prepared erased, List<Place> places) throws SQLException {
        Step step = new Step();
        step.add(List.of(erased));
        for (String table : List.of("ledger_payload", "ledger_lookup")) {
            try (PreparedStatement delete =
                    connection.prepareStatement(
                            "DELETE FROM " + table + " WHERE log = ? AND idx = ?")) {
                for (Place place : places) {
                    delete.setInt(1, place.log());
                    delete.setLong(2, place.index());
                    delete.addBatch();
                }
                if (!places.isEmpty()) {
                    delete.executeBatch();
                }
            }
        }
        return step.commit().getFirst();
    }

    /** Keeps other writers of the store out until the next commit: for reading before writing. */
    void lock() throws SQLException {
        Rows.change(connection, "UPDATE ledger_log SET size = size WHERE id = ?", log.id());
    }

    /** Where an entry is. */
    record Place(int log, String origin, long index) {}

    /** Signs the tree as the last commit left it; with the old key too where the key is new. */
    String checkpoint(KeyFiles keys) throws SQLException {
        Checkpoint checkpoint = new Checkpoint(log.origin(), log.size(), frontier.root());
        List<SigningKey> signers = new ArrayList<>();
        signers.add(keys.currentSigning());
        for (SigningKey key : keys.signing()) {
            if (key.verifier().hash().equals(checkpointKey) && key != keys.currentSigning()) {
                signers.add(key);
            }
        }
        String note = SignedNote.sign(checkpoint.text(), signers);
        Instant now = clock.instant();
        Rows.change(
                connection,
                "INSERT INTO ledger_checkpoint (log, size, time_ms, note) VALUES (?, ?, ?, ?)",
                log.id(),
                log.size(),
                now.toEpochMilli(),
                note);
        connection.commit();
        checkpointSize = log.size();
        checkpointAt = now;
        checkpointKey = keys.currentSigning().verifier().hash();
        return note;
    }

    /** Keeps a checkpoint with the witness's line under it. */
    void cosigned(long size, String note) throws SQLException {
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = ? WHERE log = ? AND size = ?",
                note,
                log.id(),
                size);
        connection.commit();
    }

    /** Entries with these ids that are in the store already, in whichever log. */
    List<Committed> existing(List<UUID> ids) throws SQLException {
        List<Committed> found =
                Rows.list(
                        connection,
                        "SELECT e.entry_id, l.origin, e.idx, e.leaf, e.time_ms FROM ledger_entry e"
                                + " JOIN ledger_log l ON l.id = e.log WHERE e.entry_id IN ("
                                + Rows.places(ids.size())
                                + ")",
                        row ->
                                new Committed(
                                        UUID.fromString(row.getString(1)),
                                        row.getString(2),
                                        row.getLong(3),
                                        Sha256.hex(row.getBytes(4)),
                                        Instant.ofEpochMilli(row.getLong(5)),
                                        clock.instant()),
                        ids.stream().map(UUID::toString).toArray());
        connection.commit();
        return found;
    }

    @Override
    public void close() {
        release(connection, claim);
    }

    private static void release(Connection connection, Vendor.@Nullable Claim claim) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Broken already: that is why it is closed.
        }
        try {
            if (claim != null) {
                claim.release();
            }
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }

    /** One transaction in the making. */
    private final class Step {
        private final Frontier next = frontier.copy();
        private final List<Header> headers = new ArrayList<>();
        private final List<byte[]> leaves = new ArrayList<>();
        private byte[] prev = log.lastLeaf();
        private long lastMillis = log.lastMillis();

        void add(List<Prepared> entries) throws SQLException {
            String columns = "(log, idx, entry_id, time_ms, type, commitment, leaf)";
            try (PreparedStatement entry = insert("ledger_entry", columns, 7);
                    PreparedStatement payload =
                            insert("ledger_payload", "(log, idx, key_id, sealed)", 4);
                    PreparedStatement lookup =
                            insert(
                                    "ledger_lookup",
                                    "(log, idx, type, time_ms, subject, notice, line, call_id,"
                                            + " sip_hash, refers, until_ms, delete_ms)",
                                    12);
                    PreparedStatement tile = insert("ledger_tile", "(log, level, idx, hash)", 4)) {
                List<SQLException> failed = new ArrayList<>();
                int tiles = 0;
                for (Prepared prepared : entries) {
                    long index = next.size();
                    Header header = header(prepared, index, payload);
                    byte[] leaf = header.leaf();
                    bindEntry(entry, header, leaf);
                    bindLookup(lookup, prepared, header);
                    List<Integer> added = new ArrayList<>();
                    next.append(
                            leaf,
                            (level, at, hash) -> {
                                added.add(level);
                                try {
                                    tile.setInt(1, log.id());
                                    tile.setInt(2, level);
                                    tile.setLong(3, at);
                                    tile.setBytes(4, hash);
                                    tile.addBatch();
                                } catch (SQLException e) {
                                    failed.add(e);
                                }
                            });
                    tiles += added.size();
                    headers.add(header);
                    leaves.add(leaf);
                    prev = leaf;
                }
                if (!failed.isEmpty()) {
                    throw failed.getFirst();
                }
                entry.executeBatch();
                payload.executeBatch();
                lookup.executeBatch();
                if (tiles > 0) {
                    tile.executeBatch();
                }
            } catch (SQLException e) {
                rollback();
                throw e;
            }
        }

        private Header header(Prepared prepared, long index, PreparedStatement payload)
                throws SQLException {
            // An entry's time never goes back, whatever the system clock does.
            lastMillis = Math.max(lastMillis, clock.instant().toEpochMilli());
            Sealer.Opened content = new Sealer.Opened(salts.get(), prepared.payload());
            Sealer.Sealed sealed = sealer.seal(log.origin(), index, content);
            payload.setInt(1, log.id());
            payload.setLong(2, index);
            payload.setString(3, sealed.keyId());
            payload.setBytes(4, sealed.bytes());
            payload.addBatch();
            return new Header(
                    log.origin(),
                    index,
                    prepared.id(),
                    prepared.type(),
                    Instant.ofEpochMilli(lastMillis),
                    content.commitment(),
                    prev);
        }

        private void bindEntry(PreparedStatement entry, Header header, byte[] leaf)
                throws SQLException {
            entry.setInt(1, log.id());
            entry.setLong(2, header.index());
            entry.setString(3, header.entryId().toString());
            entry.setLong(4, header.time().toEpochMilli());
            entry.setString(5, header.type().text());
            entry.setBytes(6, header.commitment());
            entry.setBytes(7, leaf);
            entry.addBatch();
        }

        private void bindLookup(PreparedStatement lookup, Prepared prepared, Header header)
                throws SQLException {
            Facts facts = prepared.facts();
            lookup.setInt(1, log.id());
            lookup.setLong(2, header.index());
            lookup.setString(3, header.type().text());
            lookup.setLong(4, header.time().toEpochMilli());
            lookup.setString(5, facts.subject());
            lookup.setString(6, facts.notice());
            lookup.setString(7, facts.line());
            lookup.setString(8, facts.callId());
            lookup.setString(9, facts.sipHash());
            lookup.setString(10, facts.refers());
            setMillis(lookup, 11, facts.untilMillis());
            setMillis(lookup, 12, facts.deleteMillis());
            lookup.addBatch();
        }

        private static void setMillis(PreparedStatement to, int at, @Nullable Long millis)
                throws SQLException {
            if (millis == null) {
                to.setNull(at, Types.BIGINT);
            } else {
                to.setLong(at, millis);
            }
        }

        List<Committed> commit() throws SQLException {
            try {
                int changed =
                        Rows.change(
                                connection,
                                "UPDATE ledger_log SET size = ?, last_leaf = ?, last_ms = ?"
                                        + " WHERE id = ? AND size = ?",
                                next.size(),
                                prev,
                                lastMillis,
                                log.id(),
                                log.size());
                if (changed != 1) {
                    throw new SQLException("another writer has changed " + log.origin());
                }
                connection.commit();
            } catch (SQLException e) {
                rollback();
                throw e;
            }
            frontier = next;
            log = new Log(log.id(), log.node(), log.origin(), next.size(), prev, lastMillis);
            Instant now = clock.instant();
            List<Committed> committed = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                Header header = headers.get(i);
                committed.add(
                        new Committed(
                                header.entryId(),
                                header.log(),
                                header.index(),
                                Sha256.hex(leaves.get(i)),
                                header.time(),
                                now));
            }
            return committed;
        }

        private PreparedStatement insert(String table, String columns, int n) throws SQLException {
            return connection.prepareStatement(
                    "INSERT INTO " + table + " " + columns + " VALUES (" + Rows.places(n) + ")");
        }

        private void rollback() {
            try {
                connection.rollback();
            } catch (SQLException e) {
                // The first failure is the one to tell.
            }
        }
    }
}
