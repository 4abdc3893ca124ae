package org.consentgateway.ledger.tree;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Text and signature lines (C2SP signed-note): text ending in a newline, an empty line,
 * lines of em dash, space, key name, space, base64 of key hash and signature.
 */
public record SignedNote(String text, List<SignatureLine> signatures) {
    static final String DASH = "\u2014 ";

    /** More signature lines than this make a note malformed. */
    private static final int MAX_SIGNATURES = 100;

    public record SignatureLine(String name, String hash, byte[] signature) {
        /** With its newline. */
        public String text() {
            byte[] blob = Arrays.copyOf(Digests.HEX.parseHex(hash), 4 + signature.length);
            System.arraycopy(signature, 0, blob, 4, signature.length);
            return DASH + name + " " + Base64.getEncoder().encodeToString(blob) + "\n";
        }
    }

    /** What verifying found. */
    public sealed interface Verdict {
        /** At least one known key signed, and no signature of a known key is wrong. */
        record Verified(List<VerifierKey> by) implements Verdict {}

        record WrongSignature(VerifierKey key) implements Verdict {}

        record NoKnownKey() implements Verdict {}

        /** Rightly signed, but only by a key that does not count for it (any more). */
        record NotBelieved(VerifierKey key, String why) implements Verdict {}
    }

    public static String sign(String text, Collection<SigningKey> keys) {
        StringBuilder note = new StringBuilder(text).append('\n');
        keys.forEach(key -> note.append(key.line(text)));
        return note.toString();
    }

    /** Empty where it is no note. */
    public static Optional<SignedNote> parse(String note) {
        int gap = note.lastIndexOf("\n\n");
        if (gap < 0 || !note.endsWith("\n") || hasControls(note)) {
            return Optional.empty();
        }
        List<SignatureLine> lines = new ArrayList<>();
        for (String line : note.substring(gap + 2).lines().toList()) {
            Optional<SignatureLine> one = signatureLine(line);
            if (one.isEmpty() || lines.size() == MAX_SIGNATURES) {
                return Optional.empty();
            }
            lines.add(one.get());
        }
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(new SignedNote(note.substring(0, gap + 1), lines));
    }

    /** Empty where it is none. */
    public static Optional<SignatureLine> signatureLine(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !line.startsWith(DASH)) {
            return Optional.empty();
        }
        try {
            byte[] blob = StrictBase64.octets(parts[2]);
            return blob.length < 5
                    ? Optional.empty()
                    : Optional.of(
                            new SignatureLine(
                                    parts[1],
                                    Digests.hex(Arrays.copyOf(blob, 4)),
                                    Arrays.copyOfRange(blob, 4, blob.length)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Unknown keys are passed over; one wrong signature of a known key spoils the note.
     *
     * @param size of the tree that is signed
     * @param time of the last entry that is to be believed by it; null where none is known
     */
    public Verdict verify(Collection<VerifierKey> known, long size, @Nullable Instant time) {
        if (!(verify(known) instanceof Verdict.Verified(List<VerifierKey> by))) {
            return verify(known);
        }
        List<VerifierKey> believed =
                by.stream().filter(key -> key.life().objection(size, time).isEmpty()).toList();
        VerifierKey first = by.getFirst();
        return believed.isEmpty()
                ? new Verdict.NotBelieved(first, first.life().objection(size, time).orElseThrow())
                : new Verdict.Verified(believed);
    }

    /** The same for what stands outside of any tree. */
    public Verdict verify(Collection<VerifierKey> known) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        List<VerifierKey> by = new ArrayList<>();
        for (SignatureLine line : signatures) {
            for (VerifierKey key : known) {
                if (!key.name().equals(line.name) || !key.hash().equals(line.hash)) {
                    continue;
                }
                if (!key.verifies(message, line.signature)) {
                    return new Verdict.WrongSignature(key);
                }
                by.add(key);
            }
        }
        return by.isEmpty() ? new Verdict.NoKnownKey() : new Verdict.Verified(by);
    }

    /**
     * With one more signature line in place of an older one by the same key.
     *
     * @param note as it is kept
     * @param line with its newline
     */
    public static String with(String note, String line) {
        int gap = note.lastIndexOf("\n\n") + 2;
        StringBuilder lines = new StringBuilder(note.substring(0, gap));
        Optional<SignatureLine> added = signatureLine(line.strip());
        note.substring(gap)
                .lines()
                .filter(one -> !isBySame(signatureLine(one), added))
                .forEach(one -> lines.append(one).append('\n'));
        return lines.append(line).toString();
    }

    private static boolean isBySame(Optional<SignatureLine> one, Optional<SignatureLine> other) {
        return one.isPresent()
                && other.isPresent()
                && one.get().name().equals(other.get().name())
                && one.get().hash().equals(other.get().hash());
    }

    private static boolean hasControls(String note) {
        return note.chars().anyMatch(c -> c < 0x20 && c != '\n');
    }
}
