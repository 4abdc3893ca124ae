import com.fasterxml.jackson.databind.*;
import java.io.*;
import java.math.BigInteger;
import java.net.*;
import java.net.http.*;
import java.security.*;
import java.security.spec.*;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.InflaterInputStream;

/**
 * Whether a consent may be relied on, in plain Java with Jackson. Thread-safe. Use: verify(token,
 * call id).
 */
public record ConsentVerifier(String issuer, String assistant) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long SKEW_SECONDS = 60;

    /**
     * The claims of a token that holds now, for this assistant, in this call (X-Gateway-Call-Id);
     * throws otherwise.
     */
    public JsonNode verify(String token, String call) throws Exception {
        JsonNode claims = signed(token, "consent+jwt");
        require(issuer.equals(claims.path("iss").asText()), "another issuer");
        require(assistant.equals(claims.path("aud").asText()), "for another assistant");
        require(call.equals(claims.path("call").asText()), "for another call");
        JsonNode place = claims.at("/status/status_list");
        require(
                place.path("uri").asText().startsWith(issuer + "/"),
                "a status list of somebody else");
        JsonNode list = signed(get(place.path("uri").asText()), "statuslist+jwt");
        require(list.path("sub").equals(place.path("uri")), "another status list");
        byte[] octets =
                new InflaterInputStream(
                                new ByteArrayInputStream(
                                        bytes(list.at("/status_list/lst").asText())))
                        .readAllBytes();
        int bits = list.at("/status_list/bits").asInt(), at = place.path("idx").asInt(-1) * bits;
        require(
                at >= 0
                        && at / 8 < octets.length
                        && (octets[at / 8] >> at % 8 & (1 << bits) - 1) == 0,
                "the consent has ended");
        return claims;
    }

    private JsonNode signed(String token, String type) throws Exception {
        String[] parts = token.split("\\.", -1);
        require(parts.length == 3, "no token");
        JsonNode header = JSON.readTree(bytes(parts[0])), claims = JSON.readTree(bytes(parts[1]));
        require(type.equals(header.path("typ").asText()), "another kind of token");
        for (JsonNode key : JSON.readTree(get(issuer + "/.well-known/jwks.json")).path("keys")) {
            // The algorithm is that of the key we know, never what the token says of itself.
            if (key.path("kid").equals(header.path("kid"))
                    && key.path("alg").equals(header.path("alg"))) {
                boolean ed = key.path("kty").asText().equals("OKP");
                Signature signature =
                        Signature.getInstance(ed ? "Ed25519" : "SHA256withECDSAinP1363Format");
                signature.initVerify(ed ? ed25519(key) : p256(key));
                signature.update((parts[0] + "." + parts[1]).getBytes("US-ASCII"));
                require(signature.verify(bytes(parts[2])), "a wrong signature");
                require(
                        claims.path("exp").asLong() + SKEW_SECONDS > Instant.now().getEpochSecond(),
                        "expired");
                return claims;
            }
        }
        throw new SignatureException("an unknown key");
    }

    private static PublicKey ed25519(JsonNode key) throws GeneralSecurityException {
        byte[] x = bytes(key.path("x").asText()),
                der =
                        java.util.Arrays.copyOf(
                                java.util.HexFormat.of().parseHex("302a300506032b6570032100"), 44);
        System.arraycopy(x, 0, der, 12, 32);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }

    private static PublicKey p256(JsonNode key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point =
                new ECPoint(
                        new BigInteger(1, bytes(key.path("x").asText())),
                        new BigInteger(1, bytes(key.path("y").asText())));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static String get(String uri) throws Exception {
        HttpResponse<String> answer =
                HTTP.send(
                        HttpRequest.newBuilder(URI.create(uri)).build(),
                        HttpResponse.BodyHandlers.ofString());
        require(answer.statusCode() == 200, "nothing at " + uri);
        return answer.body();
    }

    private static byte[] bytes(String base64url) {
        return Base64.getUrlDecoder().decode(base64url);
    }

    private static void require(boolean holds, String otherwise) throws SignatureException {
        if (!holds) throw new SignatureException(otherwise);
    }

    /** ISSUER ASSISTANT CALL TOKEN: prints the claims, or why not (exit code 1). */
    public static void main(String[] args) {
        try {
            System.out.println(new ConsentVerifier(args[0], args[1]).verify(args[3], args[2]));
        } catch (Exception refused) {
            System.out.println("refused: " + refused.getMessage());
            System.exit(1);
        }
    }
}
