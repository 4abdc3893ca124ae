package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.tiles.TileExport;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Keeps the logs of one node as static files (C2SP tlog-tiles) beside a running
 * gateway, some at a time: a snapshot that is held for long would keep erased rows in the store.
 * Other nodes publish theirs, so several may have one directory.
 */
public final class TilePublishing {
    /** Some 25,000 entries: a second or less. */
    private static final int BUNDLES = 100;

    private final LedgerSettings settings;
    private final Path directory;
    private final InstantSource clock;
    private final int bundles;

    /** By log, up to where it was filled ahead of the next checkpoint. */
    private final Map<String, Long> filled = new HashMap<>();

    private volatile @Nullable Instant wholeAt;
    private volatile long entries;

    public TilePublishing(LedgerSettings settings, Path directory, InstantSource clock) {
        this(settings, directory, clock, BUNDLES);
    }

    /**
     * @param bundles of 256 entries in one step
     */
    TilePublishing(LedgerSettings settings, Path directory, InstantSource clock, int bundles) {
        this.settings = settings;
        this.directory = directory;
        this.clock = clock;
        this.bundles = bundles;
    }

    /**
     * Writes some of what is new.
     *
     * @return whether all that can be published is
     * @throws IOException where it cannot be written, or what is there is not of these logs
     */
    public synchronized boolean step() throws IOException {
        Instant now = clock.instant();
        LedgerArchive archive = LedgerArchive.open(settings);
        boolean whole = archive.asOfNow(connection -> step(connection, archive));
        if (whole) {
            wholeAt = now;
        }
        return whole;
    }

    private boolean step(Connection connection, LedgerArchive archive)
            throws SQLException, IOException {
        boolean whole = true;
        long published = 0;
        for (Log log : Log.all(connection)) {
            if (LogNames.node(log.node()).equals(LogNames.node(settings.node()))) {
                var export =
                        new TileExport(connection, log, directory.resolve(log.node()))
                                .reading(archive.bundles());
                Optional<String> note = archive.toPublish(connection, log, export.size());
                if (note.isPresent() && !note.get().equals(export.note())) {
                    whole &= write(export, log.node(), note.get());
                }
                published += export.size();
            }
        }
        entries = published;
        return whole;
    }

    /**
     * @return whether it came to its end
     */
    private boolean write(TileExport export, String log, String note)
            throws SQLException, IOException {
        long there = export.size() / TileExport.WIDTH * TileExport.WIDTH;
        long before = Math.max(there, filled.getOrDefault(log, 0L));
        long now = export.fill(note, before, bundles);
        filled.put(log, now);
        if (now - before >= (long) bundles * TileExport.WIDTH) {
            return false; // there may be more
        }
        long _ = export.ahead(now).write(note);
        filled.remove(log);
        return true;
    }

    /** When it last began to write what then was all; null where it never was. */
    public @Nullable Instant wholeAt() {
        return wholeAt;
    }

    /** That the files have, of all logs of this node. */
    public long entries() {
        return entries;
    }
}
