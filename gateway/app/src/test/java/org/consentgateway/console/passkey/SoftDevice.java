package org.consentgateway.console.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * Confined to one test. A device with one passkey and the browser before it, written from the
 * standard (WebAuthn §6, §5.8.1, RFC 9052), which also does what a real one never would.
 */
final class SoftDevice {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PRESENT = 1;
    private static final int VERIFIED = 4;
    private static final int WITH_KEY = 64;

    private final byte[] id = new byte[32];
    private final KeyPair pair;
    private String handle = "";

    /** What the next answer is made of. */
    String origin = "https://consent.example";

    String site = "consent.example";
    boolean verified = true;
    boolean present = true;
    long count;

    /** Empty for that of the key. */
    String shownHandle = "";

    SoftDevice() throws GeneralSecurityException {
        new SecureRandom().nextBytes(id);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.pair = generator.generateKeyPair();
    }

    String id() {
        return text(id);
    }

    private static String text(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] hash(byte[] octets) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(octets);
    }

    private byte[] client(String type, String challenge) {
        ObjectNode client =
                JSON.createObjectNode()
                        .put("type", type)
                        .put("challenge", challenge)
                        .put("origin", origin)
                        .put("crossOrigin", false);
        return client.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] device(boolean withKey) throws GeneralSecurityException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(hash(site.getBytes(StandardCharsets.UTF_8)));
        all.write((present ? PRESENT : 0) | (verified ? VERIFIED : 0) | (withKey ? WITH_KEY : 0));
        all.writeBytes(ByteBuffer.allocate(4).putInt((int) count).array());
        if (withKey) {
            all.writeBytes(new byte[16]);
            all.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            all.writeBytes(id);
            all.writeBytes(coseKey());
        }
        return all.toByteArray();
    }

    /** A map of five: kty EC2, alg ES256, crv P-256, x, y. */
    private byte[] coseKey() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        var all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {(byte) 0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32});
        all.writeBytes(coordinate(point.getAffineX()));
        all.writeBytes(new byte[] {0x22, 0x58, 32});
        all.writeBytes(coordinate(point.getAffineY()));
        return all.toByteArray();
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] padded = new byte[32];
        byte[] octets = number.toByteArray();
        int length = Math.min(32, octets.length);
        System.arraycopy(octets, octets.length - length, padded, 32 - length, length);
        return padded;
    }

    /** {"fmt": "none", "attStmt": {}, "authData": …} in CBOR. */
    private static byte[] attestation(byte[] device) {
        var all = new ByteArrayOutputStream();
        all.write(0xA3);
        all.writeBytes(cborText("fmt"));
        all.writeBytes(cborText("none"));
        all.writeBytes(cborText("attStmt"));
        all.write(0xA0);
        all.writeBytes(cborText("authData"));
        all.write(0x58);
        all.write(device.length);
        all.writeBytes(device);
        return all.toByteArray();
    }

    private static byte[] cborText(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + octets.length)
                .put((byte) (0x60 | octets.length))
                .put(octets)
                .array();
    }

    private ObjectNode credential() {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id()).put("rawId", id()).put("type", "public-key");
        json.putObject("clientExtensionResults");
        return json;
    }

    /** As a browser sends it when a key is made. */
    String made(JsonNode options) throws GeneralSecurityException {
        handle = options.at("/user/id").asText();
        ObjectNode json = credential();
        json.putObject("response")
                .put(
                        "clientDataJSON",
                        text(client("webauthn.create", options.path("challenge").asText())))
                .put("attestationObject", text(attestation(device(true))))
                .putArray("transports");
        return json.toString();
    }

    /** As a browser sends it when somebody signs in. */
    String signed(JsonNode options) throws GeneralSecurityException {
        return signed(options, pair);
    }

    private String signed(JsonNode options, KeyPair by) throws GeneralSecurityException {
        byte[] client = client("webauthn.get", options.path("challenge").asText());
        byte[] device = device(false);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(by.getPrivate());
        signature.update(device);
        signature.update(hash(client));
        ObjectNode json = credential();
        json.putObject("response")
                .put("clientDataJSON", text(client))
                .put("authenticatorData", text(device))
                .put("signature", text(signature.sign()))
                .put("userHandle", shownHandle.isEmpty() ? handle : shownHandle);
        return json.toString();
    }

    /** Under the id of this one, by the key of another. */
    String signedBy(SoftDevice other, JsonNode options) throws GeneralSecurityException {
        return signed(options, other.pair);
    }
}
