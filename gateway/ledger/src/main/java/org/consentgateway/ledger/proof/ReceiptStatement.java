package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. What a log says of a receipt as a whole: that this is all that stood there about its
 * consent. Without it, somebody who has a receipt could leave out the withdrawal in it. As the text
 * of a signed note:
 *
 * <pre>
 * consent-gateway/receipt/1
 * example.com/log/node-1
 * entry 0199f3a2-7c31-7b52-9d40-1f2e3d4c5b6a
 * size 276
 * sha256 HEX
 * </pre>
 *
 * @param size where the log stood
 * @param sha256 of the receipt without this and without signed_by (RFC 8785), lower-case hex
 */
record ReceiptStatement(String origin, String entry, long size, String sha256) {
    static final String MEMBER = "statement";

    private static final String FORMAT = "consent-gateway/receipt/1";

    /** Of a receipt that has all but this. */
    static ReceiptStatement of(JsonNode receipt) {
        String origin = receipt.at("/entry/log").asText();
        ObjectNode bare = receipt.deepCopy();
        bare.remove(List.of(MEMBER, "signed_by"));
        return new ReceiptStatement(
                origin,
                receipt.at("/entry/entry_id").asText(),
                asOf(receipt).at("/proof/size").asLong(),
                Digests.hex(Digests.of(CanonicalJson.bytes(bare))));
    }

    /** Where the log of the receipt's entry stood; missing where that is not told. */
    static JsonNode asOf(JsonNode receipt) {
        String origin = receipt.at("/entry/log").asText();
        return receipt.path("as_of")
                .valueStream()
                .filter(one -> one.at("/entry/log").asText().equals(origin))
                .findFirst()
                .orElse(receipt.path("no such member"));
    }

    String signed(SigningKey key) {
        return SignedNote.sign(text(), List.of(key));
    }

    private String text() {
        return String.join(
                        "\n", FORMAT, origin, "entry " + entry, "size " + size, "sha256 " + sha256)
                + "\n";
    }

    /** Whether the statement in a receipt is this one, by a key that signed at the time. */
    boolean isSigned(JsonNode receipt, List<VerifierKey> keys) {
        List<VerifierKey> ofLog = new ArrayList<>(keys);
        ofLog.removeIf(key -> !key.name().equals(origin));
        return SignedNote.parse(receipt.path(MEMBER).asText())
                .filter(note -> note.text().equals(text()))
                .filter(note ->
                        note.verify(
                                        ofLog,
                                        size,
                                        Rfc3339.of(asOf(receipt).at("/entry/time").asText()))
                                instanceof SignedNote.Verdict.Verified)
                .isPresent();
    }
}
