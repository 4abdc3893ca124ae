package org.consentgateway.ledger.tree;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Immutable. A tree head in the form of C2SP tlog-checkpoint: origin, size, base64 of the root, one
 * a line.
 */
public record Checkpoint(String origin, long size, byte[] root) {
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** Reads the text of a note; lines after the third are extensions and passed over. */
    public static Optional<Checkpoint> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3 || lines.get(0).isEmpty()) {
            return Optional.empty();
        }
        try {
            long size = Long.parseLong(lines.get(1));
            byte[] root = StrictBase64.octets(lines.get(2));
            boolean canonical = size >= 0 && lines.get(1).equals(Long.toString(size));
            return canonical && root.length == Digests.BYTES
                    ? Optional.of(new Checkpoint(lines.get(0), size, root))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
