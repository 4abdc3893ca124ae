package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.bundles.EntrySearch;
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
    /** More about one consent, or one call, nobody reads. */
    private static final int MAX_FOUND = 1000;

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
    private final @Nullable EntryBundles archive;

    ReceiptMaking(Connection connection, Sealer sealer, Receipt.Signing signing) {
        this.connection = connection;
        this.sealer = sealer;
        this.signing = signing;
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
            since(json, id);
            asOf(json);
            if (!Receipt.dependsOnAnother(json)) {
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
        List<UUID> served =
                call.isEmpty()
                        ? List.of()
                        : found("f.call_id = ? AND f.type = 'Served'", List.of(call));
        for (UUID one : served) {
            ObjectNode proved = proved(one);
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

    /** What was written about it. A talk under a reaffirmation is written about the consent. */
    private void since(ObjectNode json, UUID id) throws SQLException, IOException {
        List<ObjectNode> later = new ArrayList<>();
        for (UUID one :
                found(
                        "f.refers = ? AND f.type IN ('AssistantOpened', 'AssistantCut', 'Used',"
                                + " 'Reaffirmed', 'PurposeDecided', 'Refused', 'HolderNotified',"
                                + " 'HolderTold', 'Withdrawn', 'Expired', 'Renewed', 'Given')",
                        List.of(id.toString()))) {
            later.add(proved(one));
        }
        later.removeIf(between(later));
        if (!later.isEmpty()) {
            json.putArray("since").addAll(later);
        }
    }

    private List<UUID> found(String where, Collection<String> values) throws SQLException {
        List<Object> arguments = new ArrayList<>(values);
        arguments.add(MAX_FOUND);
        return Rows.list(
                connection,
                "SELECT e.entry_id FROM ledger_lookup f JOIN ledger_entry e ON e.log = f.log"
                        + " AND e.idx = f.idx WHERE "
                        + where
                        + " ORDER BY e.time_ms, e.log, e.idx LIMIT ?",
                row -> UUID.fromString(row.getString(1)),
                arguments.toArray());
    }

    /** Of all times that somebody was given data, the first and the last are enough. */
    private static Predicate<ObjectNode> between(List<ObjectNode> later) {
        Map<String, List<ObjectNode>> alike = new HashMap<>();
        for (ObjectNode one : later) {
            String type = one.at("/entry/type").asText();
            if (REPEATED.contains(type)) {
                String what = type + " " + one.at("/payload/assistant").asText();
                alike.computeIfAbsent(what, _ -> new ArrayList<>()).add(one);
            }
        }
        Set<ObjectNode> between = Collections.newSetFromMap(new IdentityHashMap<>());
        alike.values().stream()
                .filter(of -> of.size() > 2)
                .forEach(of -> between.addAll(of.subList(1, of.size() - 1)));
        return between::contains;
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
        Optional<EntrySearch.Found> archived =
                archive == null ? Optional.empty() : new EntrySearch(connection, archive).of(id);
        return archived.orElseThrow(() -> new IOException("no entry " + id));
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
        Optional<Sealer.Sealed> sealed =
                Rows.first(
                        connection,
                        "SELECT key_id, sealed FROM ledger_payload WHERE log = ? AND idx = ?",
                        row -> new Sealer.Sealed(row.getString(1), row.getBytes(2)),
                        log.id(),
                        entry.index());
        if (sealed.isEmpty()) {
            return;
        }
        Sealer.Opened opened =
                sealer.open(log.origin(), entry.index(), sealed.get().keyId(), sealed.get().bytes())
                        .orElseThrow(() ->
                                new IOException(
                                        "the payload does not open: its key is not here, or"
                                                + " it was changed"));
        json.put("salt", Digests.hex(opened.salt()));
        json.set("payload", JSON.readTree(opened.payload()));
    }
}
