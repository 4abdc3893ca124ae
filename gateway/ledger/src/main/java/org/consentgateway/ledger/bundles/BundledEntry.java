package org.consentgateway.ledger.bundles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Merkle;

/** An entry as a bundle has it: canonical JSON of its header. */
final class BundledEntry {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BundledEntry() {}

    /**
     * As the row would be that it stands for. Whether it names its log, its place and the leaf
     * before it tells {@link StoredEntry#header}, whose hash has to be the leaf.
     *
     * @return empty where it is no header
     */
    static Optional<StoredEntry> read(byte[] octets) {
        try {
            JsonNode header = JSON.readTree(octets);
            Instant time = Rfc3339.of(header.path("time").asText());
            if (!header.path("index").isIntegralNumber() || time.equals(Instant.MAX)) {
                return Optional.empty();
            }
            return Optional.of(
                    new StoredEntry(
                            header.path("index").longValue(),
                            header.path("entry_id").asText(),
                            time.toEpochMilli(),
                            header.path("type").asText(),
                            HexFormat.of().parseHex(header.path("commitment").asText()),
                            Merkle.leaf(octets)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
