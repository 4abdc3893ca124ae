package org.consentgateway.ledger.tree;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Immutable. A private Ed25519 key with its public half. As text: {@code
 * PRIVATE+KEY+name+hash+base64} as golang.org/x/mod/sumdb/note writes it, a space, the verifier
 * key.
 */
public final class SigningKey {
    private static final String PREFIX = "PRIVATE+KEY+";

    /** What PKCS #8 puts before the 32 bytes of the seed (RFC 8410 §7). */
    private static final byte[] PKCS8_PREFIX =
            Digests.HEX.parseHex("302e020100300506032b657004220420");

    private final VerifierKey verifier;
    private final byte[] seed;
    private final PrivateKey key;

    private SigningKey(VerifierKey verifier, byte[] seed) throws GeneralSecurityException {
        this.verifier = verifier;
        this.seed = seed;
        byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
        System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, seed.length);
        key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    public static SigningKey create(String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] encoded = pair.getPrivate().getEncoded();
            return new SigningKey(
                    VerifierKey.of(name, pair.getPublic()),
                    Arrays.copyOfRange(encoded, PKCS8_PREFIX.length, PKCS8_PREFIX.length + 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty where the text is no such pair or its halves do not belong together. */
    public static Optional<SigningKey> parse(String text) {
        String[] halves = text.strip().split(" ", 2);
        if (halves.length != 2 || !halves[0].startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<VerifierKey> verifier = VerifierKey.parse(halves[1]);
        String[] parts = halves[0].substring(PREFIX.length()).split("\\+", 3);
        if (verifier.isEmpty() || parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            return of(verifier.get(), Arrays.copyOfRange(typed, 1, Math.max(1, typed.length)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty where the halves do not belong together. */
    static Optional<SigningKey> of(VerifierKey verifier, byte[] seed) {
        try {
            SigningKey key = new SigningKey(verifier, seed);
            byte[] probe = {1, 2, 3};
            return verifier.verifies(probe, key.sign(probe)) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    byte[] seed() {
        return seed.clone();
    }

    public String text() {
        byte[] typed = new byte[33];
        typed[0] = 1;
        System.arraycopy(seed, 0, typed, 1, 32);
        return PREFIX
                + verifier.name()
                + "+"
                + verifier.hash()
                + "+"
                + Base64.getEncoder().encodeToString(typed)
                + " "
                + verifier.text();
    }

    public VerifierKey verifier() {
        return verifier;
    }

    byte[] sign(byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The signature line of a note over this text. */
    public String line(String text) {
        byte[] signature = sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] blob = Arrays.copyOf(Digests.HEX.parseHex(verifier.hash()), 4 + signature.length);
        System.arraycopy(signature, 0, blob, 4, signature.length);
        return SignedNote.DASH
                + verifier.name()
                + " "
                + Base64.getEncoder().encodeToString(blob)
                + "\n";
    }

    @Override
    public String toString() {
        return "SigningKey[" + verifier.name() + "+" + verifier.hash() + "]";
    }
}
