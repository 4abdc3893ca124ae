package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.bundles.EntrySearch;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.jspecify.annotations.Nullable;

/** Confined to one snapshot of the store. Puts a {@link Receipt} together. */
final class ReceiptMaking {
    /** More of one kind about one consent, or one call, nobody reads. */
    private static final int MAX_FOUND = 1000;

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** What changes a consent, and who was told: however many, none of these is left out. */
    private static final String DECIDED =
            "('Withdrawn', 'Expired', 'Renewed', 'Given', 'PurposeDecided', 'Refused',"
                    + " 'HolderNotified', 'HolderTold')";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of these the first and the last of each assistant are enough. */
    private static final Set<String> REPEATED =
            Set.of(
                    EntryType.ASSISTANT_OPENED.text(),
                    EntryType.ASSISTANT_CUT.text(),
                    EntryType.USED.text());

    private final Connection connection;
    private final Sealer sealer;
    private final Receipt.Signing signing;
    private final @Nullable Instant until;
    private final @Nullable EntryBundles archive;

    /**
     * @param until nothing is told of what was written later; null for all
     */
    ReceiptMaking(
            Connection connection,
            Sealer sealer,
            Receipt.Signing signing,
            @Nullable Instant until) {
        this.connection = connection;
        this.sealer = sealer;
        this.signing = signing;
        this.until = until;
        this.archive = signing.archive().orElse(null);
    }

    ObjectNode of(UUID id) throws SQLException, IOException {
        ObjectNode json = JSON.createObjectNode().put("receipt", Receipt.FORMAT);
        json.setAll(proved(id));
        String type = json.at("/entry/type").asText();
        if (json.path("payload").isNull()) {
            return json;
        }
        text(json);
        if (Receipt.DECISIONS.contains(type)) {
            heard(json);
        }
        if (Receipt.CONSENTS.contains(type)) {
            Since since = since(json, id);
            if (since != Since.CUT) {
                asOf(json);
            }
            if (since == Since.ALL && !Receipt.dependsOnAnother(json)) {
                stated(json);
            }
        }
        return json;
    }

    /** By the log of the entry, where its key is here. */
    private void stated(ObjectNode json) throws SQLException {
        String origin = json.at("/entry/log").asText();
        Optional<Log> log =
                Log.all(connection).stream().filter(one -> one.origin().equals(origin)).findFirst();
        log.flatMap(signing::key)
                .ifPresent(key ->
                        json.put(ReceiptStatement.MEMBER, ReceiptStatement.of(json).signed(key)));
    }

    // ------------------------------------------------------------------ before and after

    /** What was played before it was decided; where another notice was read out, with its text. */
    private void heard(ObjectNode json) throws SQLException, IOException {
        String call = json.at("/payload/call/gateway_call_id").asText();
        String decided = json.at("/entry/time").asText();
        String ours = json.at("/payload/notice/text_sha256").asText();
        ArrayNode heard = JSON.createArrayNode();
        List<Place> served =
                call.isEmpty()
                        ? List.of()
                        : places("f.call_id = ? AND f.type = 'Served'", true, MAX_FOUND, call);
        for (Place one : served) {
            ObjectNode proved = proved(one.id());
            if (!isBefore(proved.at("/payload/served/started_at").asText(), decided)) {
                continue;
            }
            if (!proved.at("/payload/notice/text_sha256").asText().equals(ours)) {
                text(proved);
            }
            heard.add(proved);
        }
        if (!heard.isEmpty()) {
            json.set("heard", heard);
        }
    }

    /** Both RFC 3339 in UTC. */
    private static boolean isBefore(String time, String other) {
        return Rfc3339.of(time).isBefore(Rfc3339.of(other));
    }

    /** How much is told of what was written about a consent. */
    private enum Since {
        /** All but the talks between the first and the last. */
        ALL,
        /** There is too much of it. */
        SOME,
        /** There is more behind a moment, of which nothing is to be told. */
        CUT
    }

    /** What was written about it. A talk under a reaffirmation is written about the consent. */
    private Since since(ObjectNode json, UUID id) throws SQLException, IOException {
        if (ColumnTypes.areLookupsHidden(connection)) {
            throw new IOException(
                    "look-up rows hold octets where texts belong: what ended this consent may be"
                            + " hidden; scripts/gateway ledger verify names them");
        }
        String consent = id.toString();
        List<Place> later =
                new ArrayList<>(
                        places("f.refers = ? AND f.type IN " + DECIDED, true, NO_LIMIT, consent));
        List<Place> again =
                places("f.refers = ? AND f.type = 'Reaffirmed'", true, MAX_FOUND + 1, consent);
        boolean all = again.size() <= MAX_FOUND;
        later.addAll(again.subList(0, Math.min(again.size(), MAX_FOUND)));
        for (String type : REPEATED) {
            all &= talks(type, consent, later);
        }
        boolean cut = until != null && later.removeIf(one -> one.time() > until.toEpochMilli());
        later.sort(Place.IN_TIME);
        if (!later.isEmpty()) {
            ArrayNode since = json.putArray("since");
            for (Place one : later) {
                since.add(proved(one.id()));
            }
        }
        if (cut) {
            return Since.CUT;
        }
        return all ? Since.ALL : Since.SOME;
    }

    /**
     * Of all times that somebody was given data, the first and the last: of each assistant, which
     * the payload names.
     *
     * @return whether all were looked at
     */
    private boolean talks(String type, String consent, List<Place> to)
            throws SQLException, IOException {
        String where = "f.refers = ? AND f.type = '" + type + "'";
        List<Place> first = places(where, true, MAX_FOUND, consent);
        List<Place> last = places(where, false, MAX_FOUND, consent);
        SortedSet<Place> looked = new TreeSet<>(Place.IN_TIME);
        looked.addAll(first);
        looked.addAll(last);
        Map<String, Place> began = new HashMap<>();
        Map<String, Place> ended = new HashMap<>();
        for (Place one : looked) {
            String assistant = payload(one).path("assistant").asText();
            began.putIfAbsent(assistant, one);
            ended.put(assistant, one);
        }
        Set<Place> kept = new HashSet<>(began.values());
        kept.addAll(ended.values());
        to.addAll(kept);
        return looked.size() < 2 * MAX_FOUND;
    }

    /** Where an entry stands. */
    private record Place(UUID id, Log log, long index, long time) {
        static final Comparator<Place> IN_TIME =
                Comparator.comparingLong(Place::time)
                        .thenComparingInt(one -> one.log.id())
                        .thenComparingLong(Place::index);
    }

    /**
     * @param oldest or else the newest
     */
    private List<Place> places(String where, boolean oldest, int limit, String value)
            throws SQLException {
        Map<Integer, Log> logs = new HashMap<>();
        Log.all(connection).forEach(log -> logs.put(log.id(), log));
        String order = oldest ? "" : " DESC";
        return Rows.list(
                connection,
                "SELECT e.entry_id, e.log, e.idx, e.time_ms FROM ledger_lookup f"
                        + " JOIN ledger_entry e ON e.log = f.log AND e.idx = f.idx WHERE "
                        + where
                        + String.format(
                                Locale.ROOT,
                                " ORDER BY e.time_ms%1$s, e.log%1$s, e.idx%1$s LIMIT ?",
                                order),
                row ->
                        new Place(
                                UUID.fromString(row.getString(1)),
                                Objects.requireNonNull(logs.get(row.getInt(2)), "its log"),
                                row.getLong(3),
                                row.getLong(4)),
                value,
                limit);
    }

    /**
     * Where each log stands: its last entry under the newest checkpoint that is believed, and
     * witnessed where one is that covers all that is told here. An ending may be in the log of any
     * node.
     */
    private void asOf(ObjectNode json) throws SQLException, IOException {
        Map<String, Long> needed = new HashMap<>();
        need(needed, json);
        json.path("since").forEach(one -> need(needed, one));
        ArrayNode all = json.putArray("as_of");
        for (Log log : Log.all(connection)) {
            long least = needed.getOrDefault(log.origin(), 0L);
            Optional<String> note = newest(log, least);
            if (note.isEmpty() && least > 0) {
                note = Optional.of(signed(log));
            }
            if (note.isPresent() && sizeOf(note.get()) > 0) {
                long last = sizeOf(note.get()) - 1;
                all.add(placed(log, entry(log, last), note.get()));
            }
        }
    }

    /** In the store, or in the archive. */
    private StoredEntry entry(Log log, long index) throws SQLException, IOException {
        Optional<StoredEntry> row = StoredEntry.at(connection, log.id(), index);
        if (row.isEmpty() && archive != null) {
            row = new EntrySearch(connection, archive).at(log, index);
        }
        return row.orElseThrow(() -> new IOException("entry " + index + " is missing"));
    }

    /** As large as a tree has to be that holds this entry, by the one that proves it. */
    private static void need(Map<String, Long> needed, JsonNode proved) {
        needed.merge(
                proved.at("/entry/log").asText(), proved.at("/proof/size").asLong(), Math::max);
    }

    // ------------------------------------------------------------------ one entry

    /** An entry, its payload, and its proof. */
    private ObjectNode proved(UUID id) throws SQLException, IOException {
        EntrySearch.Found found = found(id);
        Log log = found.log();
        ObjectNode json = JSON.createObjectNode();
        ObjectNode placed = placed(log, found.entry(), checkpoint(log, found.entry().index()));
        json.set("entry", placed.path("entry"));
        payload(log, found.entry(), json);
        json.set("proof", placed.path("proof"));
        json.set("checkpoint", placed.path("checkpoint"));
        return json;
    }

    /** In the store, or in the archive. */
    private EntrySearch.Found found(UUID id) throws SQLException, IOException {
        record Row(int log, StoredEntry entry) {}
        Optional<Row> row =
                Rows.first(
                        connection,
                        "SELECT "
                                + StoredEntry.COLUMNS
                                + ", log FROM ledger_entry WHERE entry_id = ?",
                        one -> new Row(one.getInt(7), StoredEntry.ROW.read(one)),
                        id.toString());
        if (row.isPresent()) {
            Log log =
                    Log.all(connection).stream()
                            .filter(one -> one.id() == row.get().log)
                            .findFirst()
                            .orElseThrow(() -> new IOException("no log " + row.get().log));
            return new EntrySearch.Found(log, row.get().entry);
        }
        return archived(id).orElseThrow(() -> new Receipt.NoSuchEntry(id));
    }

    private Optional<EntrySearch.Found> archived(UUID id) throws SQLException, IOException {
        if (archive != null) {
            return new EntrySearch(connection, archive).of(id);
        }
        if (EntrySearch.isWanted(connection)) {
            throw new IOException(
                    "the store has no row of entry "
                            + id
                            + ", and the archive that may have it is not here: store.archive");
        }
        return Optional.empty();
    }

    /** An entry and its place under a checkpoint. */
    private ObjectNode placed(Log log, StoredEntry entry, String note)
            throws SQLException, IOException {
        byte[] prev =
                entry.index() == 0
                        ? Header.noLeaf()
                        : Log.hashes(connection, log.id())
                                .at(0, entry.index() - 1, entry.index())
                                .stream()
                                .findFirst()
                                .orElseThrow(() -> new IOException("the entry before is missing"));
        long size = sizeOf(note);
        ObjectNode json = JSON.createObjectNode();
        json.set("entry", JSON.readTree(entry.header(log.origin(), prev).text()));
        ObjectNode proof = json.putObject("proof").put("index", entry.index()).put("size", size);
        ArrayNode hashes = proof.putArray("hashes");
        Log.proofs(connection, log.id()).inclusion(entry.index(), size).stream()
                .map(Base64.getEncoder()::encodeToString)
                .forEach(hashes::add);
        return json.put("checkpoint", note);
    }

    private String checkpoint(Log log, long index) throws SQLException, IOException {
        // The first after it that holds, and where there is none soon, the last.
        List<String> stored =
                Stream.concat(
                                StoredCheckpoints.next(connection, log, index + 1).stream(),
                                StoredCheckpoints.last(connection, log, index + 1).stream())
                        .toList();
        Optional<String> chosen = signing.choose(stored).filter(note -> sizeOf(note) > index);
        return chosen.isPresent() ? chosen.get() : signed(log);
    }

    /**
     * The newest one that is witnessed, or as it is, where it is believed.
     *
     * @param least entries that it has to cover
     */
    private Optional<String> newest(Log log, long least) throws SQLException {
        List<String> stored = StoredCheckpoints.last(connection, log, least);
        return stored.isEmpty() || !signing.believes(stored.getFirst())
                ? Optional.empty()
                : signing.choose(stored).filter(note -> sizeOf(note) >= least);
    }

    /** Of a log as it stands. */
    private String signed(Log log) throws SQLException, IOException {
        SigningKey key =
                signing.key(log)
                        .orElseThrow(() ->
                                new IOException(
                                        "no checkpoint covers this entry yet: the gateway"
                                                + " signs one shortly"));
        byte[] root = Log.proofs(connection, log.id()).root(log.size());
        return SignedNote.sign(new Checkpoint(log.origin(), log.size(), root).text(), List.of(key));
    }

    /** 0 where it is damaged: such a checkpoint covers nothing. */
    private static long sizeOf(String note) {
        return SignedNote.parse(note)
                .flatMap(signed -> Checkpoint.parse(signed.text()))
                .map(Checkpoint::size)
                .orElse(0L);
    }

    /** The words that were spoken: a hash alone tells nobody what it was that was agreed to. */
    private void text(ObjectNode json) throws SQLException {
        String hash = json.at("/payload/notice/text_sha256").textValue();
        if (hash != null && NoticeArchive.isIn(connection)) {
            NoticeArchive.words(connection, hash)
                    .ifPresent(words -> json.put("text", words.text()));
        }
    }

    private void payload(Log log, StoredEntry entry, ObjectNode json)
            throws SQLException, IOException {
        json.putNull("salt");
        json.putNull("payload");
        Optional<Sealer.Opened> opened = opened(log, entry.index());
        if (opened.isPresent()) {
            json.put("salt", Digests.hex(opened.get().salt()));
            json.set("payload", JSON.readTree(opened.get().payload()));
        }
    }

    private JsonNode payload(Place place) throws SQLException, IOException {
        Optional<Sealer.Opened> opened = opened(place.log(), place.index());
        return opened.isPresent() ? JSON.readTree(opened.get().payload()) : JSON.nullNode();
    }

    /** Empty where it was erased. */
    private Optional<Sealer.Opened> opened(Log log, long index) throws SQLException, IOException {
        Optional<Sealer.Sealed> sealed =
                Rows.first(
                        connection,
                        "SELECT key_id, sealed FROM ledger_payload WHERE log = ? AND idx = ?",
                        row -> new Sealer.Sealed(row.getString(1), row.getBytes(2)),
                        log.id(),
                        index);
        if (sealed.isEmpty()) {
            return Optional.empty();
        }
        Optional<Sealer.Opened> opened =
                sealer.open(log.origin(), index, sealed.get().keyId(), sealed.get().bytes());
        if (opened.isEmpty()) {
            throw new IOException(
                    "the payload does not open: its key is not here, or it was changed");
        }
        return opened;
    }
}
