package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.archive.NoticeConflict;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.PayloadKeys;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.LogVerifier;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tally.Tallies;
import org.consentgateway.ledger.tiles.ConsistencyProof;
import org.consentgateway.ledger.tiles.TileExport;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A log opened for reading only: beside a running gateway, or a copy of its store.
 * Writes nothing and claims nothing.
 */
public final class LedgerArchive {
    private final LedgerSettings settings;
    private final DataSource source;
    private final @Nullable Sealer sealer;
    private final List<VerifierKey> verifiers;
    private final @Nullable Path exports;
    private final LogReader reader;

    private LedgerArchive(
            LedgerSettings settings,
            DataSource source,
            @Nullable PayloadKeys payloadKeys,
            List<VerifierKey> verifiers,
            @Nullable Path exports) {
        this.settings = settings;
        this.source = source;
        this.sealer = payloadKeys == null ? null : new Sealer(payloadKeys);
        this.verifiers = verifiers;
        this.exports = exports;
        this.reader =
                new LogReader(
                        source, sealer == null ? new Sealer(PayloadKeys.NONE) : sealer, () -> true);
    }

    /**
     * @throws IOException where store or public keys cannot be read; missing secret keys are no
     *     error, payloads then stay closed
     */
    public static LedgerArchive open(LedgerSettings settings) throws IOException {
        DataSource source = source(settings);
        Optional<PayloadKeys> payloadKeys = PayloadKeyFile.readable(settings.keys());
        return new LedgerArchive(
                settings,
                source,
                payloadKeys.orElse(null),
                KeyFiles.verifiers(settings.keys().resolve("verifier.keys")),
                settings.checkpoints().exports());
    }

    /**
     * For an auditor, who has public keys alone and says which checkpoints were kept.
     *
     * @param url as in {@link LedgerSettings}
     * @param policy which witnesses have to have seen the log
     * @param archive of entries that have no row any more; null where it is not here
     * @throws IOException where the store cannot be read
     */
    static LedgerArchive ofAuditor(
            String url, List<VerifierKey> verifiers, TrustPolicy policy, @Nullable Path archive)
            throws IOException {
        Path unused = Path.of("");
        LedgerSettings settings =
                new LedgerSettings(
                                url,
                                unused,
                                "auditor",
                                "auditor",
                                new LedgerSettings.Checkpoints(
                                        1, Duration.ofDays(1), unused, policy),
                                LedgerSettings.Limits.USUAL)
                        .withArchive(archive);
        return new LedgerArchive(settings, source(settings), null, verifiers, null);
    }

    private static DataSource source(LedgerSettings settings) throws IOException {
        try {
            DataSource source = Vendor.of(settings).open(settings, true);
            try (Connection connection = source.getConnection()) {
                Tables.requireKnown(connection);
                Log.all(connection);
            }
            return source;
        } catch (SQLException | LedgerTorn e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    public LogReader reader() {
        return reader;
    }

    /**
     * @throws IOException where the pseudonym keys are not here
     */
    public Pseudonyms pseudonyms() throws IOException {
        return new Pseudonyms(KeyFiles.pseudonymKeys(settings.keys()));
    }

    /**
     * Where no checkpoint covers the entry yet, one is signed for the receipt with the log's key,
     * if it lies here.
     *
     * @throws Receipt.NoSuchEntry where there is no such entry
     * @throws IOException where it cannot be read or proved
     */
    public Receipt receipt(UUID id) throws IOException {
        return receipt(id, null);
    }

    /**
     * The same, of what stood in the log then: where more was written about it since, the receipt
     * does not say what became of it, and makes no statement.
     *
     * @param until null for all
     */
    public Receipt receipt(UUID id, @Nullable Instant until) throws IOException {
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).snapshot(connection);
            Sealer opening = sealer == null ? new Sealer(PayloadKeys.NONE) : sealer;
            Receipt receipt = Receipt.make(connection, id, opening, signing(), until);
            connection.rollback();
            return receipt.withKeys(verifiers);
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /**
     * That a log has only grown from one of its sizes to a checkpoint.
     *
     * @param node whose log
     * @param to entries that the checkpoint covers; null for the newest
     * @throws IOException where there is no such log or checkpoint
     */
    public ConsistencyProof grown(String node, long from, @Nullable Long to) throws IOException {
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).snapshot(connection);
            Log log =
                    Log.ofNode(connection, node)
                            .orElseThrow(() -> new IOException("no log of a node " + node));
            ConsistencyProof proof = ConsistencyProof.of(connection, log, from, to, signing());
            connection.rollback();
            return proof;
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /**
     * What was written of one log.
     *
     * @param entries that are there now
     * @param files that were new
     */
    public record Published(String log, long entries, long files) {}

    /**
     * Writes every log as static files below a folder of its node (C2SP tlog-tiles), up to its
     * newest checkpoint that is witnessed, where one is that covers what is there; of what is there
     * already only what is new.
     *
     * @throws IOException where it cannot be written, or what is there is not of these logs
     */
    public List<Published> publish(Path directory) throws IOException {
        return asOfNow(connection -> {
            List<Published> published = new ArrayList<>();
            for (Log log : Log.all(connection)) {
                var export =
                        new TileExport(connection, log, directory.resolve(log.node()))
                                .reading(bundles());
                Optional<String> note = toPublish(connection, log, export.size());
                if (note.isPresent()) {
                    long files = export.write(note.get());
                    published.add(new Published(log.origin(), export.size(), files));
                }
            }
            return List.copyOf(published);
        });
    }

    /**
     * @param there entries that are published already
     * @return empty where nothing is signed yet, or what a restore has taken from an ended log
     *     stands published
     */
    Optional<String> toPublish(Connection connection, Log log, long there) throws SQLException {
        if (there > log.size() && Log.ofNode(connection, LogNames.next(log.node())).isPresent()) {
            return Optional.empty();
        }
        long least = // what is there may be more than what is here, which is refused
                Math.min(there, StoredCheckpoints.newestSize(connection, log));
        return signing().choose(StoredCheckpoints.last(connection, log, least));
    }

    /** Of one log, into the archive. */
    TileExport export(Connection connection, Log log) {
        EntryBundles bundles = Objects.requireNonNull(bundles());
        return new TileExport(connection, log, bundles.folder(log)).reading(bundles);
    }

    /** Null where none is configured. */
    @Nullable EntryBundles bundles() {
        Path directory = settings.archive();
        return directory == null ? null : new EntryBundles(directory);
    }

    Receipt.Signing signing() {
        return new Receipt.Signing() {
            @Override
            public Optional<EntryBundles> archive() {
                return Optional.ofNullable(bundles());
            }

            @Override
            public Optional<SigningKey> key(Log log) {
                return KeyFiles.signingKey(settings.keys(), log.node());
            }

            @Override
            public boolean isWitnessed(String note) {
                return SignedNote.parse(note)
                        .filter(one -> settings.checkpoints().policy().judge(one).enough())
                        .isPresent();
            }

            // What no key here can check is not doubted: others may have it.
            @Override
            public boolean believes(String note) {
                SignedNote signed = SignedNote.parse(note).orElse(null);
                long size =
                        signed == null
                                ? 0
                                : Checkpoint.parse(signed.text()).map(Checkpoint::size).orElse(0L);
                return signed == null
                        || !(signed.verify(verifiers, size, null)
                                instanceof SignedNote.Verdict.NotBelieved);
            }
        };
    }

    /** Every notice that was ever spoken, the oldest first. */
    public List<KnownNotice> notices() throws IOException {
        return ask(connection ->
                NoticeArchive.isIn(connection) ? NoticeArchive.all(connection) : List.of());
    }

    /**
     * Those that were spoken under their names with other words, another sound or on other terms.
     * Asks the store alone, so that whoever may not read the keys can ask, too.
     *
     * @throws IOException where the store cannot be read
     */
    public static List<NoticeConflict> conflicts(
            LedgerSettings settings, List<ArchivedNotice> notices) throws IOException {
        try (Connection connection = source(settings).getConnection()) {
            List<NoticeConflict> conflicts = new ArrayList<>();
            if (NoticeArchive.isIn(connection)) {
                for (ArchivedNotice notice : notices) {
                    NoticeArchive.conflict(connection, notice).ifPresent(conflicts::add);
                }
            }
            return conflicts;
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /**
     * @param textSha256 as records name it
     * @return empty where no such text is here
     */
    public Optional<NoticeWords> words(String textSha256) throws IOException {
        return ask(connection ->
                NoticeArchive.isIn(connection)
                        ? NoticeArchive.words(connection, textSha256)
                        : Optional.empty());
    }

    /** Part to A-law octets at 8 kHz. */
    public SortedMap<String, byte[]> sounds(KnownNotice notice) throws IOException {
        return ask(connection -> NoticeArchive.sounds(connection, notice));
    }

    /**
     * How often what has happened, and up to where that was counted, as of one moment.
     *
     * @param to the first day that is not wanted, in UTC
     */
    public Tallies.Found tallies(LocalDate from, LocalDate to) throws IOException {
        return ask(connection -> {
            Vendor.of(settings).snapshot(connection);
            Tallies.Found found = Tallies.between(connection, from, to);
            connection.rollback();
            return found;
        });
    }

    /** As of one moment. */
    <T> T asOfNow(StoreQuery<T> question) throws IOException {
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).snapshot(connection);
            T answer = question.ask(connection);
            connection.rollback();
            return answer;
        } catch (SQLException | LedgerTorn e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /** Something that is asked of the store and done elsewhere. */
    @FunctionalInterface
    interface StoreQuery<T> {
        T ask(Connection connection) throws SQLException, IOException;
    }

    private <T> T ask(LogReader.Query<T> question) throws IOException {
        try (Connection connection = source.getConnection()) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /**
     * When an entry loses its content.
     *
     * @param due by its own retention
     * @param goes not before what it refers to, what was relied on, or the consent of its call
     */
    public record Planned(UUID id, String type, Instant due, Instant goes) {}

    /** The soonest first. */
    public List<Planned> retention() throws IOException {
        return ask(RetentionPlan::of);
    }

    /** Entries in the order of their times, some at a time. */
    public void each(Listing.Wanted wanted, Listing.Taker taker)
            throws IOException, LedgerUnavailable {
        try (Connection connection = source.getConnection()) {
            new Listing(connection, wanted, reader).each(taker);
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    /** Where it is the operator's own, its witnesses may have been asked for the first time now. */
    private LogVerifier.Trust trust() {
        return new LogVerifier.Trust(verifiers, settings.checkpoints().policy(), exports == null);
    }

    /** Every log there is, in the order in which they came. */
    public List<LogOverview> logs() throws IOException {
        return ask(connection -> {
            Vendor.of(settings).snapshot(connection);
            List<LogOverview> all = new ArrayList<>();
            for (Log log : Log.all(connection)) {
                all.add(
                        LogOverview.of(
                                connection, log, verifiers, settings.checkpoints().policy()));
            }
            connection.rollback();
            return List.copyOf(all);
        });
    }

    /** Nobody can count where the key of it is not here: an auditor, say. */
    private @Nullable Pseudonyms counts() throws IOException {
        return Files.isReadable(settings.keys().resolve("pseudonym.keys")) ? pseudonyms() : null;
    }

    /** Whose cosignatures are needed under checkpoints. */
    public TrustPolicy policy() {
        return settings.checkpoints().policy();
    }

    /** Entries of all logs. */
    public long size() throws IOException {
        return ask(connection -> Log.all(connection).stream().mapToLong(Log::size).sum());
    }

    /**
     * Checks everything, as of one moment, also while a gateway writes.
     *
     * @param checkpoints more checkpoint files to hold the log against, besides the exported ones
     * @param progress told how many entries are done
     * @throws IOException where the store cannot be read
     */
    public Verification verify(List<Path> checkpoints, LongConsumer progress) throws IOException {
        Map<String, String> exported = new LinkedHashMap<>();
        if (exports != null) {
            exported.putAll(Exports.texts(exports));
        }
        for (Path file : checkpoints) {
            exported.put(file.toString(), Files.readString(file));
        }
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).snapshot(connection);
            Vendor.of(settings).prepareVerifying(connection);
            LogVerifier verifier =
                    new LogVerifier(connection, trust(), sealer, exported, progress)
                            .reading(bundles())
                            .counting(counts());
            Verification verification = verifier.verify();
            connection.rollback();
            return verification;
        } catch (SQLException e) {
            throw new IOException("cannot read the ledger: " + e.getMessage(), e);
        }
    }
}
