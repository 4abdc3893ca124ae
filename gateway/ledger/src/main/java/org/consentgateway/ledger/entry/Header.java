package org.consentgateway.ledger.entry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;

/**
 * Immutable. What a leaf hashes: canonical JSON without anything personal. The payload is bound by
 * its salted commitment only, so it can be destroyed and the tree still stands.
 *
 * @param prev hash of the leaf before, of zeros for the first: chains also what no checkpoint
 *     covers yet
 */
public record Header(
        String log,
        long index,
        UUID entryId,
        EntryType type,
        Instant time,
        byte[] commitment,
        byte[] prev) {
    /** Of a header as it is described by FORMAT.md 2. */
    public static final int SCHEMA = 1;

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** What the first entry names as the leaf before it. */
    public static byte[] noLeaf() {
        return new byte[Digests.BYTES];
    }

    /** RFC 8785: members sorted; no value in it needs an escape. */
    public String text() {
        return "{\"commitment\":\""
                + Digests.hex(commitment)
                + "\",\"entry_id\":\""
                + entryId
                + "\",\"index\":"
                + index
                + ",\"log\":\""
                + log
                + "\",\"prev\":\""
                + Digests.hex(prev)
                + "\",\"schema\":"
                + SCHEMA
                + ",\"time\":\""
                + time(time)
                + "\",\"type\":\""
                + type.text()
                + "\"}";
    }

    public byte[] leaf() {
        return Merkle.leaf(text().getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 3339 in UTC with milliseconds. */
    public static String time(Instant time) {
        return MILLIS.format(time);
    }
}
