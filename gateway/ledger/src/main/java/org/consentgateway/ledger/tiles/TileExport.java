package org.consentgateway.ledger.tiles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.bundles.EntrySearch;
import org.consentgateway.ledger.bundles.TilePath;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Proofs;
import org.consentgateway.ledger.tree.SignedNote;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one run. Writes a log as static files (C2SP tlog-tiles), and of a folder that is
 * there only what is new: full tiles never change. The checkpoint comes last, so whoever reads
 * meanwhile finds all that it needs.
 */
public final class TileExport {
    /** Entries of one full bundle. */
    public static final int WIDTH = TilePath.WIDTH;

    /** More levels than 2^63 leaves have. */
    private static final int MAX_LEVEL = 7;

    private final Connection connection;
    private final Log log;
    private final Path folder;
    private long files;

    private @Nullable EntryBundles archive;

    /** Up to here all that is full was written before, ahead of a checkpoint. */
    private long ahead;

    /**
     * @param folder of this log alone
     */
    public TileExport(Connection connection, Log log, Path folder) {
        this.connection = connection;
        this.log = log;
        this.folder = folder;
    }

    /**
     * @param bundles of entries that have no row any more; null where there are none
     */
    public TileExport reading(@Nullable EntryBundles bundles) {
        this.archive = bundles;
        return this;
    }

    /**
     * @param note signed, of this log
     * @return how many files were written
     * @throws IOException where it cannot be written, or what stands there already is not of this
     *     log as it is now
     */
    public long write(String note) throws SQLException, IOException {
        Checkpoint checkpoint = checkpoint(note);
        try (FileChannel _ = locked()) {
            long before = published(checkpoint);
            grow(before, checkpoint.size());
            DurableFile.publish(
                    folder.resolve(TilePath.CHECKPOINT), note.getBytes(StandardCharsets.UTF_8));
            removePartials(before, checkpoint.size());
        }
        return files + 1;
    }

    /**
     * Some of what the checkpoint needs, before it: full tiles and bundles of entries, which nobody
     * is told of yet.
     *
     * @param done what this returned before in the same process; else 0
     * @param most bundles at once
     * @return up to which entry they are there now; with it {@link #ahead} leaves them out
     */
    public long fill(String note, long done, int most) throws SQLException, IOException {
        Checkpoint checkpoint = checkpoint(note);
        try (FileChannel _ = locked()) {
            Proofs.Hashes hashes = Log.hashes(connection, log.id());
            long full = TilePath.WIDTH * (checkpoint.size() / TilePath.WIDTH);
            long there = TilePath.WIDTH * (published(checkpoint) / TilePath.WIDTH);
            long from = Math.max(there, isThere(done) ? done : 0);
            long to = Math.min(full, from + (long) most * TilePath.WIDTH);
            for (long at = from; at < to; at += TilePath.WIDTH) {
                leavesAndEntries(hashes, at, at + TilePath.WIDTH);
            }
            return Math.max(from, to);
        }
    }

    /** Somebody may have taken the folder away since. */
    private boolean isThere(long done) {
        long last = done / TilePath.WIDTH - 1;
        return last < 0
                || Files.exists(TilePath.of(folder, TilePath.ENTRIES, last, TilePath.WIDTH));
    }

    /**
     * @param filled by {@link #fill} of the same process
     */
    public TileExport ahead(long filled) {
        this.ahead = filled;
        return this;
    }

    /** The newest that is published here; empty where none is. */
    public String note() throws IOException {
        Path file = folder.resolve(TilePath.CHECKPOINT);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static Checkpoint checkpoint(String note) throws IOException {
        return SignedNote.parse(note)
                .flatMap(signed -> Checkpoint.parse(signed.text()))
                .orElseThrow(() -> new IOException("the checkpoint is damaged"));
    }

    /**
     * Of two who write, the slower would put an older checkpoint back, which readers take for a
     * forgery. Beside the folder: nobody shall be served it.
     */
    private FileChannel locked() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolveSibling("." + folder.getFileName() + ".lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // by another thread of this process
        }
        if (lock == null) {
            channel.close();
            throw new IOException("somebody else writes " + folder + " just now");
        }
        return channel;
    }

    /** Entries that the folder has; 0 where it is new, or its checkpoint is damaged. */
    public long size() throws IOException {
        Path file = folder.resolve(TilePath.CHECKPOINT);
        return Files.exists(file)
                ? SignedNote.parse(Files.readString(file))
                        .flatMap(signed -> Checkpoint.parse(signed.text()))
                        .map(Checkpoint::size)
                        .orElse(0L)
                : 0;
    }

    private void grow(long before, long size) throws SQLException, IOException {
        if (before >= size) {
            return;
        }
        Proofs.Hashes hashes = Log.hashes(connection, log.id());
        for (long at = TilePath.WIDTH * (Math.max(before, ahead) / TilePath.WIDTH);
                at < size;
                at += TilePath.WIDTH) {
            leavesAndEntries(hashes, at, Math.min(size, at + TilePath.WIDTH));
        }
        for (int level = 1; level <= MAX_LEVEL; level++) {
            long count = TilePath.count(size, level);
            long there = TilePath.count(before, level);
            for (long tile = there / TilePath.WIDTH;
                    there < count && tile * TilePath.WIDTH < count;
                    tile++) {
                long from = tile * TilePath.WIDTH;
                long to = Math.min(count, from + TilePath.WIDTH);
                tile(
                        Integer.toString(level),
                        tile,
                        to - from,
                        joined(hashes.at(level * 8, from, to)));
            }
        }
    }

    /** One tile of level 0, and the bundle of the same entries. */
    private void leavesAndEntries(Proofs.Hashes hashes, long from, long to)
            throws SQLException, IOException {
        long index = from / TilePath.WIDTH;
        tile("0", index, to - from, joined(hashes.at(0, from, to)));
        tile(TilePath.ENTRIES, index, to - from, entries(from, to));
    }

    /**
     * What full tiles have taken the place of, once nobody is sent there: only the last tile of
     * each level was not full.
     */
    private void removePartials(long before, long size) throws IOException {
        for (int level = 0; level <= MAX_LEVEL; level++) {
            long tile = TilePath.count(before, level) / TilePath.WIDTH;
            if (tile < TilePath.count(size, level) / TilePath.WIDTH) {
                remove(Integer.toString(level), tile);
                if (level == 0) {
                    remove(TilePath.ENTRIES, tile);
                }
            }
        }
    }

    /** Entries that the folder has; 0 where it is new. */
    private long published(Checkpoint now) throws SQLException, IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(TilePath.CHECKPOINT);
        if (!Files.exists(file)) {
            return 0;
        }
        Checkpoint there =
                SignedNote.parse(Files.readString(file))
                        .flatMap(signed -> Checkpoint.parse(signed.text()))
                        .orElseThrow(() -> new IOException(file + " is damaged: no signed note"));
        if (!there.origin().equals(log.origin())) {
            throw new IOException(file + " is of " + there.origin() + ", not of " + log.origin());
        }
        if (there.size() > now.size()) {
            throw new IOException(
                    file
                            + " covers "
                            + there.size()
                            + " entries, the newest checkpoint here "
                            + now.size()
                            + ": entries were cut off, or this is an old state of the log");
        }
        byte[] root = Log.proofs(connection, log.id()).root(there.size());
        if (!Arrays.equals(root, there.root())) {
            throw new IOException(
                    file
                            + " has another root: one of the first "
                            + there.size()
                            + " entries was changed after it was published");
        }
        return there.size();
    }

    private static byte[] joined(List<byte[]> hashes) {
        var all = new ByteArrayOutputStream();
        hashes.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** What is hashed, each with its length in two octets before it. */
    private byte[] entries(long from, long to) throws SQLException, IOException {
        var all = new ByteArrayOutputStream();
        List<StoredEntry> stored = StoredEntry.range(connection, log, from, to);
        EntryBundles bundles = archive;
        if (stored.size() != to - from && bundles != null) {
            EntrySearch.octets(connection, bundles, log, from / TilePath.WIDTH)
                    .subList(0, Math.toIntExact(to - from))
                    .forEach(octets -> add(all, octets));
            return all.toByteArray();
        }
        byte[] prev =
                from == 0
                        ? Header.noLeaf()
                        : Log.hashes(connection, log.id()).at(0, from - 1, from).stream()
                                .findFirst()
                                .orElseThrow(() -> new IOException("entry is missing"));
        for (StoredEntry entry : stored) {
            Header header = entry.header(log.origin(), prev);
            if (!Arrays.equals(header.leaf(), entry.leaf())) {
                throw new IOException(
                        "entry " + entry.index() + " of " + log.origin() + " was changed");
            }
            add(all, header.text().getBytes(StandardCharsets.UTF_8));
            prev = entry.leaf();
        }
        if (stored.size() != to - from) {
            throw new IOException("of the entries from " + from + " on one is missing");
        }
        return all.toByteArray();
    }

    private static void add(ByteArrayOutputStream all, byte[] octets) {
        all.write(octets.length >> 8);
        all.write(octets.length);
        all.writeBytes(octets);
    }

    private void tile(String level, long index, long width, byte[] octets) throws IOException {
        Path file = TilePath.of(folder, level, index, Math.toIntExact(width));
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(
                fresh,
                octets,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        files++;
    }

    private void remove(String level, long tile) throws IOException {
        Path partials = TilePath.partials(TilePath.of(folder, level, tile, TilePath.WIDTH));
        if (!Files.isDirectory(partials)) {
            return;
        }
        try (Stream<Path> old = Files.list(partials)) {
            for (Path one : old.toList()) {
                Files.delete(one);
            }
        }
        Files.delete(partials);
    }
}
