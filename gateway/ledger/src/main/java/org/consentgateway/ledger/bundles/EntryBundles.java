package org.consentgateway.ledger.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;

/**
 * Thread-safe. The files of an archive: below its directory a folder for each log, with bundles of
 * 256 entries (C2SP tlog-tiles). Reads what is full, and believes none of it.
 *
 * @param directory with a folder for each log
 */
public record EntryBundles(Path directory) {
    private static final int LENGTH_OCTETS = 2;

    public Path folder(Log log) {
        return directory.resolve(log.node());
    }

    /** Where a bundle is. */
    public Path file(Log log, long bundle) {
        return TilePath.of(folder(log), TilePath.ENTRIES, bundle, TilePath.WIDTH);
    }

    /** Where the leaves of a bundle are. */
    public Path tile(Log log, long bundle) {
        return TilePath.of(folder(log), "0", bundle, TilePath.WIDTH);
    }

    /**
     * What each of the 256 leaves hashes.
     *
     * @throws IOException where the file is missing, cut, or cannot be read; says which
     */
    public List<byte[]> entries(Log log, long bundle) throws IOException {
        Path file = file(log, bundle);
        byte[] octets;
        try {
            octets = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is missing", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e, e);
        }
        List<byte[]> entries = split(octets, TilePath.WIDTH);
        if (entries.size() != TilePath.WIDTH) {
            throw new IOException(file + " does not hold " + TilePath.WIDTH + " entries");
        }
        return entries;
    }

    /** The leaf hashes of entries, one after the other: what a tile of level 0 holds. */
    public static byte[] leaves(List<byte[]> entries) {
        byte[] leaves = new byte[entries.size() * Digests.BYTES];
        for (int i = 0; i < entries.size(); i++) {
            System.arraycopy(
                    Merkle.leaf(entries.get(i)), 0, leaves, i * Digests.BYTES, Digests.BYTES);
        }
        return leaves;
    }

    /** The octets of each, without their lengths; fewer than wanted where they are cut. */
    public static List<byte[]> split(byte[] all, int width) {
        List<byte[]> entries = new ArrayList<>();
        int at = 0;
        while (at + LENGTH_OCTETS <= all.length && entries.size() < width) {
            int length = Byte.toUnsignedInt(all[at]) << 8 | Byte.toUnsignedInt(all[at + 1]);
            at += LENGTH_OCTETS;
            if (at + length > all.length) {
                return entries;
            }
            entries.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return at == all.length ? entries : List.of();
    }
}
