package org.consentgateway.ledger.archive;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * The texts and sounds of notices in a store, by hash. What several nodes write at the same time is
 * the same, or one of them is told that it is not.
 */
public final class NoticeArchive {
    private static final String KNOWN =
            "SELECT lineage, version, language, variant, text_sha256, audio_sha256, terms, since_ms"
                    + " FROM ledger_notice ";

    private NoticeArchive() {}

    /** Stores that were never opened for writing since there is an archive have none. */
    public static boolean isIn(Connection connection) throws SQLException {
        return Tables.has(connection, "ledger_notice");
    }

    /**
     * Keeps a notice under its name, or says that another one is kept there. The caller commits.
     *
     * @return empty where this very notice is there, since now or since before
     */
    public static Optional<NoticeConflict> keep(
            Connection connection, ArchivedNotice notice, Instant now) throws SQLException {
        Optional<KnownNotice> there = known(connection, notice.key());
        if (there.isEmpty()) {
            insert(connection, notice, now);
            there = known(connection, notice.key());
        }
        return conflict(
                connection,
                notice,
                there.orElseThrow(() -> new SQLException("not kept: " + notice)));
    }

    /**
     * The same without keeping anything.
     *
     * @return empty where nothing else is kept under its name
     */
    public static Optional<NoticeConflict> conflict(Connection connection, ArchivedNotice notice)
            throws SQLException {
        Optional<KnownNotice> there = known(connection, notice.key());
        return there.isEmpty() ? Optional.empty() : conflict(connection, notice, there.get());
    }

    private static Optional<NoticeConflict> conflict(
            Connection connection, ArchivedNotice notice, KnownNotice kept) throws SQLException {
        return isSame(notice, kept)
                ? Optional.empty()
                : Optional.of(
                        NoticeConflict.of(
                                notice,
                                kept,
                                words(connection, kept.textSha256())
                                        .orElse(new NoticeWords(new TreeMap<>())),
                                soundHashes(connection, kept)));
    }

    private static boolean isSame(ArchivedNotice notice, KnownNotice kept) {
        return kept.textSha256().equals(notice.words().sha256())
                && kept.audioSha256().equals(notice.audioSha256())
                && NoticeConflict.changed(kept.terms(), notice.terms()).isEmpty();
    }

    private static void insert(Connection connection, ArchivedNotice notice, Instant now)
            throws SQLException {
        String text = notice.words().sha256();
        String audio = notice.audioSha256();
        content(connection, text, notice.words().octets());
        for (Map.Entry<String, byte[]> sound : notice.sounds().entrySet()) {
            String hash = sha256(sound.getValue());
            content(connection, hash, sound.getValue());
            Rows.change(
                    connection,
                    "INSERT INTO ledger_notice_sound (text_sha256, audio_sha256, part, sha256)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    text,
                    audio,
                    sound.getKey(),
                    hash);
        }
        Rows.change(
                connection,
                "INSERT INTO ledger_notice (lineage, version, language, variant, text_sha256,"
                        + " audio_sha256, terms, since_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                notice.key().lineage(),
                notice.key().version(),
                notice.key().language(),
                notice.key().variant(),
                text,
                audio,
                new String(CanonicalJson.bytes(notice.terms()), StandardCharsets.UTF_8),
                now.toEpochMilli());
    }

    private static void content(Connection connection, String hash, byte[] octets)
            throws SQLException {
        boolean there =
                Rows.first(
                                connection,
                                "SELECT 1 FROM ledger_content WHERE sha256 = ?",
                                row -> row.getInt(1),
                                hash)
                        .isPresent();
        if (!there) {
            Rows.change(
                    connection,
                    "INSERT INTO ledger_content (sha256, octets) VALUES (?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    hash,
                    octets);
        }
    }

    public static Optional<KnownNotice> known(Connection connection, NoticeKey key)
            throws SQLException {
        return Rows.first(
                connection,
                KNOWN + "WHERE lineage = ? AND version = ? AND language = ? AND variant = ?",
                NoticeArchive::read,
                key.lineage(),
                key.version(),
                key.language(),
                key.variant());
    }

    /** Of all lineages, the oldest first. */
    public static List<KnownNotice> all(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                KNOWN + "ORDER BY since_ms, lineage, version, language, variant",
                NoticeArchive::read);
    }

    private static KnownNotice read(ResultSet row) throws SQLException {
        @Nullable ObjectNode terms =
                LogReader.parse(row.getString(7).getBytes(StandardCharsets.UTF_8));
        return new KnownNotice(
                new NoticeKey(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                row.getString(5),
                row.getString(6),
                Objects.requireNonNullElseGet(terms, JsonNodeFactory.instance::objectNode),
                Instant.ofEpochMilli(row.getLong(8)));
    }

    /**
     * @param textSha256 as records name it
     * @return empty where it is not here, or its octets have another hash
     */
    public static Optional<NoticeWords> words(Connection connection, String textSha256)
            throws SQLException {
        return octets(connection, textSha256).map(NoticeWords::read);
    }

    /**
     * All parts of a notice that sounds.
     *
     * @return part to octets; without those that are not here or have another hash
     */
    public static SortedMap<String, byte[]> sounds(Connection connection, KnownNotice notice)
            throws SQLException {
        var sounds = new TreeMap<String, byte[]>();
        for (Map.Entry<String, String> sound : soundHashes(connection, notice).entrySet()) {
            octets(connection, sound.getValue())
                    .ifPresent(octets -> sounds.put(sound.getKey(), octets));
        }
        return sounds;
    }

    private static SortedMap<String, String> soundHashes(Connection connection, KnownNotice notice)
            throws SQLException {
        var hashes = new TreeMap<String, String>();
        Rows.list(
                        connection,
                        "SELECT part, sha256 FROM ledger_notice_sound WHERE text_sha256 = ?"
                                + " AND audio_sha256 = ?",
                        row -> Map.entry(row.getString(1), row.getString(2)),
                        notice.textSha256(),
                        notice.audioSha256())
                .forEach(sound -> hashes.put(sound.getKey(), sound.getValue()));
        return hashes;
    }

    private static Optional<byte[]> octets(Connection connection, String hash) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT octets FROM ledger_content WHERE sha256 = ?",
                        row -> row.getBytes(1),
                        hash)
                .filter(octets -> sha256(octets).equals(hash));
    }

    static String sha256(byte @Nullable [] octets) {
        return octets == null ? "" : Digests.hex(Digests.of(octets));
    }
}
