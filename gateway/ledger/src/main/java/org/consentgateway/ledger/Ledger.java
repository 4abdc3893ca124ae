package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeConflict;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.nodes.LogEnd;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.rotation.RequiredKeys;
import org.consentgateway.ledger.server.OpenedFile;
import org.consentgateway.ledger.server.ServerAddresses;
import org.consentgateway.ledger.server.StandbyWatch;
import org.consentgateway.ledger.server.WalTransfer;
import org.consentgateway.ledger.signing.Checkpointing;
import org.consentgateway.ledger.signing.Cosignatures;
import org.consentgateway.ledger.signing.NodeKeys;
import org.consentgateway.ledger.signing.StoredProofs;
import org.consentgateway.ledger.statement.Archivals;
import org.consentgateway.ledger.statement.Successors;
import org.consentgateway.ledger.store.CommitQueue;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerHealth;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.NewestCheckpoint;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tally.Tallies;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.watch.BackgroundVerification;
import org.consentgateway.ledger.watch.CheckedErasure;
import org.consentgateway.ledger.watch.CheckedHistory;
import org.consentgateway.ledger.watch.OlderTies;
import org.consentgateway.ledger.watch.TamperAlarm;
import org.consentgateway.ledger.witness.WitnessConflict;
import org.consentgateway.ledger.witness.WitnessConflicts;
import org.consentgateway.ledger.witness.Witnesses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The record of what was asked and answered: an append-only Merkle log per node.
 *
 * <pre>
 * append → queue → writer: salt, seal, hash, one transaction, fsync → CommittedEntry
 *                     └ every N entries or T seconds: signed checkpoint → store, directory, witnesses
 * </pre>
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** A person waits, beside a gateway that may write without a break. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** An old store is best found before anybody is asked for anything. */
    private static final Duration FIRST_ANSWERS = Duration.ofSeconds(6);

    private static final int CLOSE_TIMEOUTS = 5;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final LedgerSettings settings;
    private final HikariDataSource pool;
    private final NodeKeys keys;
    private final Checkpointing checkpointing;
    private final LogReader reader;
    private final TamperAlarm alarm;
    private final CheckedHistory histories;
    private final BackgroundVerification verification;
    private final DestroyedKeys destroyed;
    private final Erasing erasing;
    private final EventOutbox outbox;
    private final Tallies tallies;
    private final EndedConsents ended;
    private final Nodes nodes;
    private final StandbyWatch standby;
    private final CommitQueue queue;
    private final DataSource source;
    private final WitnessConflicts conflicts;
    private final Witnesses witnesses;
    private final Publisher publisher;
    private final Thread thread;
    private volatile Optional<WalTransfer> transfer = Optional.empty();
    private final InstantSource clock;

    /**
     * Opens, and creates what is missing: directories, keys, tables. A store that cannot be reached
     * is no error: the ledger is then down ({@link #health}) and tries again.
     *
     * @throws IOException where the key files cannot be read or written
     * @throws LedgerClaimed where another process writes under this node id
     * @throws LedgerTorn where the log contradicts itself or its checkpoints
     */
    public static Ledger open(LedgerSettings settings, InstantSource clock) throws IOException {
        boolean server = !Vendor.of(settings).isOneWriter();
        for (int tries = 1; ; tries++) {
            try {
                return once(settings, clock);
            } catch (LedgerClaimed e) {
                if (!server || tries == SERVER_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TURN.toNanos()); // our last connection may still be ending
            }
        }
    }

    private static Ledger once(LedgerSettings settings, InstantSource clock) throws IOException {
        try {
            LedgerSettings newest = settings.newestLog();
            DataSource source = Vendor.of(newest).open(newest, false);
            return open(newest, source, clock, Ledger::salt);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * For a command beside a running gateway, which has its log for itself: writes to a log of its
     * own in the same store, that one command has at a time.
     *
     * @throws IOException also where another command has been at it for too long
     */
    public static Ledger openBeside(LedgerSettings settings, InstantSource clock)
            throws IOException {
        return openBeside(settings, clock, PATIENCE);
    }

    /**
     * The same.
     *
     * @param turn how long is waited for other commands
     */
    public static Ledger openBeside(LedgerSettings settings, InstantSource clock, Duration turn)
            throws IOException {
        LedgerSettings beside =
                settings.withNode(LogNames.ofCommands(settings.node())).withPatience(PATIENCE);
        long turns = turn.dividedBy(TURN);
        try {
            for (long waited = 0; waited < turns; waited++) {
                try {
                    return once(beside, clock);
                } catch (LedgerClaimed e) {
                    LockSupport.parkNanos(TURN.toNanos()); // another command is at it
                }
            }
            return once(beside, clock);
        } catch (LedgerClaimed e) {
            throw new IOException(
                    "another command of this node writes to the store: try again when it has ended",
                    e);
        } catch (LedgerTorn e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final Duration TURN = Duration.ofMillis(100);

    /** A server drops a claim a moment after its connection has ended. */
    private static final int SERVER_TRIES = 30;

    /** Over a store of the tests, which may fail, hang and lie. */
    static Ledger open(
            LedgerSettings settings, DataSource source, InstantSource clock, Supplier<byte[]> salts)
            throws IOException {
        Ledger ledger = new Ledger(settings, source, clock, salts);
        try {
            ledger.queue.connectFirst();
        } catch (RuntimeException e) {
            ledger.witnesses.close();
            ledger.pool.close();
            ledger.publisher.close();
            throw e;
        }
        ledger.thread.start();
        ledger.transfer = Vendor.of(settings).transferring(settings, source);
        if (ledger.queue.up()) {
            ledger.witnesses.awaitFirst(FIRST_ANSWERS);
        }
        return ledger;
    }

    private Ledger(
            LedgerSettings settings, DataSource source, InstantSource clock, Supplier<byte[]> salts)
            throws IOException {
        this.settings = settings;
        this.source = source;
        this.clock = clock;
        RequiredKeys.check(settings, source);
        LedgerSettings commands = settings.commandsLog();
        this.keys = NodeKeys.open(settings);
        Sealer sealer = keys.sealer();
        Pseudonyms pseudonyms = keys.pseudonyms();
        this.conflicts = WitnessConflicts.of(settings.keys(), settings.node());
        this.publisher = new Publisher(settings);
        this.checkpointing =
                new Checkpointing(settings, keys, conflicts, publisher, this::tellWitnesses, clock);
        this.pool = pool(settings, source);
        this.queue =
                new CommitQueue(
                        settings,
                        clock,
                        new CommitQueue.WriterSource() {
                            private boolean migrated;
                            private Optional<OpenedFile> file = Optional.empty();

                            @Override
                            public LogWriter open() throws SQLException {
                                // Readers and the WAL's transfer have it open as well.
                                if (file.isPresent()) {
                                    file.get().requireThere();
                                }
                                if (!migrated) {
                                    Schema.migrate(settings, source);
                                    try (Connection connection = source.getConnection()) {
                                        Successors.requireNewest(connection, settings.node());
                                        Successors.requireNewest(connection, commands.node());
                                    }
                                    file = Vendor.of(settings).opened(settings);
                                    migrated = true;
                                }
                                Vendor.of(settings).requireFit(source);
                                NewestCheckpoint.requireHeld(source, commands);
                                keys.forgetRetired(source);
                                return LogWriter.open(
                                        source, settings, clock, sealer, pseudonyms, salts);
                            }
                        },
                        checkpointing);
        this.reader = new LogReader(pool, sealer, queue::up);
        this.ended = new EndedConsents(reader);
        this.alarm = new TamperAlarm(clock);
        this.histories = new CheckedHistory(reader, pseudonyms, alarm, clock);
        this.verification = verifying();
        this.destroyed = new DestroyedKeys(settings.keys(), sealer, alarm);
        this.erasing = erasing();
        EventOutbox.Transactions transactions = transactions(Vendor.of(settings));
        this.outbox = new EventOutbox(transactions, Vendor.of(settings).claiming());
        this.tallies = new Tallies(work -> transactions.write(work::run));
        this.nodes = new Nodes(nodeTransactions(transactions), Vendor.of(settings));
        this.standby = new StandbyWatch(pool, servers(settings));
        this.witnesses =
                new Witnesses(
                        settings.checkpoints().policy(),
                        settings.logOrigin(),
                        new StoredProofs(pool, settings.node(), keys),
                        conflicts,
                        new Cosignatures(settings, source, queue, publisher)::keep,
                        clock);
        this.thread = Thread.ofPlatform().daemon().name("ledger-writer").unstarted(queue);
    }

    private BackgroundVerification verifying() {
        Path archive = settings.archive();
        return new BackgroundVerification(
                        Vendor.of(settings), reader, keys::verifiers, keys.sealer(), alarm, clock)
                .reading(archive == null ? null : new EntryBundles(archive));
    }

    private Erasing erasing() {
        var checked = new CheckedErasure(keys.sealer(), alarm);
        return new Erasing(
                settings,
                source,
                reader,
                this::eraseAndSaySo,
                new Erasing.Deciding(
                        clock,
                        destroyed,
                        keys::verifiers,
                        checked,
                        new OlderTies(reader, keys.pseudonyms(), checked)));
    }

    private void tellWitnesses(Publisher.Signed checkpoint) {
        witnesses.see(checkpoint);
    }

    /**
     * Hands over one entry.
     *
     * @return completed after commit and fsync, on the writer thread; else with {@link
     *     LedgerUnavailable}, or IllegalArgumentException for what could never be stored
     */
    public CompletionStage<CommittedEntry> append(NewEntry entry) {
        return append(List.of(entry)).thenApply(List::getFirst);
    }

    /**
     * Durable when this returns.
     *
     * @throws LedgerUnavailable where it is not, or not within the deadline
     */
    public CommittedEntry append(NewEntry entry, Duration deadline) throws LedgerUnavailable {
        try {
            return append(entry)
                    .toCompletableFuture()
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw notRecorded("not recorded: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw notRecorded("not recorded in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notRecorded("interrupted", e);
        }
    }

    private static LedgerUnavailable notRecorded(String what, Exception why) {
        return new LedgerUnavailable(LedgerUnavailable.Reason.STORE_DOWN, what, why);
    }

    /** Entries that are written together or not at all. */
    public CompletionStage<List<CommittedEntry>> append(List<NewEntry> entries) {
        List<Prepared> prepared = new ArrayList<>();
        try {
            for (NewEntry entry : entries) {
                prepared.add(keys.prepare(entry));
            }
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (prepared.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return timed(queue.append(prepared));
    }

    public LogReader reader() {
        return reader;
    }

    /** What decisions are made on. */
    public CheckedHistory histories() {
        return histories;
    }

    /** Looks at everything that is stored, as often as it is asked for the next step. */
    public BackgroundVerification verification() {
        return verification;
    }

    /** What was found to be changed since the start. */
    public TamperAlarm alarm() {
        return alarm;
    }

    /** What others are to be told of entries. */
    public EventOutbox outbox() {
        return outbox;
    }

    /** How often what has happened. */
    public Tallies tallies() {
        return tallies;
    }

    /** Consents whose time is over. */
    public EndedConsents ended() {
        return ended;
    }

    /** Which nodes of the store live, and what is left of those that died. */
    public Nodes nodes() {
        return nodes;
    }

    /** How far this node's log was confirmed; empty where it was not yet found in a store. */
    public Optional<LogEnd> confirmed() {
        return queue.confirmed().map(LogEnd::of);
    }

    /** Whether the store that answers now has a node's log as far as that node has confirmed it. */
    public boolean has(LogEnd end) throws LedgerUnavailable {
        return reader.ask(end::isIn);
    }

    /** Whether what is confirmed is on another server as well. */
    public StandbyWatch standby() {
        return standby;
    }

    /** Who is told of what is written. */
    public Announcing announcing() {
        return settings.announcing();
    }

    public Pseudonyms pseudonyms() {
        return keys.pseudonyms();
    }

    public LedgerHealth health() {
        return queue.health(publisher.exportFailing(), witnesses.health());
    }

    /**
     * To be asked before a consent is built on this log: a withdrawal may be missing in it.
     *
     * @throws LedgerUnavailable where a witness says that it has seen another one
     */
    public void requireNoConflict() throws LedgerUnavailable {
        Optional<WitnessConflict> conflict = conflicts.standing();
        if (conflict.isPresent()) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.WITNESS_CONFLICT, conflict.get().words());
        }
    }

    /** Looks whether a person has resolved what a witness has said; waits for the disk. */
    public void lookForResolution() {
        conflicts.look();
    }

    /**
     * What an erasure did.
     *
     * @param entries whose payloads are gone
     */
    public record Erasure(CommittedEntry erased, int entries) {}

    /**
     * Destroys payloads and salts of all entries of this subject, in all logs of the store, and
     * says so in an Erased entry that does not name the subject. In one commit.
     *
     * @param entry of type ERASED, without subject and call
     * @param kept ids of those that a law demands
     */
    public Erasure erase(NewEntry entry, PseudonymousSubject subject, Set<UUID> kept)
            throws LedgerUnavailable {
        return erase(entry, subject, kept, reader.sizes());
    }

    /**
     * The same of what stood in the logs at a moment. What came later stays, with what belongs to
     * it: what refers to it, so that no end of a consent goes before the consent, and what was
     * played before a consent in the same call.
     *
     * @param until as {@link LogReader#sizes} had it then
     */
    public Erasure erase(
            NewEntry entry, PseudonymousSubject subject, Set<UUID> kept, Map<String, Long> until)
            throws LedgerUnavailable {
        return erasing.of(entry, subject, kept, until);
    }

    /**
     * Destroys the payload of one entry that has done its work.
     *
     * @param entry of type ERASED
     */
    public Erasure eraseOne(NewEntry entry, UUID id) throws LedgerUnavailable {
        return erasing.one(entry, id);
    }

    /**
     * Destroys what its retention has ended: entries whose {@code retention.delete_at} has come,
     * unless a Used entry that refers to them has moved it (§ 7a Abs. 2 UWG).
     *
     * @return empty where there was nothing to do
     * @throws IllegalStateException where what was found to be changed in the store has kept it
     *     from looking at all of it
     */
    public Optional<Erasure> eraseOutdated() throws LedgerUnavailable {
        return erasing.outdated();
    }

    /**
     * Erases once more what an old backup has brought back, and destroys keys that an erasure has
     * left; a part of {@link #eraseOutdated}.
     *
     * @return how many payloads had come back
     */
    public int eraseAgain() throws LedgerUnavailable {
        return erasing.again();
    }

    /**
     * Cuts what was erased out of the files too.
     *
     * @param whole rewrites the tables: takes long and keeps writers out
     */
    public void scrub(boolean whole) throws LedgerUnavailable {
        erasing.scrub(whole);
    }

    /**
     * Keeps notices under their names before they are spoken. What is there already stays, also if
     * another node has written it.
     *
     * @return those that are known with other words, another sound or on other terms
     */
    public List<NoticeConflict> keep(List<ArchivedNotice> notices, Instant now)
            throws LedgerUnavailable {
        return await(
                queue.perform(writer -> {
                    writer.lock();
                    List<NoticeConflict> conflicts = new ArrayList<>();
                    for (ArchivedNotice notice : notices) {
                        NoticeArchive.keep(writer.connection(), notice, now)
                                .ifPresent(conflicts::add);
                    }
                    writer.connection().commit();
                    return conflicts;
                }));
    }

    /** All notices that were ever spoken, by any node. */
    public List<KnownNotice> knownNotices() throws LedgerUnavailable {
        return reader.ask(NoticeArchive::all);
    }

    /** Says, signed and in the open, that the first entries of a log stand in the archive. */
    void tellArchived(Checkpoint archived) throws LedgerUnavailable {
        var statement =
                new ArchivalStatement(
                        settings.logOrigin(),
                        archived,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var payload = Archivals.payload(statement, List.of(keys.signing()));
        Prepared entry =
                keys.prepare(
                        NewEntry.of(EntryType.LOG_ARCHIVED, null, null, payload, clock.instant()));
        await(
                queue.perform(writer -> {
                    writer.appendOpen(Archivals.TABLE, entry);
                    return true;
                }));
    }

    /** Signs a checkpoint now where there are new entries. */
    public void checkpoint() throws LedgerUnavailable {
        await(
                queue.perform(writer -> {
                    if (writer.size() > writer.checkpointSize()) {
                        checkpointing.sign(writer);
                    }
                    return true;
                }));
    }

    /**
     * Writes what is waiting, signs a last checkpoint, gives the node id back. A store that hangs
     * is left to the end of the process after a few commit timeouts.
     */
    @Override
    public void close() {
        queue.close();
        try {
            if (!thread.join(settings.limits().commitTimeout().multipliedBy(CLOSE_TIMEOUTS))) {
                LOG.error("the ledger's store hangs: closed without a last checkpoint");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transfer.ifPresent(WalTransfer::close);
        witnesses.close();
        publisher.close();
        pool.close();
    }

    /** On the writer thread, in one commit with the entry that counts them. */
    private Erasure eraseAndSaySo(NewEntry entry, Erasing.Choice choice) throws LedgerUnavailable {
        List<LogWriter.Place> gone = new ArrayList<>();
        LogWriter.Erased written =
                await(
                        queue.perform(writer -> {
                            writer.lock();
                            List<LogWriter.Place> places = choice.places(writer.connection());
                            gone.addAll(places);
                            return writer.erase(
                                    entry.payload(),
                                    counted -> erased(entry.id(), counted),
                                    listed -> erased(EntryIds.next(clock.instant()), listed),
                                    places);
                        }));
        destroyed.of(gone);
        written.foreign().forEach(destroyed::foreign);
        return new Erasure(written.entry(), written.payloads());
    }

    private Prepared erased(UUID id, ObjectNode payload) {
        return keys.prepare(new NewEntry(id, EntryType.ERASED, null, null, payload));
    }

    private EventOutbox.Transactions transactions(Vendor vendor) {
        return new EventOutbox.Transactions() {
            @Override
            public <T> T read(EventOutbox.Work<T> work) throws LedgerUnavailable {
                return reader.ask(work::run);
            }

            @Override
            public <T> T write(EventOutbox.Work<T> work) throws LedgerUnavailable {
                return vendor.isOneWriter() ? onWriter(work) : reader.ask(c -> inOne(c, work));
            }
        };
    }

    private static Nodes.Transactions nodeTransactions(EventOutbox.Transactions transactions) {
        return new Nodes.Transactions() {
            @Override
            public <T> T write(Nodes.Work<T> work) throws LedgerUnavailable {
                return transactions.write(work::run);
            }
        };
    }

    private <T> T onWriter(EventOutbox.Work<T> work) throws LedgerUnavailable {
        return await(
                queue.perform(writer -> {
                    writer.lock(); // what is read first may be old by the time it is written
                    T result = work.run(writer.connection());
                    writer.connection().commit();
                    return result;
                }));
    }

    private static <T> T inOne(Connection connection, EventOutbox.Work<T> work)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private <T> CompletableFuture<T> timed(CompletableFuture<T> answer) {
        long millis = settings.limits().commitTimeout().toMillis();
        return answer.orTimeout(millis, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    Throwable cause = LedgerUnavailable.cause(failure);
                    return CompletableFuture.failedFuture(
                            cause instanceof TimeoutException
                                    ? new LedgerUnavailable(
                                            LedgerUnavailable.Reason.TIMED_OUT,
                                            "not durable within "
                                                    + settings.limits().commitTimeout())
                                    : cause);
                });
    }

    private static <T> T await(CompletionStage<T> stage) throws LedgerUnavailable {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = LedgerUnavailable.cause(e);
            if (cause instanceof LedgerUnavailable unavailable) {
                throw unavailable;
            }
            if (cause instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.TIMED_OUT, "interrupted while waiting", e);
        }
    }

    /** That could have a standby. */
    private static int servers(LedgerSettings settings) {
        return Vendor.of(settings).isOneWriter() ? 0 : ServerAddresses.count(settings.url());
    }

    private static HikariDataSource pool(LedgerSettings settings, DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("ledger-readers");
        config.setMaximumPoolSize(LogReader.CONNECTIONS);
        config.setMinimumIdle(0);
        long millis = Math.max(500, settings.limits().commitTimeout().toMillis());
        config.setConnectionTimeout(millis);
        // A server that does not answer any more is found out before that, not after.
        config.setValidationTimeout(millis / 2);
        config.setInitializationFailTimeout(-1);
        Vendor.of(settings).endingStopped().ifPresent(config::setConnectionInitSql);
        return new HikariDataSource(config);
    }

    static byte[] salt() {
        byte[] salt = new byte[Sealer.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salt;
    }
}
