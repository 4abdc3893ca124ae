package org.consentgateway.ledger.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. A key that signs for those who know JOSE (RFC 7515). As text: since when it signs,
 * algorithm, private half (PKCS #8), public half (X.509), the last two in base64.
 */
public final class JwsKey {

    /** What can be signed with. */
    public enum Algorithm {
        /** Ed25519 (RFC 8037). */
        EDDSA("EdDSA", "Ed25519", "Ed25519"),
        /** ECDSA with P-256 and SHA-256 (RFC 7518 §3.4): the two numbers, one after the other. */
        ES256("ES256", "EC", "SHA256withECDSAinP1363Format");

        /** As in a JOSE header. */
        private final String jose;

        private final String keys;
        private final String signature;

        Algorithm(String jose, String keys, String signature) {
            this.jose = jose;
            this.keys = keys;
            this.signature = signature;
        }
    }

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    /** Octets of a coordinate of either curve, which are last in X.509. */
    private static final int COORDINATE = 32;

    private final Instant from;
    private final Algorithm algorithm;
    private final PrivateKey key;
    private final PublicKey verifier;
    private final String id;

    private JwsKey(Instant from, Algorithm algorithm, PrivateKey key, PublicKey verifier) {
        this.from = from;
        this.algorithm = algorithm;
        this.key = key;
        this.verifier = verifier;
        this.id = thumbprint(members());
    }

    /**
     * @param from since when it signs
     */
    static JwsKey create(Algorithm algorithm, Instant from) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.keys);
            if (algorithm == Algorithm.ES256) {
                generator.initialize(256);
            }
            KeyPair pair = generator.generateKeyPair();
            return new JwsKey(from, algorithm, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty where the text is none, or its halves do not belong together. */
    static Optional<JwsKey> parse(String text) {
        String[] parts = text.strip().split(" ", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            Algorithm algorithm = Algorithm.valueOf(parts[1]);
            KeyFactory factory = KeyFactory.getInstance(algorithm.keys);
            var key =
                    new JwsKey(
                            Instant.parse(parts[0]),
                            algorithm,
                            factory.generatePrivate(new PKCS8EncodedKeySpec(octets(parts[2]))),
                            factory.generatePublic(new X509EncodedKeySpec(octets(parts[3]))));
            return key.fits() ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static byte[] octets(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private boolean fits() throws GeneralSecurityException {
        byte[] probe = {1, 2, 3};
        Signature verifying = Signature.getInstance(algorithm.signature);
        verifying.initVerify(verifier);
        verifying.update(probe);
        return verifying.verify(sign(probe));
    }

    String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return String.join(
                " ",
                from.toString(),
                algorithm.name(),
                base64.encodeToString(key.getEncoded()),
                base64.encodeToString(verifier.getEncoded()));
    }

    public Instant from() {
        return from;
    }

    /** Its thumbprint (RFC 7638). */
    public String id() {
        return id;
    }

    /** As in a JOSE header. */
    public String algorithm() {
        return algorithm.jose;
    }

    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(algorithm.signature);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half as a JWK (RFC 7517). */
    public Map<String, String> jwk() {
        Map<String, String> jwk = new LinkedHashMap<>(members());
        jwk.put("kid", id);
        jwk.put("use", "sig");
        jwk.put("alg", algorithm.jose);
        return jwk;
    }

    /** Those that make the key what it is, by name (RFC 7638 §3.2). */
    private SortedMap<String, String> members() {
        byte[] encoded = verifier.getEncoded();
        String last = coordinate(encoded, 1);
        var members = new TreeMap<String, String>();
        switch (algorithm) {
            case EDDSA -> {
                members.put("kty", "OKP");
                members.put("crv", "Ed25519");
                members.put("x", last);
            }
            case ES256 -> {
                members.put("kty", "EC");
                members.put("crv", "P-256");
                members.put("x", coordinate(encoded, 2));
                members.put("y", last);
            }
        }
        return members;
    }

    private static String coordinate(byte[] encoded, int fromTheEnd) {
        int at = encoded.length - fromTheEnd * COORDINATE;
        return BASE64URL.encodeToString(Arrays.copyOfRange(encoded, at, at + COORDINATE));
    }

    private static String thumbprint(SortedMap<String, String> members) {
        String json =
                members.entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\":\"" + each.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
        return BASE64URL.encodeToString(Digests.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "JwsKey[" + id + "]";
    }
}
