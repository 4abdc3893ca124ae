package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Immutable but for its JSON, which is the owner's copy. An entry with all that is needed to check
 * it without us: salt and payload, the way up the tree, a signed checkpoint. Of a decision also
 * what was played before it; of a consent also what became of it since. FORMAT.md says it for those
 * who write a verifier.
 *
 * <pre>
 * receipt     "consent-receipt/2"; in 1 neither heard nor as_of
 * entry       what the leaf hashes (RFC 8785)
 * salt        hex; SHA-256(salt, payload) is entry.commitment
 * payload     the record; null, as the salt, where it was erased
 * text        all parts of the notice it names, a line "part=words" each: SHA-256(text) is
 *             payload.notice.text_sha256; absent where it names none, or none is archived
 * heard       what was played in the call before: Served entries, each as entry, salt, payload,
 *             proof, checkpoint, and text where its notice is another one
 * since       of a consent: what was written about it later, each as entry, salt, payload, proof,
 *             checkpoint; of all talks with one assistant the first and the last, of ends all
 * as_of       of a consent: where each log stood when the receipt was made, as entry, proof,
 *             checkpoint of its last entry. What came after is not in it
 * statement   of a consent: a signed note that says that this is all (ReceiptStatement); absent
 *             where the log's key was not here or there was too much to look at, and of a
 *             Reaffirmed entry, which depends on another one: what became of it stands in the
 *             receipt of that
 * proof       index, size, hashes [base64]: inclusion proof of RFC 9162 §2.1.3
 * checkpoint  C2SP signed note over the root of that size
 * signed_by   verifier keys that signed it: for information, trust only a key you have yourself
 * </pre>
 */
public record Receipt(ObjectNode json) {
    static final String FORMAT = "consent-receipt/2";

    /** Those before it, which callers have. */
    private static final String FORMAT_1 = "consent-receipt/1";

    static final Set<String> FORMATS = Set.of(FORMAT, FORMAT_1);

    /** Nothing else stands in a receipt, so that nothing unchecked can be read into it. */
    static final Set<String> MEMBERS =
            Set.of(
                    "receipt",
                    "entry",
                    "salt",
                    "payload",
                    "text",
                    "heard",
                    "since",
                    "as_of",
                    ReceiptStatement.MEMBER,
                    "proof",
                    "checkpoint",
                    "signed_by");

    /** Of what was written about it later. */
    static final Set<String> LATER_MEMBERS =
            Set.of("entry", "salt", "payload", "proof", "checkpoint");

    /** Of what was played before it. */
    static final Set<String> HEARD_MEMBERS =
            Set.of("entry", "salt", "payload", "text", "proof", "checkpoint");

    /** Of where a log stood. */
    static final Set<String> AS_OF_MEMBERS = Set.of("entry", "proof", "checkpoint");

    static final Set<String> PROOF_MEMBERS = Set.of("index", "size", "hashes");

    /** Of which it is told what became of them. */
    static final Set<String> CONSENTS =
            Set.of(
                    EntryType.GIVEN.text(),
                    EntryType.RENEWED.text(),
                    EntryType.IMPORTED.text(),
                    EntryType.REAFFIRMED.text());

    /**
     * Agreed to again, in one more call. What is done and what ends is written about the consent
     * that it refers to: a receipt of it knows of no end.
     */
    static boolean dependsOnAnother(JsonNode receipt) {
        return receipt.at("/entry/type").asText().equals(EntryType.REAFFIRMED.text());
    }

    /** Of which it is told what was played before. */
    static final Set<String> DECISIONS =
            Set.of(
                    EntryType.GIVEN.text(),
                    EntryType.RENEWED.text(),
                    EntryType.REAFFIRMED.text(),
                    EntryType.REFUSED.text(),
                    EntryType.UNANSWERED.text());

    /** No log has an entry of this id; what cannot be read or proved is another exception. */
    public static final class NoSuchEntry extends IOException {
        private static final long serialVersionUID = 1;

        NoSuchEntry(UUID id) {
            super("no entry " + id);
        }
    }

    /** Whose signature stands under a receipt, and where entries are that have no row. */
    public interface Signing {
        /** Empty where there is no archive. */
        default Optional<EntryBundles> archive() {
            return Optional.empty();
        }

        /** The key in force, if it is here. */
        Optional<SigningKey> key(Log log);

        /** Whether a key in force has signed this checkpoint. */
        boolean believes(String note);

        /** Whether enough witnesses have cosigned it, where any are needed. */
        boolean isWitnessed(String note);

        /** The first that is believed and witnessed; where there is none, the first believed. */
        default Optional<String> choose(List<String> notes) {
            return notes.stream()
                    .filter(this::isWitnessed)
                    .filter(this::believes)
                    .findFirst()
                    .or(() -> notes.stream().filter(this::believes).findFirst());
        }
    }

    /** All signed notes over roots in it, that of its own entry first. */
    static List<String> checkpoints(JsonNode receipt) {
        List<String> all = new ArrayList<>(List.of(receipt.path("checkpoint").asText()));
        for (String of : List.of("heard", "since", "as_of")) {
            receipt.path(of).forEach(one -> all.add(one.path("checkpoint").asText()));
        }
        return all;
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
     * As a page of HTML for people, to be printed too; the receipt itself is in it.
     *
     * @param language ISO 639-1; English where there are no words for it
     */
    public String page(String language) {
        return ReceiptPage.of(json, language);
    }

    /** In which its caller was spoken to, ISO 639-1; "en" where it does not say. */
    public String language() {
        return ReceiptWords.languageOf(json);
    }

    /**
     * @param signing signs a checkpoint of the log as it stands where none covers the entry that is
     *     to be believed
     * @param until nothing is told of what was written later; null for all
     * @throws IOException where there is no such entry, or no checkpoint to be had
     */
    public static Receipt make(
            Connection connection, UUID id, Sealer sealer, Signing signing, @Nullable Instant until)
            throws SQLException, IOException {
        return new Receipt(new ReceiptMaking(connection, sealer, signing, until).of(id));
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
}
