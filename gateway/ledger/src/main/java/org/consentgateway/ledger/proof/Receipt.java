package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.consentgateway.ledger.archive.NoticeArchive;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable but for its JSON, which is the owner's copy. An entry with all that is needed to check
 * it without us: salt and payload, the way up the tree, a signed checkpoint.
 *
 * <pre>
 * receipt     "consent-receipt/1"
 * entry       what the leaf hashes (RFC 8785)
 * salt        hex; SHA-256(salt, payload) is entry.commitment
 * payload     the record; null, as the salt, where it was erased
 * text        all parts of the notice it names, a line "part=words" each: SHA-256(text) is
 *             payload.notice.text_sha256; absent where it names none, or none is archived
 * since       of a consent: what was written about it later, who got data (the first and the last
 *             time), who was told of its end, and that end: each as entry, salt, payload, proof,
 *             checkpoint; absent where there is nothing. What came after is not in it
 * proof       index, size, hashes [base64]: inclusion proof of RFC 9162 §2.1.3
 * checkpoint  C2SP signed note over the root of that size
 * signed_by   verifier keys that signed it: for information, trust only a key you have yourself
 * </pre>
 */
public record Receipt(ObjectNode json) {
    static final String FORMAT = "consent-receipt/1";

    /** Nothing else stands in a receipt, so that nothing unchecked can be read into it. */
    static final Set<String> MEMBERS =
            Set.of(
                    "receipt",
                    "entry",
                    "salt",
                    "payload",
                    "text",
                    "since",
                    "proof",
                    "checkpoint",
                    "signed_by");

    /** Of what was written about it later. */
    static final Set<String> LATER_MEMBERS =
            Set.of("entry", "salt", "payload", "proof", "checkpoint");

    static final Set<String> PROOF_MEMBERS = Set.of("index", "size", "hashes");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whose signature stands under a receipt. */
    public interface Signing {
        /** The key in force, if it is here. */
        Optional<SigningKey> key(Log log);

        /** Whether a key in force has signed this checkpoint. */
        boolean believes(String note);
    }

    /** As ISO/IEC TS 27560 consent record and receipt, in JSON-LD of the W3C DPV profile. */
    public ObjectNode dpv() {
        return ReceiptDpv.of(json);
    }

    /** As a vCon with a lawful_basis attachment (draft-howe-vcon-lawful-basis). */
    public ObjectNode vcon() {
        return ReceiptVcon.of(json);
    }

    /**
     * @param signing signs a checkpoint of the log as it stands where none covers the entry that is
     *     to be believed
     * @throws IOException where there is no such entry, or no checkpoint to be had
     */
    public static Receipt make(Connection connection, UUID id, Sealer sealer, Signing signing)
            throws SQLException, IOException {
        ObjectNode json = JSON.createObjectNode().put("receipt", FORMAT);
        json.setAll(proved(connection, id, sealer, signing));
        text(connection, json);
        if (CONSENTS.contains(json.at("/entry/type").asText()) && !json.path("payload").isNull()) {
            List<ObjectNode> later = new ArrayList<>();
            for (UUID one : later(connection, id)) {
                later.add(proved(connection, one, sealer, signing));
            }
            later.removeIf(between(later));
            if (!later.isEmpty()) {
                json.putArray("since").addAll(later);
            }
        }
        return new Receipt(json);
    }

    private static final Set<String> CONSENTS =
            Set.of(EntryType.GIVEN.text(), EntryType.RENEWED.text(), EntryType.IMPORTED.text());

    /** More about one consent nobody reads. */
    private static final int MAX_LATER = 1000;

    private static List<UUID> later(Connection connection, UUID consent) throws SQLException {
        return Rows.list(
                connection,
                "SELECT e.entry_id FROM ledger_lookup f JOIN ledger_entry e ON e.log = f.log"
                        + " AND e.idx = f.idx WHERE f.refers = ? AND f.type IN ('AssistantOpened',"
                        + " 'HolderNotified', 'HolderTold', 'Withdrawn', 'Expired', 'Renewed',"
                        + " 'Given') ORDER BY e.time_ms, e.log, e.idx LIMIT ?",
                row -> UUID.fromString(row.getString(1)),
                consent.toString(),
                MAX_LATER);
    }

    /** Of all times that somebody was given data, the first and the last are enough. */
    private static Predicate<ObjectNode> between(List<ObjectNode> later) {
        Map<String, List<ObjectNode>> opened = new HashMap<>();
        for (ObjectNode one : later) {
            if (one.at("/entry/type").asText().equals(EntryType.ASSISTANT_OPENED.text())) {
                opened.computeIfAbsent(
                                one.at("/payload/assistant").asText(), _ -> new ArrayList<>())
                        .add(one);
            }
        }
        Set<ObjectNode> between = Collections.newSetFromMap(new IdentityHashMap<>());
        opened.values().stream()
                .filter(of -> of.size() > 2)
                .forEach(of -> between.addAll(of.subList(1, of.size() - 1)));
        return between::contains;
    }

    /** An entry, its payload, and its proof. */
    private static ObjectNode proved(Connection connection, UUID id, Sealer sealer, Signing signing)
            throws SQLException, IOException {
        record Found(int log, StoredEntry entry) {}
        Found found =
                Rows.first(
                                connection,
                                "SELECT "
                                        + StoredEntry.COLUMNS
                                        + ", log FROM ledger_entry WHERE entry_id = ?",
                                row -> new Found(row.getInt(7), StoredEntry.ROW.read(row)),
                                id.toString())
                        .orElseThrow(() -> new IOException("no entry " + id));
        Log log =
                Log.all(connection).stream()
                        .filter(one -> one.id() == found.log)
                        .findFirst()
                        .orElseThrow(() -> new IOException("no log " + found.log));
        StoredEntry entry = found.entry;
        byte[] prev =
                entry.index() == 0
                        ? Header.noLeaf()
                        : StoredEntry.at(connection, log.id(), entry.index() - 1)
                                .orElseThrow(() -> new IOException("the entry before is missing"))
                                .leaf();
        String note = checkpoint(connection, log, entry.index(), signing);
        long size =
                SignedNote.parse(note)
                        .flatMap(signed -> Checkpoint.parse(signed.text()))
                        .orElseThrow(() -> new IOException("the checkpoint is damaged"))
                        .size();
        ObjectNode json = JSON.createObjectNode();
        json.set("entry", JSON.readTree(entry.header(log.origin(), prev).text()));
        payload(connection, log, entry, sealer, json);
        ObjectNode proof = json.putObject("proof").put("index", entry.index()).put("size", size);
        ArrayNode hashes = proof.putArray("hashes");
        Log.proofs(connection, log.id()).inclusion(entry.index(), size).stream()
                .map(Base64.getEncoder()::encodeToString)
                .forEach(hashes::add);
        json.put("checkpoint", note);
        return json;
    }

    /** Adds the keys that signed, from those known here. */
    public Receipt withKeys(List<VerifierKey> known) {
        ArrayNode keys = json.putArray("signed_by");
        SignedNote.parse(json.path("checkpoint").asText())
                .map(note -> note.verify(known))
                .ifPresent(verdict -> {
                    if (verdict instanceof SignedNote.Verdict.Verified verified) {
                        verified.by().forEach(key -> keys.add(key.text()));
                    }
                });
        return this;
    }

    private static String checkpoint(Connection connection, Log log, long index, Signing signing)
            throws SQLException, IOException {
        // The first after it, and where no key in force has signed that one, the last.
        for (String order : List.of("ASC", "DESC")) {
            Optional<String> stored =
                    Rows.first(
                            connection,
                            "SELECT note FROM ledger_checkpoint WHERE log = ? AND size > ?"
                                    + " ORDER BY size "
                                    + order
                                    + " LIMIT 1",
                            row -> row.getString(1),
                            log.id(),
                            index);
            if (stored.filter(signing::believes).isPresent()) {
                return stored.get();
            }
        }
        SigningKey key =
                signing.key(log)
                        .orElseThrow(() ->
                                new IOException(
                                        "no checkpoint covers this entry yet: the gateway"
                                                + " signs one shortly"));
        byte[] root = Log.proofs(connection, log.id()).root(log.size());
        return SignedNote.sign(new Checkpoint(log.origin(), log.size(), root).text(), List.of(key));
    }

    /** The words that were spoken: a hash alone tells nobody what it was that was agreed to. */
    private static void text(Connection connection, ObjectNode json) throws SQLException {
        String hash = json.at("/payload/notice/text_sha256").textValue();
        if (hash != null && NoticeArchive.isIn(connection)) {
            NoticeArchive.words(connection, hash)
                    .ifPresent(words -> json.put("text", words.text()));
        }
    }

    private static void payload(
            Connection connection, Log log, StoredEntry entry, Sealer sealer, ObjectNode json)
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
