package org.consentgateway.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;

/** Thread-safe. Signs claims: JWS in its compact form (RFC 7515 §7.1). */
public final class TokenKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final JwsKeys keys;

    public TokenKeys(JwsKeys keys) {
        this.keys = keys;
    }

    /**
     * @param type told explicitly, so that nothing signed for one end serves another (RFC 8725
     *     §3.11)
     */
    String signed(String type, Map<String, Object> claims, Instant now) {
        JwsKey key = keys.current(now);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm());
        header.put("typ", type);
        header.put("kid", key.id());
        String message = base64url(json(header)) + "." + base64url(json(claims));
        return message
                + "."
                + BASE64URL.encodeToString(key.sign(message.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * JSON Web Key Set (RFC 7517 §5).
     *
     * @param lifetime of what is signed
     */
    public String keySet(Instant now, Duration lifetime) {
        return json(
                Map.of("keys", keys.published(now, lifetime).stream().map(JwsKey::jwk).toList()));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of texts and numbers are JSON", e);
        }
    }

    private static String base64url(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
