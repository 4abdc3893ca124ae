package org.consentgateway.ledger.bundles;

import java.nio.file.Path;

/** Where tiles are, below the folder of a log (C2SP tlog-tiles). */
public final class TilePath {
    /** Hashes in a full tile, and entries in a full bundle. */
    public static final int WIDTH = 256;

    /** What stands in the path of an entry bundle, where tiles have their level. */
    public static final String ENTRIES = "entries";

    public static final String CHECKPOINT = "checkpoint";

    private TilePath() {}

    /**
     * @param level "0", "1", … or {@link #ENTRIES}
     * @param width 1 to 256
     */
    public static Path of(Path log, String level, long index, int width) {
        Path full = log.resolve("tile").resolve(level).resolve(number(index));
        return width == WIDTH ? full : partials(full).resolve(Integer.toString(width));
    }

    /** The folder of those that were there before this one was full. */
    public static Path partials(Path full) {
        return full.resolveSibling(full.getFileName() + ".p");
    }

    /** In groups of three digits, all but the last with an x before them. */
    static String number(long index) {
        String path = String.format("%03d", index % 1000);
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path = String.format("x%03d/", rest % 1000) + path;
        }
        return path;
    }

    /** How many hashes of a level a tree of this size has. */
    public static long count(long size, int level) {
        return size >> (8 * level);
    }
}
