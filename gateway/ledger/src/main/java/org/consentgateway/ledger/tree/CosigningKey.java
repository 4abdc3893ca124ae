package org.consentgateway.ledger.tree;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Immutable. The private key of a witness with its public half. As text: {@code
 * PRIVATE+KEY+name+hash+base64}, a space, the public half.
 */
public final class CosigningKey {
    private static final String PREFIX = "PRIVATE+KEY+";

    private final WitnessKey witness;
    private final SigningKey key;

    private CosigningKey(String name, SigningKey key) {
        this.witness = WitnessKey.of(name, key.verifier().key());
        this.key = key;
    }

    public static CosigningKey create(String name) {
        return new CosigningKey(name, SigningKey.create(name));
    }

    /** Empty where the text is no such pair or its halves do not belong together. */
    public static Optional<CosigningKey> parse(String text) {
        String[] halves = text.strip().split(" ", 2);
        if (halves.length != 2 || !halves[0].startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<WitnessKey> witness = WitnessKey.parse(halves[1]);
        String[] parts = halves[0].substring(PREFIX.length()).split("\\+", 3);
        if (witness.isEmpty() || parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            byte[] seed = Arrays.copyOfRange(typed, 1, Math.max(1, typed.length));
            String name = witness.get().name();
            return SigningKey.of(VerifierKey.of(name, witness.get().key()), seed)
                    .map(key -> new CosigningKey(name, key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public String text() {
        return PREFIX
                + witness.name()
                + "+"
                + witness.hash()
                + "+"
                + Base64.getEncoder().encodeToString(WitnessKey.typed(key.seed()))
                + " "
                + witness.text();
    }

    public WitnessKey witness() {
        return witness;
    }

    /** The line of a checkpoint that says: seen at this time, and it continues what was before. */
    public String line(String text, Instant now) {
        long seconds = now.getEpochSecond();
        byte[] signature = key.sign(WitnessKey.message(text, seconds));
        byte[] blob =
                ByteBuffer.allocate(4 + Long.BYTES + signature.length)
                        .put(Digests.HEX.parseHex(witness.hash()))
                        .putLong(seconds)
                        .put(signature)
                        .array();
        return SignedNote.DASH
                + witness.name()
                + " "
                + Base64.getEncoder().encodeToString(blob)
                + "\n";
    }

    @Override
    public String toString() {
        return "CosigningKey[" + witness.name() + "+" + witness.hash() + "]";
    }
}
