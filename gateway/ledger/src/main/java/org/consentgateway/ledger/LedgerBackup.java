package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.LedgerTorn;

/**
 * A copy of a SQLite store in a directory of its own, made beside a running gateway, and put back.
 * The secret keys are not in it: whoever has both can read all. PostgreSQL has its own tools.
 */
public final class LedgerBackup {
    private static final String DATABASE = "ledger.db";
    private static final String MANIFEST = "backup.json";
    private static final String CHECKPOINTS = "checkpoints";

    /** Behind the name of a database and of a log. */
    private static final String LOCK = ".lock";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As in file names. */
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private LedgerBackup() {}

    /**
     * Copies, and verifies the copy.
     *
     * @param directory that is not there yet, or empty
     * @param progress told how many entries are verified
     */
    public static Verification take(
            LedgerSettings settings, Path directory, Instant now, LongConsumer progress)
            throws IOException {
        requireSqlite(settings, "pg_dump --format=custom --file=FILE DATABASE");
        if (Files.exists(directory) && !isEmpty(directory)) {
            throw new IOException(
                    directory + " is not empty: each backup has a directory of its own");
        }
        DurableFile.directory(directory, "rwx------");
        Path checkpoints = directory.resolve(CHECKPOINTS);
        DurableFile.directory(checkpoints, "rwx------");
        // Before the store: none of them covers more than the copy then.
        for (Path file : newest(settings.checkpoints().exports())) {
            DurableFile.publish(checkpoints.resolve(file.getFileName()), Files.readAllBytes(file));
        }
        Path database = directory.resolve(DATABASE);
        copy(settings, database);
        LedgerSettings copied =
                settings.withUrl("jdbc:sqlite:" + database).withExports(checkpoints);
        Verification verification = LedgerArchive.open(copied).verify(List.of(), progress);
        DurableFile.publish(
                directory.resolve(MANIFEST),
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(manifest(verification, database, now)));
        return verification;
    }

    private static void copy(LedgerSettings settings, Path database) throws IOException {
        // Else it would be everybody's while it is written.
        DurableFile.reserve(database);
        try (Connection connection = Vendor.of(settings).open(settings, true).getConnection();
                Statement statement = connection.createStatement()) {
            Tables.requireKnown(connection);
            statement.execute(
                    "VACUUM INTO '"
                            + database.toAbsolutePath().toString().replace("'", "''")
                            + "'");
        } catch (SQLException | LedgerTorn e) {
            throw new IOException("the store cannot be copied: " + e.getMessage(), e);
        }
        DurableFile.keepToOwner(database);
    }

    private static List<Path> newest(Path exports) throws IOException {
        if (!Files.isDirectory(exports)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(exports)) {
            return files.filter(file -> file.toString().endsWith(".checkpoint")).toList();
        }
    }

    private static ObjectNode manifest(Verification verification, Path database, Instant now)
            throws IOException {
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("backup", "consent-gateway/1").put("taken_at", now.toString());
        manifest.put("sha256", sha256(database));
        manifest.put("verified", verification.passed());
        for (Verification.CheckedLog log : verification.logs()) {
            manifest.withArray("logs")
                    .addObject()
                    .put("log", log.log())
                    .put("entries", log.entries());
        }
        return manifest;
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Digests.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * What was put back.
     *
     * @param takenAt when the backup was made
     * @param aside where the store went that was there; empty where there was none
     */
    public record Restored(String takenAt, Optional<Path> aside) {}

    /**
     * Puts a backup in place of the store, which stays beside it under another name.
     *
     * @throws IOException where a gateway is running, or it is no whole backup
     */
    public static Restored restore(LedgerSettings settings, Path directory, Instant now)
            throws IOException {
        requireSqlite(settings, "pg_restore --clean --if-exists --dbname=DATABASE FILE");
        Path database = directory.resolve(DATABASE);
        JsonNode manifest = JSON.readTree(Files.readAllBytes(directory.resolve(MANIFEST)));
        if (!manifest.path("sha256").asText().equals(sha256(database))) {
            throw new IOException(
                    database
                            + " is not what was backed up: its SHA-256 is not that of "
                            + MANIFEST);
        }
        requireKnown(settings.withUrl("jdbc:sqlite:" + database));
        Path target = Vendor.file(settings).toAbsolutePath();
        Path parent = Optional.ofNullable(target.getParent()).orElse(Path.of("/"));
        DurableFile.directory(parent, "rwx------");
        try (Claims _ = Claims.of(settings, target)) {
            Path arriving = parent.resolve(target.getFileName() + ".restoring");
            arrive(database, arriving);
            Optional<Path> aside = replace(target, arriving, now);
            DurableFile.force(parent);
            return new Restored(manifest.path("taken_at").asText(), aside);
        }
    }

    /** Whole, and on the disk, before anything is done to the store that is there. */
    private static void arrive(Path database, Path arriving) throws IOException {
        try {
            Files.copy(database, arriving, StandardCopyOption.REPLACE_EXISTING);
            DurableFile.keepToOwner(arriving);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(arriving); // a full disk has its room again
            } catch (IOException stays) {
                e.addSuppressed(stays);
            }
            throw new IOException(
                    "the backup cannot be copied to "
                            + arriving
                            + ", and the store stays as it is: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * @return where the store went that was there
     */
    private static Optional<Path> replace(Path database, Path arriving, Instant now)
            throws IOException {
        Path aside = Path.of(database + ".before-restore-" + STAMP.format(now));
        try {
            boolean moved = isMoved(database, aside);
            Files.move(arriving, database, StandardCopyOption.ATOMIC_MOVE);
            return moved ? Optional.of(aside) : Optional.empty();
        } catch (IOException e) {
            throw new IOException(
                    "not restored, restore again: the store before is "
                            + (Files.exists(database) ? database : aside)
                            + " ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /**
     * With its write-ahead log, which may hold what the file does not. What a restore that was
     * killed has left of one goes as well: SQLite would read it as that of the backup.
     *
     * @return whether there was any
     */
    private static boolean isMoved(Path database, Path aside) throws IOException {
        boolean moved = false;
        for (String part : List.of("", "-wal", "-shm")) {
            Path file = Path.of(database + part);
            if (Files.exists(file)) {
                Files.move(file, Path.of(aside + part), StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            }
        }
        return moved;
    }

    /** The locks of all that write to a database, until closed. */
    private record Claims(List<FileChannel> channels) implements AutoCloseable {
        static Claims of(LedgerSettings settings, Path database) throws IOException {
            String name = database.getFileName() + ".";
            var claims = new Claims(new ArrayList<>());
            var files = new TreeSet<Path>();
            files.add(Path.of(database + "." + settings.newestLog().node() + LOCK));
            try (Stream<Path> all =
                    Files.list(Optional.ofNullable(database.getParent()).orElse(Path.of("/")))) {
                all.filter(file -> file.getFileName().toString().startsWith(name))
                        .filter(file -> file.toString().endsWith(LOCK))
                        .forEach(files::add);
            }
            for (Path file : files) {
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                claims.channels.add(channel);
                if (!isLocked(channel)) {
                    claims.close();
                    throw new IOException(
                            "a gateway or a command writes to the store ("
                                    + file
                                    + "): stop it first");
                }
            }
            return claims;
        }

        private static boolean isLocked(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                return false;
            }
        }

        /** The system drops a lock with its channel. */
        @Override
        public void close() throws IOException {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static void requireSqlite(LedgerSettings settings, String instead) throws IOException {
        if (Vendor.of(settings) != Vendor.SQLITE) {
            throw new IOException(
                    "a PostgreSQL store is backed up and restored with its own tools: " + instead);
        }
    }

    private static void requireKnown(LedgerSettings settings) throws IOException {
        try (Connection connection = Vendor.of(settings).open(settings, true).getConnection()) {
            Tables.requireKnown(connection);
            Log.all(connection);
        } catch (SQLException | LedgerTorn e) {
            throw new IOException("the backup cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }
}
