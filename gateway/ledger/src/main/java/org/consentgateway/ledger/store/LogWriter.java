package org.consentgateway.ledger.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.keys.EndingCode;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confined to the writer thread. One connection, one log: appends in transactions, and keeps the
 * right edge of the tree that the last commit left.
 */
public final class LogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    /** What lies within is caught up with before anybody could mend it. */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    /** More nodes than that do not start in a store for the first time in one moment. */
    private static final int NEW_AT_ONCE = 20;

    private final Connection connection;
    private final Vendor.Claim claim;
    private final InstantSource clock;
    private final Sealer sealer;
    private final Supplier<byte[]> salts;
    private final Pseudonyms pseudonyms;
    private final EntryInserts inserts;
    private final PayloadErasure erasure;
    private Log log;
    private Frontier frontier;

    private NewestCheckpoint checkpoint;

    /** A log that nobody else writes, and its end as found. */
    private record Claimed(
            Connection connection,
            Vendor.Claim claim,
            Log log,
            Frontier frontier,
            NewestCheckpoint checkpoint) {}

    private LogWriter(
            Claimed claimed,
            InstantSource clock,
            Sealer sealer,
            Pseudonyms pseudonyms,
            Supplier<byte[]> salts)
            throws SQLException {
        this.connection = claimed.connection();
        this.claim = claimed.claim();
        this.clock = clock;
        this.sealer = sealer;
        this.pseudonyms = pseudonyms;
        this.salts = salts;
        this.log = claimed.log();
        this.frontier = claimed.frontier();
        this.checkpoint = claimed.checkpoint();
        this.inserts = new EntryInserts(connection, log.id());
        this.erasure = new PayloadErasure(connection, salts);
    }

    /**
     * Claims the node's log and checks its end.
     *
     * @throws LedgerClaimed where another process writes it
     * @throws LedgerTorn where it contradicts itself or its checkpoints
     */
    public static LogWriter open(
            DataSource source,
            LedgerSettings settings,
            InstantSource clock,
            Sealer sealer,
            Pseudonyms pseudonyms,
            Supplier<byte[]> salts)
            throws SQLException {
        Connection connection = source.getConnection();
        Vendor.Claim claim = null;
        try {
            Vendor vendor = Vendor.of(settings);
            vendor.prepareWriter(connection, settings.limits().commitTimeout());
            claim = vendor.claim(settings, connection);
            connection.setAutoCommit(false);
            Log log = load(connection, settings);
            tellIfAhead(log, clock.instant());
            Frontier frontier = LogTail.check(connection, log);
            NewestCheckpoint checkpoint = NewestCheckpoint.check(connection, log, settings);
            requireReadable(connection, settings, sealer);
            requireSamePseudonyms(connection, settings, pseudonyms);
            LogWriter writer =
                    new LogWriter(
                            new Claimed(connection, claim, log, frontier, checkpoint),
                            clock,
                            sealer,
                            pseudonyms,
                            salts);
            connection.commit();
            writer.tryOut();
            vendor.prove(connection, log.id());
            vendor.tellWhatMayBeLost(settings, connection);
            connection.commit();
            return writer;
        } catch (SQLException | RuntimeException e) {
            release(connection, claim);
            throw e;
        }
    }

    /** Whether the tables of entries take one. */
    private void tryOut() throws SQLException {
        try {
            inserts.sendTrial(log.size());
        } finally {
            rollback();
        }
    }

    /** What nobody here can read counts for nobody: a withdrawal, too. */
    private static void requireReadable(
            Connection connection, LedgerSettings settings, Sealer sealer) throws SQLException {
        for (Log log : Log.all(connection)) {
            Optional<String> key =
                    Rows.first(
                            connection,
                            "SELECT key_id FROM ledger_payload WHERE log = ? ORDER BY idx DESC"
                                    + " LIMIT 1",
                            row -> row.getString(1),
                            log.id());
            if (key.isPresent() && sealer.keys().byId(key.get()).isEmpty()) {
                throw new LedgerTorn(
                        "the newest payloads of "
                                + log.origin()
                                + " are sealed under key "
                                + key.get()
                                + ", which is not in "
                                + settings.keys()
                                + ": copy payload.keys and pseudonym.keys from the node that has"
                                + " it, or restore them from their backup");
            }
        }
    }

    /**
     * Under other pseudonym keys each caller is somebody else here: a withdrawal would end no
     * consent of another node, and an erasure would find nothing. What each log says of its first
     * signing key bears a code under a pseudonym key. One of them must be ours, not all: keys are
     * rotated, and whoever has the database alone may add a row.
     */
    private static void requireSamePseudonyms(
            Connection connection, LedgerSettings settings, Pseudonyms pseudonyms)
            throws SQLException {
        List<Begun> logs =
                Rows.list(
                        connection,
                        "SELECT COALESCE(l.node, ?), k.salt, k.payload FROM ledger_key k"
                                + " LEFT JOIN ledger_log l ON l.id = k.log WHERE k.idx < 0",
                        row ->
                                new Begun(
                                        LogNames.configuredNode(row.getString(1)),
                                        pseudonyms.isCode(row.getBytes(2), row.getString(3))),
                        settings.node()); // where there is no such log, it is no other node's
        Path file = settings.keys().resolve("pseudonym.keys");
        if (!logs.isEmpty() && logs.stream().noneMatch(Begun::ours)) {
            throw new LedgerTorn(
                    "no log of this store was begun under a key of "
                            + file
                            + ", so that no caller would be found: copy payload.keys and"
                            + " pseudonym.keys from the node that wrote it, or restore them from"
                            + " their backup, and start this node again");
        }
        tellIfApart(logs, LogNames.configuredNode(settings.node()), file);
    }

    /**
     * What a log says of its first signing key.
     *
     * @param ours whether under one of our pseudonym keys
     */
    private record Begun(String node, boolean ours) {}

    /** Written already, by us or by the others, where nothing refused it. */
    private static void tellIfApart(List<Begun> logs, String here, Path file) {
        List<Begun> others = logs.stream().filter(each -> !each.node().equals(here)).toList();
        if (!others.isEmpty() && others.stream().noneMatch(Begun::ours)) {
            LOG.error(
                    "no log of another node ({}) was begun under a key of {}: of one caller, what"
                            + " those nodes have written is not found here, nor there what this one"
                            + " has, by withdrawals and erasures either. Keep a copy of the file,"
                            + " give all nodes the same payload.keys and pseudonym.keys, and start"
                            + " them again",
                    others.stream().map(Begun::node).distinct().collect(Collectors.joining(", ")),
                    file);
        }
    }

    /** Written while the clock was ahead: what an operator has to know, and can hardly see. */
    private static void tellIfAhead(Log log, Instant now) {
        Instant newest = Instant.ofEpochMilli(log.lastMillis());
        if (newest.isAfter(now.plus(AHEAD))) {
            LOG.error(
                    "the newest entry of {} is of {} and it is {}: until then its entries all bear"
                            + " that time, unless it goes on under another store.origin"
                            + " (scripts/gateway ledger resume --new-origin)",
                    log.origin(),
                    newest,
                    now);
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
                                + ": a log keeps its name for good. Another one can go on"
                                + " under the new name: scripts/gateway ledger resume"
                                + " --new-origin");
            }
            return there.get();
        }
        // What was read may be old by now, and SQLite then lets nobody write on it, wait or not.
        connection.commit();
        begin(connection, settings);
        return Log.ofNode(connection, settings.node())
                .orElseThrow(() -> new SQLException("the new log is not there"));
    }

    /** Of several nodes that are new at once, each may see the same number as free. */
    private static void begin(Connection connection, LedgerSettings settings) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                Rows.change(
                        connection,
                        "INSERT INTO ledger_log (id, node, origin, size, last_leaf, last_ms)"
                                + " SELECT COALESCE(MAX(id), 0) + 1, ?, ?, 0, ?, 0 FROM ledger_log",
                        settings.node(),
                        settings.logOrigin(),
                        Header.noLeaf());
                return;
            } catch (SQLException e) {
                connection.rollback();
                if (!Rows.isDuplicate(e) || tries == NEW_AT_ONCE) {
                    throw e;
                }
            }
        }
    }

    public long size() {
        return log.size();
    }

    public Log log() {
        return log;
    }

    /**
     * The end of a log as it was confirmed; on the writer thread.
     *
     * @param log its row
     * @param tree of all its leaves
     */
    public record End(Log log, Frontier tree) {}

    /** As the last commit left it. */
    End end() {
        return new End(log, frontier);
    }

    /** Whether all that was confirmed before is in the store that this writer was opened on. */
    boolean continues(End confirmed) throws SQLException {
        Log before = confirmed.log();
        if (before.size() == 0) {
            return true;
        }
        Optional<byte[]> last =
                Rows.first(
                        connection,
                        "SELECT leaf FROM ledger_entry WHERE log = ? AND idx = ?",
                        row -> row.getBytes(1),
                        log.id(),
                        before.size() - 1);
        connection.commit();
        return last.filter(leaf -> Arrays.equals(leaf, before.lastLeaf())).isPresent();
    }

    /**
     * An entry, and its payload in the open beside it, in one commit.
     *
     * @param table of such payloads: log, idx, salt, payload
     */
    public void appendOpen(String table, Prepared entry) throws SQLException {
        Step step = new Step();
        step.add(List.of(entry));
        try {
            insertOpen(
                    table, log.size(), step.salts.getFirst(), new String(entry.payload(), UTF_8));
        } catch (SQLException e) {
            rollback();
            throw e;
        }
        List<CommittedEntry> _ = step.commit();
    }

    /**
     * What stands in the open and is no entry.
     *
     * @param index below that of any entry
     */
    public void tell(String table, long index, byte[] salt, String payload) throws SQLException {
        insertOpen(table, index, salt, payload);
        connection.commit();
    }

    private void insertOpen(String table, long index, byte[] salt, String payload)
            throws SQLException {
        Rows.change(
                connection,
                "INSERT INTO " + table + " (log, idx, salt, payload) VALUES (?, ?, ?, ?)",
                log.id(),
                index,
                salt,
                payload);
    }

    public long checkpointSize() {
        return checkpoint.size();
    }

    @Nullable Instant checkpointAt() {
        return checkpoint.at();
    }

    public Connection connection() {
        return connection;
    }

    /** Fails where the store has ended it, and with it the claim, or is another one now. */
    void requireSession() throws SQLException {
        requireHeld();
        claim.requireSession();
        connection.commit();
    }

    /** Fails where what is written is not in the store that others find. */
    void requireHeld() throws SQLException {
        claim.requireHeld();
    }

    /** One commit. After an exception nothing of it is known here: open a new writer. */
    List<CommittedEntry> append(List<Prepared> entries) throws SQLException {
        requireHeld();
        Step step = new Step();
        step.add(withoutErased(entries));
        return step.commit();
    }

    /**
     * What is about an entry that names nobody (any more) names nobody either: an erasure is not
     * undone by the end of the call in which it was asked for, nor by what waited for the store on
     * some node meanwhile. A new consent stands for itself, whatever it replaces.
     */
    private List<Prepared> withoutErased(List<Prepared> entries) throws SQLException {
        Set<String> referred = new HashSet<>();
        for (Prepared entry : entries) {
            String refers = entry.facts().refers();
            if (refers != null && entry.facts().subject() != null && !isConsent(entry)) {
                referred.add(refers);
            }
        }
        if (referred.isEmpty()) {
            return entries;
        }
        lock();
        Set<String> nameless = erasure.nameless(referred);
        if (nameless.isEmpty()) {
            return entries;
        }
        return entries.stream()
                .map(entry ->
                        nameless.contains(entry.facts().refers()) && !isConsent(entry)
                                ? entry.withoutSubject()
                                : entry)
                .toList();
    }

    private static boolean isConsent(Prepared entry) {
        return entry.type() == EntryType.GIVEN
                || entry.type() == EntryType.RENEWED
                || entry.type() == EntryType.IMPORTED;
    }

    /**
     * Destroys payloads, leaves a mark in place of each, and appends an Erased entry that says how
     * many there were, in one commit. Where a mark that is none of ours stands in the way, another
     * Erased entry lists what went there instead.
     *
     * @param erased the entry for a payload completed with that number
     * @param listing another one for a payload that lists
     * @param places log id and index of what goes
     */
    public Erased erase(
            ObjectNode payload,
            Function<ObjectNode, Prepared> erased,
            Function<ObjectNode, Prepared> listing,
            List<Place> places)
            throws SQLException {
        Step step = new Step();
        List<Place> ordered = places.stream().sorted(Place.ORDER).toList();
        Map<Place, String> ended = erasure.ended(ordered, step.sealer);
        PayloadErasure.Destroyed gone = erasure.destroy(ordered, step.sealer);
        countFewer(gone.places().stream().map(ended::get).filter(Objects::nonNull).toList());
        List<Prepared> entries = new ArrayList<>();
        entries.add(erased.apply(ErasedIndexes.counted(payload, gone.marked())));
        if (!gone.foreign().isEmpty()) {
            entries.add(listing.apply(ErasedIndexes.listed(gone.foreign())));
        }
        step.add(entries);
        return new Erased(step.commit().getFirst(), gone.places().size(), gone.foreign());
    }

    /**
     * Where the consent itself stays. Of what another node has erased meanwhile that one has
     * counted.
     *
     * @param ended by their ids, each as often as an entry that ends it is gone
     */
    private void countFewer(List<String> ended) throws SQLException {
        Map<String, Integer> fewer = new TreeMap<>();
        ended.forEach(consent -> fewer.merge(consent, 1, Integer::sum));
        for (Map.Entry<String, Integer> one : fewer.entrySet()) {
            inserts.countEnding(
                    one.getKey(),
                    before -> EndingCode.plus(pseudonyms, one.getKey(), before, -one.getValue()));
        }
    }

    /**
     * What an erasure has written.
     *
     * @param payloads how many are gone
     * @param foreign those of them in whose place stands a mark that is none of ours
     */
    public record Erased(CommittedEntry entry, int payloads, List<Place> foreign) {}

    /** Keeps other writers of the store out until the next commit: for reading before writing. */
    public void lock() throws SQLException {
        inserts.lock();
    }

    /** Where an entry is. */
    public record Place(int log, String origin, long index) {
        private static final int AT_ONCE = 200;

        /** In which rows are taken on all nodes, so that no two wait for each other. */
        private static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::log).thenComparingLong(Place::index);

        /** So many as one question is asked about, all of one log. */
        public static List<List<Place>> inParts(List<Place> places) {
            List<List<Place>> parts = new ArrayList<>();
            for (List<Place> ofLog :
                    places.stream().collect(Collectors.groupingBy(Place::log)).values()) {
                for (int from = 0; from < ofLog.size(); from += AT_ONCE) {
                    parts.add(ofLog.subList(from, Math.min(ofLog.size(), from + AT_ONCE)));
                }
            }
            return parts;
        }
    }

    /** Signs the tree as the last commit left it; with the old key too where the key is new. */
    public String checkpoint(KeyFiles keys) throws SQLException {
        Checkpoint signed = new Checkpoint(log.origin(), log.size(), frontier.root());
        List<SigningKey> signers = new ArrayList<>();
        signers.add(keys.currentSigning());
        for (SigningKey key : keys.signing()) {
            if (key.verifier().hash().equals(checkpoint.key())
                    && key != keys.currentSigning()
                    && !keys.isRevoked(key.verifier())) {
                signers.add(key);
            }
        }
        String note = SignedNote.sign(signed.text(), signers);
        // As an entry is never before the one before, where the clock was ahead and is right again.
        Instant now =
                Instant.ofEpochMilli(Math.max(log.lastMillis(), clock.instant().toEpochMilli()));
        StoredCheckpoints.insert(connection, log, now, note);
        connection.commit();
        checkpoint = new NewestCheckpoint(log.size(), now, keys.currentSigning().verifier().hash());
        return note;
    }

    /** Empty before the first. */
    public Optional<Publisher.Signed> newestCheckpoint() throws SQLException {
        Optional<Publisher.Signed> newest = StoredCheckpoints.newest(connection, log);
        connection.commit();
        return newest;
    }

    /**
     * Keeps a witness's line under a checkpoint.
     *
     * @return the note as it is now; empty where there is no such checkpoint
     */
    public Optional<String> cosigned(long size, String line) throws SQLException {
        Optional<String> note = StoredCheckpoints.cosign(connection, log, size, line);
        connection.commit();
        return note;
    }

    /** Entries with these ids that are in the store already, in whichever log. */
    List<CommittedEntry> existing(List<UUID> ids) throws SQLException {
        List<CommittedEntry> found =
                Rows.list(
                        connection,
                        "SELECT e.entry_id, l.origin, e.idx, e.leaf, e.time_ms FROM ledger_entry e"
                                + " JOIN ledger_log l ON l.id = e.log WHERE e.entry_id IN ("
                                + Rows.places(ids.size())
                                + ")",
                        row ->
                                new CommittedEntry(
                                        UUID.fromString(row.getString(1)),
                                        row.getString(2),
                                        row.getLong(3),
                                        Digests.hex(row.getBytes(4)),
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

    private void rollback() {
        try {
            inserts.clear();
            connection.rollback();
        } catch (SQLException e) {
            // The first failure is the one to tell.
        }
    }

    private record Tile(int level, long index, byte[] hash) {}

    /** One transaction in the making. */
    private final class Step {
        /** Its keys stay the same, whoever changes ours meanwhile. */
        private final Sealer sealer = new Sealer(LogWriter.this.sealer.keys());

        private final Frontier next = frontier.copy();
        private final List<Header> headers = new ArrayList<>();
        private final List<byte[]> leaves = new ArrayList<>();
        private final List<byte[]> salts = new ArrayList<>();
        private byte[] prev = log.lastLeaf();
        private long lastMillis = log.lastMillis();

        void add(List<Prepared> entries) throws SQLException {
            try {
                for (Prepared prepared : entries) {
                    add(prepared);
                }
                inserts.send();
                countEndings(entries);
            } catch (SQLException e) {
                rollback();
                throw e;
            }
        }

        /** In one order on all nodes, so that no two wait for each other. */
        private void countEndings(List<Prepared> entries) throws SQLException {
            List<String> ended =
                    entries.stream()
                            .filter(entry -> entry.type().isEnding())
                            .flatMap(entry -> Optional.ofNullable(entry.facts().refers()).stream())
                            .sorted()
                            .toList();
            for (String consent : ended) {
                inserts.countEnding(
                        consent, before -> EndingCode.plus(pseudonyms, consent, before, 1));
            }
        }

        private void add(Prepared prepared) throws SQLException {
            long index = next.size();
            // An entry's time never goes back, whatever the system clock does.
            lastMillis = Math.max(lastMillis, clock.instant().toEpochMilli());
            Sealer.Opened content =
                    new Sealer.Opened(LogWriter.this.salts.get(), prepared.payload());
            salts.add(content.salt());
            Header header =
                    new Header(
                            log.origin(),
                            index,
                            prepared.id(),
                            prepared.type(),
                            Instant.ofEpochMilli(lastMillis),
                            content.commitment(),
                            prev);
            byte[] leaf = header.leaf();
            inserts.add(
                    header,
                    leaf,
                    prepared.facts(),
                    sealer.seal(log.origin(), index, content),
                    prepared.type().isConsent()
                            ? EndingCode.of(pseudonyms, prepared.id().toString(), 0)
                            : null);
            for (Outgoing message : prepared.outgoing()) {
                inserts.addOutgoing(header, prepared.facts(), message);
            }
            List<Tile> tiles = new ArrayList<>();
            next.append(leaf, (level, at, hash) -> tiles.add(new Tile(level, at, hash)));
            for (Tile tile : tiles) {
                inserts.addTile(tile.level, tile.index, tile.hash);
            }
            headers.add(header);
            leaves.add(leaf);
            prev = leaf;
        }

        List<CommittedEntry> commit() throws SQLException {
            try {
                String key = sealer.keys().current().id();
                if (!inserts.moveEnd(log.size(), next.size(), prev, lastMillis, key)) {
                    throw RetiredKeys.of(connection).contains(key)
                            ? new RetiredKeys.Used(log.origin(), key)
                            : new SQLException("another writer has changed " + log.origin());
                }
                connection.commit();
            } catch (SQLException e) {
                rollback();
                throw e;
            }
            frontier = next;
            log = new Log(log.id(), log.node(), log.origin(), next.size(), prev, lastMillis);
            Instant now = clock.instant();
            List<CommittedEntry> committed = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                Header header = headers.get(i);
                committed.add(
                        new CommittedEntry(
                                header.entryId(),
                                header.log(),
                                header.index(),
                                Digests.hex(leaves.get(i)),
                                header.time(),
                                now));
            }
            return committed;
        }
    }
}
