package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.statement.Archivals;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tiles.TileCheck;
import org.consentgateway.ledger.tiles.TileExport;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Confined to one command. Takes the rows of entries out of the store whose content was erased,
 * once they stand in files that fit a checkpoint of their log. First the files, then what the log
 * says of them, then rows, 256 entries in a commit: whoever is stopped in it leaves a store that is
 * right, and the same command goes on.
 */
public final class Archiving {
    /** Bundles of 256 entries in one step: a snapshot that is held for long keeps erased rows. */
    private static final int BUNDLES = 100;

    /** The end of a log, which is hashed again before it is written to, and one before it. */
    private static final int END = 257;

    /** As long as a person waits beside a gateway that writes. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Not allowed (SQLSTATE). */
    private static final String DENIED = "42501";

    /**
     * What is wanted.
     *
     * @param waiting a row goes when its content was found gone so long ago: until then whoever
     *     still writes about it finds that it is erased
     * @param step how far to go
     */
    public record Wanted(Duration waiting, Step step) {}

    /** How far to go. */
    public enum Step {
        /** Writes nothing. */
        COUNT,
        /** Files alone. */
        FILES,
        /** All of it. */
        TAKE
    }

    /**
     * Of one log.
     *
     * @param log by origin
     * @param size how many of its first entries stand in the archive and may go
     * @param erased of these have a row and no content
     * @param taken rows that are gone now
     * @param rest when rows of what is erased may go that are there still; empty where there are
     *     none
     */
    public record Outcome(String log, long size, long erased, long taken, Optional<Instant> rest) {}

    /** A log, and how much of it. */
    private record Part(Log log, long size) {}

    private final LedgerSettings settings;
    private final Wanted wanted;
    private final InstantSource clock;
    private final LongConsumer progress;
    private final EntryBundles files;
    private final DataSource source;

    private Archiving(
            LedgerSettings settings,
            Wanted wanted,
            InstantSource clock,
            LongConsumer progress,
            EntryBundles files,
            DataSource source) {
        this.settings = settings;
        this.wanted = wanted;
        this.clock = clock;
        this.progress = progress;
        this.files = files;
        this.source = source;
    }

    /**
     * May be run beside gateways.
     *
     * @param progress told how many entries were looked at
     * @throws IOException where files cannot be written, or are not what the store has and a log
     *     has signed: then nothing is taken away from then on
     */
    public static List<Outcome> run(
            LedgerSettings settings, Wanted wanted, InstantSource clock, LongConsumer progress)
            throws IOException {
        requireDirectory(settings);
        try {
            return run(
                    settings, wanted, clock, progress, Vendor.of(settings).open(settings, false));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Over a store of the tests, which may fail. */
    static List<Outcome> run(
            LedgerSettings settings,
            Wanted wanted,
            InstantSource clock,
            LongConsumer progress,
            DataSource source)
            throws IOException {
        Path directory = requireDirectory(settings);
        LedgerSettings patient = settings.withPatience(PATIENCE);
        try {
            return new Archiving(
                            patient, wanted, clock, progress, new EntryBundles(directory), source)
                    .run();
        } catch (LedgerClaimed e) {
            throw new IOException("another command is archiving: wait for it", e);
        } catch (SQLException e) {
            throw new IOException(
                    DENIED.equals(e.getSQLState())
                            ? "this account of the database may not take rows away: run it as the"
                                    + " owner of the tables (--url with user=consent_owner)"
                            : "the rest stays in the store: " + e.getMessage(),
                    e);
        } catch (LedgerTorn | LedgerUnavailable e) {
            throw new IOException("the rest stays in the store: " + e.getMessage(), e);
        }
    }

    private static Path requireDirectory(LedgerSettings settings) throws IOException {
        Path directory = settings.archive();
        if (directory == null) {
            throw new IOException(
                    "store.archive is not set: name the directory that is to hold what is taken"
                            + " out of the store");
        }
        return directory;
    }

    private List<Outcome> run() throws SQLException, IOException, LedgerUnavailable {
        Vendor vendor = Vendor.of(settings);
        if (wanted.step != Step.COUNT) {
            Schema.migrate(settings, source);
        }
        try (Connection connection = source.getConnection()) {
            vendor.prepareWriter(connection, settings.limits().commitTimeout());
            Vendor.Claim claim = vendor.claim(settings.withNode("archive"), connection);
            try {
                if (wanted.step == Step.TAKE) {
                    requireAllowed(connection);
                }
                List<Part> parts = new ArrayList<>();
                for (Log log : Log.all(connection)) {
                    long signed = wanted.step == Step.COUNT ? log.size() : write(log);
                    long most = Math.min(signed - 1, log.size() - END);
                    long size = Math.max(0, most) / Log.BUNDLE * Log.BUNDLE;
                    if (size > 0) {
                        parts.add(new Part(log, size));
                    }
                }
                if (wanted.step == Step.TAKE) {
                    tell(connection, parts);
                }
                return take(connection, parts);
            } finally {
                claim.release();
            }
        }
    }

    /** Said at once, not when the files of years are written. */
    private static void requireAllowed(Connection connection) throws SQLException {
        int _ = Rows.change(connection, "DELETE FROM ledger_entry WHERE log = -1 AND idx = -1");
    }

    // ------------------------------------------------------------------ files

    /**
     * Writes the files of a log and reads them back.
     *
     * @return how many entries they have, by a checkpoint that the log has signed
     */
    private long write(Log log) throws IOException {
        LedgerArchive store = LedgerArchive.open(settings);
        Path folder = files.folder(log);
        long filled = 0;
        for (long before = -1; filled != before; ) {
            before = filled;
            long from = filled;
            filled = store.asOfNow(connection -> fill(connection, store, log, from));
        }
        long ahead = filled;
        boolean there = store.asOfNow(connection -> finish(connection, store, log, ahead));
        if (!there) {
            return 0;
        }
        force(folder);
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
        Verification check =
                TileCheck.of(
                        folder,
                        keys,
                        settings.checkpoints().policy(),
                        Exports.texts(settings.checkpoints().exports()));
        if (!check.passed() || !check.isComplete()) {
            throw new IOException(
                    folder
                            + " is not what "
                            + log.origin()
                            + " has signed, so nothing is taken out of the store: "
                            + check.findings().getFirst().what());
        }
        return check.logs().getFirst().entries();
    }

    private static long fill(Connection connection, LedgerArchive store, Log log, long from)
            throws SQLException, IOException {
        TileExport export = store.export(connection, log);
        Optional<String> note = store.toPublish(connection, log, export.size());
        return note.isPresent() && !note.get().equals(export.note())
                ? export.fill(note.get(), from, BUNDLES)
                : from;
    }

    /**
     * @return whether there is a checkpoint to write
     */
    private static boolean finish(Connection connection, LedgerArchive store, Log log, long ahead)
            throws SQLException, IOException {
        TileExport export = store.export(connection, log);
        Optional<String> note = store.toPublish(connection, log, export.size());
        if (note.isEmpty()) {
            return false;
        }
        long _ = export.ahead(ahead).write(note.get());
        return true;
    }

    /** Files are on the disk when they are written; that they are there stands in directories. */
    private static void force(Path folder) throws IOException {
        List<Path> directories;
        try (Stream<Path> all = Files.walk(folder)) {
            directories = all.filter(Files::isDirectory).toList();
        }
        for (Path directory : directories) {
            DurableFile.force(directory);
        }
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            DurableFile.force(above);
        }
    }

    // ------------------------------------------------------------------ what a log says of it

    /** In the log of commands, under its next checkpoint when this returns. */
    private void tell(Connection connection, List<Part> parts)
            throws SQLException, IOException, LedgerUnavailable {
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
        List<ArchivalStatement> said = new ArrayList<>();
        for (Log log : Log.all(connection)) {
            said.addAll(Archivals.by(connection, log, keys).statements());
        }
        Map<String, Long> told = Archivals.sizes(said);
        List<Part> untold =
                parts.stream()
                        .filter(part -> part.size > told.getOrDefault(part.log.origin(), 0L))
                        .toList();
        if (untold.isEmpty()) {
            return;
        }
        try (Ledger ledger = Ledger.openBeside(settings, clock)) {
            for (Part part : untold) {
                byte[] root = Log.proofs(connection, part.log.id()).root(part.size);
                ledger.tellArchived(new Checkpoint(part.log.origin(), part.size, root));
            }
        }
    }

    // ------------------------------------------------------------------ rows

    private List<Outcome> take(Connection connection, List<Part> parts)
            throws SQLException, IOException {
        List<Outcome> outcomes = new ArrayList<>();
        connection.setAutoCommit(false);
        long done = 0;
        for (Part part : parts) {
            var taking = new BundleTaking(connection, part.log, files, clock.instant());
            long step = (long) BUNDLES * Log.BUNDLE;
            for (long from = 0; from < part.size; from += step) {
                long to = Math.min(part.size, from + step);
                Map<Long, Integer> bundles = new HashMap<>();
                taking.erased(from, to)
                        .forEach(i -> bundles.merge(i / Log.BUNDLE, 1, Math::addExact));
                connection.commit();
                if (wanted.step == Step.TAKE) {
                    for (long bundle : bundles.keySet().stream().sorted().toList()) {
                        taking.take(bundle, wanted.waiting);
                    }
                } else {
                    bundles.values().forEach(taking::count);
                }
                done += to - from;
                progress.accept(done);
            }
            outcomes.add(
                    new Outcome(
                            part.log.origin(),
                            part.size,
                            taking.seen(),
                            taking.taken(),
                            taking.rest()));
        }
        return List.copyOf(outcomes);
    }
}
