package org.consentgateway.ledger.tiles;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.StrictBase64;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. That a log has only grown between two of its checkpoints (RFC 9162 §2.1.4), in the
 * form in which a C2SP tlog-witness takes it: the older size, hashes, and the newer checkpoint.
 *
 * @param old how many entries the older checkpoint covers
 * @param checkpoint the newer one, a signed note, verbatim
 */
public record ConsistencyProof(long old, List<byte[]> hashes, String checkpoint) {
    private static final String OLD = "old ";

    /**
     * @param to entries that the newer checkpoint covers; null for the newest there is that is
     *     believed and witnessed
     * @throws IOException where there is no such checkpoint
     */
    public static ConsistencyProof of(
            Connection connection, Log log, long from, @Nullable Long to, Receipt.Signing signing)
            throws SQLException, IOException {
        long least = Math.min(from, StoredCheckpoints.newestSize(connection, log));
        String note =
                (to == null
                                ? signing.choose(StoredCheckpoints.last(connection, log, least))
                                : StoredCheckpoints.from(connection, log, to))
                        .orElseThrow(() ->
                                new IOException(
                                        to == null
                                                ? log.origin() + " has no checkpoint yet"
                                                : "no checkpoint covers " + to + " entries yet"));
        long size =
                SignedNote.parse(note)
                        .flatMap(signed -> Checkpoint.parse(signed.text()))
                        .orElseThrow(() -> new IOException("the checkpoint is damaged"))
                        .size();
        if (to != null && size != to) {
            throw new IOException(
                    "no checkpoint was signed at " + to + " entries; the next one is at " + size);
        }
        if (from < 0 || from > size) {
            throw new IOException("there is no growth from " + from + " to " + size + " entries");
        }
        List<byte[]> hashes = Log.proofs(connection, log.id()).consistency(from, size);
        return new ConsistencyProof(from, hashes, note);
    }

    static boolean isOne(String text) {
        return text.startsWith(OLD);
    }

    public String text() {
        StringBuilder text = new StringBuilder(OLD).append(old).append('\n');
        hashes.forEach(hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    /** Empty where it is none. */
    public static Optional<ConsistencyProof> parse(String text) {
        int gap = text.indexOf("\n\n");
        if (!isOne(text) || gap < 0) {
            return Optional.empty();
        }
        try {
            String[] lines = text.substring(0, gap).split("\n", -1);
            List<byte[]> hashes = new ArrayList<>();
            for (int i = 1; i < lines.length; i++) {
                hashes.add(StrictBase64.octets(lines[i]));
            }
            var proof =
                    new ConsistencyProof(
                            Long.parseLong(lines[0].substring(OLD.length())),
                            List.copyOf(hashes),
                            text.substring(gap + 2));
            return proof.text().equals(text) ? Optional.of(proof) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
