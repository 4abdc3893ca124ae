package org.consentgateway.ledger.tree;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a log says of its own keys, as the text of a signed note: from which size of the
 * tree on a key signs, which one it replaces, which one is revoked.
 *
 * <pre>
 * consent-gateway/key/1
 * example.com/log/node-1
 * size 277
 * time 2026-11-27T20:00:00Z
 * key example.com/log/node-1+11aa22bb+AV…
 * replaces example.com/log/node-1+33cc44dd+AX…
 * revokes example.com/log/node-1+33cc44dd+AX…
 * </pre>
 *
 * @param size of the tree with which it begins: of the last that the replaced key signs, too
 * @param key in force from here on
 * @param replaces null where it is the first, or the same as before
 * @param revokes null where none is
 */
public record KeyStatement(
        String origin,
        long size,
        Instant time,
        VerifierKey key,
        @Nullable VerifierKey replaces,
        @Nullable VerifierKey revokes) {
    private static final String FORMAT = "consent-gateway/key/1";

    /** As a signed note. */
    public String signed(Collection<SigningKey> keys) {
        return SignedNote.sign(text(), keys);
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        lines.add(FORMAT);
        lines.add(origin);
        lines.add("size " + size);
        lines.add("time " + time);
        lines.add("key " + key.text());
        if (replaces != null) {
            lines.add("replaces " + replaces.text());
        }
        if (revokes != null) {
            lines.add("revokes " + revokes.text());
        }
        return String.join("\n", lines) + "\n";
    }

    /** Empty where it is none: nothing is passed over in it. */
    public static Optional<KeyStatement> parse(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        try {
            if (lines.size() < 5 || !lines.getFirst().equals(FORMAT)) {
                return Optional.empty();
            }
            KeyStatement statement =
                    new KeyStatement(
                            lines.get(1),
                            Long.parseLong(after("size ", lines.get(2))),
                            Instant.parse(after("time ", lines.get(3))),
                            key(after("key ", lines.get(4))),
                            optional("replaces ", lines),
                            optional("revokes ", lines));
            return statement.text().equals(text) ? Optional.of(statement) : Optional.empty();
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable VerifierKey optional(String name, List<String> lines) {
        return lines.stream()
                .skip(5)
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> key(after(name, line)))
                .orElse(null);
    }

    private static VerifierKey key(String text) {
        return VerifierKey.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("no key: " + text));
    }

    private static String after(String name, String line) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("no " + name + ": " + line);
        }
        return line.substring(name.length());
    }
}
