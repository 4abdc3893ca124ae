package org.consentgateway.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * Immutable. What a leaf hashes: canonical JSON without anything personal. The payload is bound by
 * its salted commitment only, so it can be destroyed and the tree still stands.
 *
 * @param prev hash of the leaf before, of zeros for the first: chains also what no checkpoint
 *     covers yet
 */
record Header(
        String log,
        long index,
        UUID entryId,
        EntryType type,
        Instant time,
        byte[] commitment,
        byte[] prev) {
    static final int SCHEMA = 1;
    static final byte[] NO_LEAF = new byte[Digests.BYTES];

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** RFC 8785: members sorted; no value in it needs an escape. */
    String text() {
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

    byte[] leaf() {
        return Merkle.leaf(text().getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 3339 in UTC with milliseconds. */
    static String time(Instant time) {
        return MILLIS.format(time);
    }
}
