package org.consentgateway.ledger.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. The newest checkpoint of a log in the store.
 *
 * @param size how many entries it covers; 0 before the first
 * @param key hash of the key that signed it
 */
public record NewestCheckpoint(long size, @Nullable Instant at, @Nullable String key) {

    static final String RESUME = "scripts/gateway ledger resume --after-restore";

    private record Stored(String note, Instant at) {}

    /**
     * It, and the newest one exported, must be of this very log.
     *
     * @throws LedgerTorn where one is not
     */
    static NewestCheckpoint check(Connection connection, Log log, LedgerSettings settings)
            throws SQLException {
        Optional<Stored> stored =
                Rows.first(
                        connection,
                        "SELECT note, time_ms FROM ledger_checkpoint WHERE log = ?"
                                + " ORDER BY size DESC LIMIT 1",
                        row -> new Stored(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                        log.id());
        NewestCheckpoint newest = new NewestCheckpoint(0, null, null);
        if (stored.isPresent()) {
            String note = stored.get().note();
            requireOurs(note, log, settings);
            newest =
                    new NewestCheckpoint(
                            sizeOf(note, "its newest checkpoint", connection, log),
                            stored.get().at(),
                            SignedNote.parse(note)
                                    .map(signed -> signed.signatures().getFirst().hash())
                                    .orElse(null));
        }
        boolean outside = holds(outside(settings), connection, log);
        if (!outside && StoredCheckpoints.count(connection, log) > 1) {
            throw new LedgerTorn(
                    "neither "
                            + Exports.newest(settings)
                            + " nor "
                            + Exports.besideKeys(settings)
                            + " is here: nobody can tell whether the store is an old backup. Put"
                            + " one of them back; where both are lost: "
                            + RESUME);
        }
        return newest;
    }

    /**
     * A log that others write must hold what is kept of it outside of the store.
     *
     * @param settings of that log
     * @throws LedgerTorn where it does not
     */
    public static void requireHeld(DataSource source, LedgerSettings settings) throws SQLException {
        // First, for it may be written meanwhile: what is outside is in the store already.
        Map<Path, String> outside = outside(settings);
        try (Connection connection = source.getConnection()) {
            Log none = new Log(0, settings.node(), settings.logOrigin(), 0, Header.noLeaf(), 0);
            boolean _ =
                    holds(
                            outside,
                            connection,
                            Log.ofNode(connection, settings.node()).orElse(none));
        }
    }

    /** By file; without those that are not there. */
    private static Map<Path, String> outside(LedgerSettings settings) throws SQLException {
        Map<Path, String> notes = new LinkedHashMap<>();
        for (Path kept : List.of(Exports.newest(settings), Exports.besideKeys(settings))) {
            try {
                if (Files.isReadable(kept)) {
                    notes.put(kept, Files.readString(kept, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new SQLException("cannot read " + kept, e);
            }
        }
        return notes;
    }

    /** Whether there are any, and then they are of this log. */
    private static boolean holds(Map<Path, String> outside, Connection connection, Log log)
            throws SQLException {
        boolean any = false;
        for (Map.Entry<Path, String> kept : outside.entrySet()) {
            String what = "the exported checkpoint " + kept.getKey();
            any |= sizeOf(kept.getValue(), what, connection, log) > 0;
        }
        return any;
    }

    /**
     * Whoever signs on has to know the key that signed last: else the database is another
     * installation's, or the keys were lost and new ones made.
     */
    private static void requireOurs(String note, Log log, LedgerSettings settings)
            throws SQLException {
        try {
            List<VerifierKey> known =
                    KeyFiles.verifiers(settings.keys().resolve("verifier.keys")).stream()
                            .filter(key -> key.name().equals(log.origin()))
                            .toList();
            boolean ours =
                    SignedNote.parse(note)
                            .filter(one -> one.verify(known) instanceof SignedNote.Verdict.Verified)
                            .isPresent();
            if (!ours) {
                throw new LedgerTorn(
                        "the newest checkpoint of "
                                + log.origin()
                                + " is signed by no key in "
                                + settings.keys()
                                + ": it is another installation's database, or its keys were lost:"
                                + " restore them from their backup");
            }
        } catch (IOException e) {
            throw new SQLException("cannot read the keys in " + settings.keys(), e);
        }
    }

    private static long sizeOf(String text, String what, Connection connection, Log log)
            throws SQLException {
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
                            + ": entries were cut off, or an old backup was restored. If you have"
                            + " restored one: "
                            + RESUME);
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
}
