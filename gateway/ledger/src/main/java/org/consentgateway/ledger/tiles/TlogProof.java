package org.consentgateway.ledger.tiles;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.StrictBase64;

/**
 * Immutable. That an entry is in a log, as text of C2SP tlog-proof: what other programs check. The
 * extra data is the entry itself, so that its leaf can be hashed; nothing in it is personal.
 *
 * @param extra octets of the entry, of which the leaf is made
 * @param hashes from the leaf's sibling up
 * @param checkpoint signed note, verbatim
 */
public record TlogProof(byte[] extra, long index, List<byte[]> hashes, String checkpoint) {
    private static final String FORMAT = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public static TlogProof of(Receipt receipt) {
        JsonNode json = receipt.json();
        List<byte[]> hashes = new ArrayList<>();
        json.at("/proof/hashes").forEach(hash -> hashes.add(StrictBase64.octets(hash.asText())));
        return new TlogProof(
                CanonicalJson.bytes(json.path("entry")),
                json.at("/entry/index").longValue(),
                List.copyOf(hashes),
                json.path("checkpoint").asText());
    }

    static boolean isOne(String text) {
        return text.startsWith(FORMAT + "\n");
    }

    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        text.append(EXTRA).append(base64.encodeToString(extra)).append('\n');
        text.append(INDEX).append(index).append('\n');
        hashes.forEach(hash -> text.append(base64.encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    /** Empty where it is none, or one without its entry. */
    public static Optional<TlogProof> parse(String text) {
        int gap = text.indexOf("\n\n");
        if (!isOne(text) || gap < 0) {
            return Optional.empty();
        }
        List<String> lines = List.of(text.substring(0, gap).split("\n", -1));
        try {
            if (lines.size() < 3) {
                return Optional.empty();
            }
            byte[] extra = StrictBase64.octets(after(EXTRA, lines.get(1)));
            long index = Long.parseLong(after(INDEX, lines.get(2)));
            List<byte[]> hashes = new ArrayList<>();
            for (String line : lines.subList(3, lines.size())) {
                hashes.add(StrictBase64.octets(line));
            }
            var proof = new TlogProof(extra, index, List.copyOf(hashes), text.substring(gap + 2));
            return proof.text().equals(text) ? Optional.of(proof) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String after(String name, String line) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("no " + name);
        }
        return line.substring(name.length());
    }

    /** The entry as text. */
    String entry() {
        return new String(extra, StandardCharsets.UTF_8);
    }
}
