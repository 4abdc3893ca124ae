package org.consentgateway.ledger;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.EndingCode;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.jspecify.annotations.Nullable;

/** What somebody does who has a store, and perhaps its keys. The log has id 1, and 300 entries. */
final class Tampering {
    static final int ENTRIES = 300;

    /** Of the entry that is tampered with, a consent. */
    static final long AT = 17;

    /** Of a refusal. */
    static final long REFUSED = 21;

    /** Under the newest checkpoint but two. */
    static final long CUT = 280;

    private Tampering() {}

    static KeyFiles keys(LedgerSettings settings) throws Exception {
        return KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin());
    }

    static void flipPayloadByte(Connection connection, LedgerSettings settings)
            throws SQLException {
        byte[] sealed = sealed(connection);
        sealed[sealed.length / 2] ^= 1;
        Rows.change(connection, "UPDATE ledger_payload SET sealed = ? WHERE idx = 17", sealed);
    }

    /** To what it was before the withdrawal: who kept a copy of the row needs no key for that. */
    static void setCountBack(Connection connection, LedgerSettings settings) throws Exception {
        String id =
                Rows.first(
                                connection,
                                "SELECT entry_id FROM ledger_entry WHERE idx = ?",
                                row -> row.getString(1),
                                AT + 1)
                        .orElseThrow();
        Rows.change(
                connection,
                "UPDATE ledger_lookup SET endings = ? WHERE idx = ?",
                EndingCode.of(new Pseudonyms(KeyFiles.pseudonymKeys(settings.keys())), id, 0),
                AT + 1);
    }

    /** As only who has the payload key can. */
    static void mark(Connection connection, LedgerSettings settings) throws Exception {
        byte[] word = "erased".getBytes(StandardCharsets.UTF_8);
        Sealer.Sealed mark =
                new Sealer(keys(settings).payload())
                        .sealMark(
                                settings.logOrigin(),
                                AT,
                                new Sealer.Opened(new byte[Sealer.SALT_BYTES], word));
        Rows.change(
                connection,
                "INSERT INTO ledger_erased (log, idx, key_id, sealed) VALUES (1, ?, ?, ?)",
                AT,
                mark.keyId(),
                mark.bytes());
    }

    static void eraseUnsaid(Connection connection, LedgerSettings settings) throws Exception {
        mark(connection, settings);
        Rows.change(connection, "DELETE FROM ledger_payload WHERE idx = ?", AT);
        Rows.change(connection, "DELETE FROM ledger_lookup WHERE idx = ?", AT);
    }

    private static byte[] sealed(Connection connection) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT sealed FROM ledger_payload WHERE idx = ?",
                        row -> row.getBytes(1),
                        AT)
                .orElseThrow();
    }

    private static Sealer.Opened opened(Connection connection, LedgerSettings settings)
            throws Exception {
        Sealer sealer = new Sealer(keys(settings).payload());
        return sealer.open(
                        settings.logOrigin(), AT, sealer.keys().current().id(), sealed(connection))
                .orElseThrow();
    }

    private static Sealer.Opened other(Connection connection, LedgerSettings settings)
            throws Exception {
        Sealer.Opened opened = opened(connection, settings);
        String other =
                new String(opened.payload(), StandardCharsets.UTF_8).replace("komfort", "voll");
        return new Sealer.Opened(opened.salt(), other.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(
            Connection connection, LedgerSettings settings, Sealer sealer, Sealer.Opened content)
            throws SQLException {
        Sealer.Sealed put = sealer.seal(settings.logOrigin(), AT, content);
        Rows.change(
                connection,
                "UPDATE ledger_payload SET sealed = ?, key_id = ? WHERE idx = 17",
                put.bytes(),
                put.keyId());
    }

    static void replacePayload(Connection connection, LedgerSettings settings) throws Exception {
        put(
                connection,
                settings,
                new Sealer(keys(settings).payload()),
                other(connection, settings));
    }

    static void sealUnderAForeignKey(Connection connection, LedgerSettings settings)
            throws Exception {
        Path elsewhere = Files.createTempDirectory("foreign");
        Sealer foreign =
                new Sealer(KeyFiles.open(elsewhere, "node-1", settings.logOrigin()).payload());
        put(connection, settings, foreign, opened(connection, settings));
    }

    static void sealTheSameAgain(Connection connection, LedgerSettings settings) throws Exception {
        put(
                connection,
                settings,
                new Sealer(keys(settings).payload()),
                opened(connection, settings));
    }

    static void insert(Connection connection, LedgerSettings settings) throws SQLException {
        for (long i = ENTRIES - 1; i > AT; i--) {
            Rows.change(connection, "UPDATE ledger_entry SET idx = ? WHERE idx = ?", i + 1, i);
        }
        // The inserted one fits its place; the one it displaces no longer does.
        StoredEntry before = StoredEntry.at(connection, 1, AT).orElseThrow();
        Header inserted =
                new Header(
                        settings.logOrigin(),
                        AT + 1,
                        UUID.fromString("0199f3a2-7c31-7b52-9d40-1f2e3d4c5b6a"),
                        EntryType.GIVEN,
                        Instant.ofEpochMilli(before.timeMillis()),
                        before.commitment(),
                        before.leaf());
        Rows.change(
                connection,
                "INSERT INTO ledger_entry SELECT log, 18, ?, time_ms, type, commitment, ?"
                        + " FROM ledger_entry WHERE idx = 17",
                inserted.entryId().toString(),
                inserted.leaf());
        Rows.change(connection, "UPDATE ledger_log SET size = size + 1");
    }

    /** As if nothing had ever been written from there on. */
    static void cut(Connection connection, long size) throws SQLException {
        cutUnderCheckpoints(connection, size);
        Rows.change(connection, "DELETE FROM ledger_checkpoint WHERE size > ?", size);
    }

    static void cutUnderCheckpoints(Connection connection, long size) throws SQLException {
        for (String table : List.of("ledger_entry", "ledger_payload", "ledger_lookup")) {
            Rows.change(connection, "DELETE FROM " + table + " WHERE idx >= ?", size);
        }
        Rows.change(connection, "DELETE FROM ledger_tile WHERE (idx + 1) * 256 > ?", size);
        StoredEntry last = StoredEntry.at(connection, 1, size - 1).orElseThrow();
        Rows.change(
                connection,
                "UPDATE ledger_log SET size = ?, last_leaf = ?, last_ms = ?",
                size,
                last.leaf(),
                last.timeMillis());
    }

    static String note(Connection connection, long size) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT note FROM ledger_checkpoint WHERE size = ?",
                        row -> row.getString(1),
                        size)
                .orElseThrow();
    }

    static void changeNote(Connection connection, long size, UnaryOperator<String> change)
            throws SQLException {
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = ? WHERE size = ?",
                change.apply(note(connection, size)),
                size);
    }

    /** Changes a character in the middle of the base64 of the signature. */
    static String flip(String note) {
        int at = note.length() - 40;
        char other = note.charAt(at) == 'A' ? 'B' : 'A';
        return note.substring(0, at) + other + note.substring(at + 1);
    }

    /** Another root under the old signature. */
    static String otherRoot(String note) {
        String[] lines = note.split("\n", 4);
        char first = lines[2].charAt(0) == 'A' ? 'B' : 'A';
        return lines[0] + "\n" + lines[1] + "\n" + first + lines[2].substring(1) + "\n" + lines[3];
    }

    static String signedByAnother(String note, String origin) {
        return SignedNote.sign(
                note.substring(0, note.indexOf("\n\n") + 1), List.of(SigningKey.create(origin)));
    }

    /** Another content for entry 17, sealed and committed to; leaves, tree and head fit again. */
    static void replaceContentAndLeaves(Connection connection, LedgerSettings settings)
            throws Exception {
        Sealer.Opened other = other(connection, settings);
        put(connection, settings, new Sealer(keys(settings).payload()), other);
        Rows.change(
                connection,
                "UPDATE ledger_entry SET commitment = ? WHERE idx = 17",
                other.commitment());
        rebuild(connection, settings, null);
    }

    /** Entry 17 is an hour older, and all of the log fits and is signed again. */
    static void setBack(Connection connection, LedgerSettings settings) throws Exception {
        for (String table : List.of("ledger_entry", "ledger_lookup")) {
            Rows.change(
                    connection,
                    "UPDATE " + table + " SET time_ms = time_ms - 3600000 WHERE idx = 17");
        }
        rebuild(connection, settings, keys(settings).currentSigning());
    }

    /** A refusal is a consent, and all of the log fits and is signed again. */
    static void rewriteHistory(Connection connection, LedgerSettings settings) throws Exception {
        for (String table : List.of("ledger_entry", "ledger_lookup")) {
            Rows.change(
                    connection, "UPDATE " + table + " SET type = 'Given' WHERE idx = ?", REFUSED);
        }
        rebuild(connection, settings, keys(settings).currentSigning());
    }

    /** The refusal is gone, all later entries have moved down, and one checkpoint is signed. */
    static void removeRefusal(Connection connection, LedgerSettings settings) throws Exception {
        Sealer sealer = new Sealer(keys(settings).payload());
        for (String table : List.of("ledger_entry", "ledger_payload", "ledger_lookup")) {
            Rows.change(connection, "DELETE FROM " + table + " WHERE idx = ?", REFUSED);
        }
        for (long i = REFUSED + 1; i < ENTRIES; i++) {
            for (String table : List.of("ledger_entry", "ledger_payload", "ledger_lookup")) {
                Rows.change(connection, "UPDATE " + table + " SET idx = ? WHERE idx = ?", i - 1, i);
            }
            byte[] there =
                    Rows.first(
                                    connection,
                                    "SELECT sealed FROM ledger_payload WHERE idx = ?",
                                    row -> row.getBytes(1),
                                    i - 1)
                            .orElseThrow();
            Sealer.Opened opened =
                    sealer.open(settings.logOrigin(), i, sealer.keys().current().id(), there)
                            .orElseThrow();
            Rows.change(
                    connection,
                    "UPDATE ledger_payload SET sealed = ? WHERE idx = ?",
                    sealer.seal(settings.logOrigin(), i - 1, opened).bytes(),
                    i - 1);
        }
        Rows.change(connection, "DELETE FROM ledger_checkpoint WHERE size <> ?", ENTRIES);
        Rows.change(connection, "UPDATE ledger_checkpoint SET size = ?", ENTRIES - 1);
        Rows.change(connection, "UPDATE ledger_log SET size = ?", ENTRIES - 1);
        rebuild(connection, settings, keys(settings).currentSigning());
    }

    /**
     * Makes leaves, tree and head fit what the entries say.
     *
     * @param key signs each stored checkpoint anew; null where nobody has it
     */
    private static void rebuild(
            Connection connection, LedgerSettings settings, @Nullable SigningKey key)
            throws Exception {
        Log log = Log.ofNode(connection, settings.node()).orElseThrow();
        List<Long> signed =
                new ArrayList<>(
                        Rows.list(
                                connection,
                                "SELECT size FROM ledger_checkpoint",
                                row -> row.getLong(1)));
        Rows.change(connection, "DELETE FROM ledger_tile");
        Frontier frontier = new Frontier();
        byte[] prev = Header.noLeaf();
        for (StoredEntry entry : StoredEntry.range(connection, log, 0, ENTRIES)) {
            byte[] leaf = entry.header(log.origin(), prev).leaf();
            Rows.change(
                    connection,
                    "UPDATE ledger_entry SET leaf = ? WHERE idx = ?",
                    leaf,
                    entry.index());
            List<byte[]> tile = new ArrayList<>();
            frontier.append(leaf, (level, at, hash) -> tile.add(hash));
            for (byte[] hash : tile) {
                Rows.change(connection, "INSERT INTO ledger_tile VALUES (1, 8, 0, ?)", hash);
            }
            if (key != null && signed.contains(frontier.size())) {
                Checkpoint checkpoint =
                        new Checkpoint(log.origin(), frontier.size(), frontier.root());
                changeNote(
                        connection,
                        frontier.size(),
                        _ -> SignedNote.sign(checkpoint.text(), List.of(key)));
            }
            prev = leaf;
        }
        Rows.change(connection, "UPDATE ledger_log SET last_leaf = ?", prev);
    }
}
