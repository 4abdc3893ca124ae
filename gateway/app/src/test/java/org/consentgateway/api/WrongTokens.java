package org.consentgateway.api;

import static org.consentgateway.api.TestProvider.AUDIENCE;
import static org.consentgateway.api.TestProvider.signed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;

/** Tokens that must open nothing, each by what is wrong with it. */
final class WrongTokens {
    private final RSAKey key;
    private final String issuer;
    private final Instant now;
    private final Map<String, String> all = new LinkedHashMap<>();

    /**
     * @param key that the provider publishes
     */
    static Map<String, String> of(RSAKey key, String issuer, Instant now) throws Exception {
        var wrong = new WrongTokens(key, issuer, now);
        wrong.bySignature();
        wrong.byHeader();
        wrong.byClaims();
        wrong.byWhatItIsFor();
        wrong.byForm();
        return wrong.all;
    }

    private WrongTokens(RSAKey key, String issuer, Instant now) {
        this.key = key;
        this.issuer = issuer;
        this.now = now;
    }

    private JWTClaimsSet.Builder right() {
        return TestProvider.claims(issuer, now, EnumSet.allOf(ApiScope.class));
    }

    private void bySignature() throws JOSEException {
        JWTClaimsSet claims = right().build();
        String good = signed(key, claims);
        String body = good.substring(0, good.lastIndexOf('.') + 1);
        all.put("alg none", new PlainJWT(claims).serialize());
        all.put("alg nOnE", header("nOnE") + body.substring(body.indexOf('.')));
        all.put("no signature", body);
        all.put("a signature of zeroes", body + "A".repeat(342));
        all.put("other claims under the same signature", changed(good));
        all.put("HS256 with the public key", hmac(key.toRSAPublicKey().getEncoded(), claims));
        String pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(key.toRSAPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n";
        all.put("HS256 with its PEM", hmac(pem.getBytes(StandardCharsets.US_ASCII), claims));
        RSAKey stranger = TestProvider.OTHER;
        all.put("other kid", signed(stranger, claims));
        all.put("the right kid, another key", signed(stranger, header().build(), claims));
    }

    private JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
    }

    private static String header(String algorithm) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        "{\"alg\":\"%s\",\"typ\":\"at+jwt\"}"
                                .formatted(algorithm)
                                .getBytes(StandardCharsets.UTF_8));
    }

    private String hmac(byte[] secret, JWTClaimsSet claims) throws JOSEException {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType("at+jwt"))
                                .keyID(key.getKeyID())
                                .build(),
                        claims);
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private String changed(String good) {
        String[] parts = good.split("\\.", -1);
        String claims =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                right().subject("admin")
                                        .build()
                                        .toString()
                                        .getBytes(StandardCharsets.UTF_8));
        return parts[0] + "." + claims + "." + parts[2];
    }

    private void byHeader() {
        JWTClaimsSet claims = right().build();
        RSAKey stranger = TestProvider.OTHER;
        all.put(
                "a key of its own in the header",
                signed(
                        stranger,
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .type(new JOSEObjectType("at+jwt"))
                                .jwk(stranger.toPublicJWK())
                                .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                                .build(),
                        claims));
        all.put(
                "an algorithm that is not taken",
                signed(
                        key,
                        new JWSHeader.Builder(JWSAlgorithm.RS512)
                                .type(new JOSEObjectType("at+jwt"))
                                .keyID(key.getKeyID())
                                .build(),
                        claims));
        all.put(
                "a token for another end",
                signed(key, header().type(new JOSEObjectType("logout+jwt")).build(), claims));
        all.put(
                "what is critical and not understood",
                signed(
                        key,
                        header().criticalParams(Set.of("b65")).customParam("b65", true).build(),
                        claims));
    }

    private void byClaims() {
        all.put("expired", signed(key, right().expirationTime(at(-31)).build()));
        all.put("without an end", signed(key, right().expirationTime(null).build()));
        all.put("not yet valid", signed(key, right().notBeforeTime(at(60)).build()));
        all.put("other audience", signed(key, right().audience("https://other.example").build()));
        all.put("no audience", signed(key, right().audience((String) null).build()));
        all.put("nearly the audience", signed(key, right().audience(AUDIENCE + "/").build()));
        all.put("other issuer", signed(key, right().issuer("https://evil.example").build()));
        all.put("nearly the issuer", signed(key, right().issuer(issuer + "/").build()));
        all.put("no issuer", signed(key, right().issuer(null).build()));
        all.put("of nobody", signed(key, right().subject(null).build()));
    }

    /** Of the type that access tokens of some providers have as well, or of none. */
    private void byWhatItIsFor() {
        for (String claim : List.of("nonce", "at_hash", "c_hash")) {
            JWTClaimsSet claims = right().claim(claim, "MTIzNDU2Nzg5").build();
            JWSHeader plain = header().type(JOSEObjectType.JWT).build();
            all.put("an ID token by its " + claim, signed(key, plain, claims));
            all.put(
                    "an ID token without a type, by its " + claim,
                    signed(key, header().type(null).build(), claims));
        }
    }

    private Date at(int seconds) {
        return Date.from(now.plusSeconds(seconds));
    }

    private void byForm() {
        String good = signed(key, right().build());
        all.put("a huge token", signed(key, right().claim("more", "x".repeat(7_000)).build()));
        all.put("deep", signed(key, right().claim("deep", deep(400)).build()));
        all.put("four parts", good + ".AAAA");
        all.put("two tokens", good + " " + good);
        all.put("dots", "..");
        all.put("no base64", "%.%.%");
    }

    private static Object deep(int levels) {
        Object inner = List.of();
        for (int i = 0; i < levels; i++) {
            inner = List.of(inner);
        }
        return inner;
    }
}
