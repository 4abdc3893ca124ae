package org.consentgateway.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.journal.LogPosition;

/**
 * Thread-safe. Tokens of consents that nobody has given, right ones and forged ones, for trying who
 * checks them. They are signed by keys of its own: who is in service does not believe them.
 */
public final class TrialTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "consent+jwt";
    private static final String ALGORITHM = "alg";
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "trial",
                    "1",
                    "de",
                    "",
                    "00".repeat(32),
                    "00".repeat(32),
                    new Notice.Controller("", "", ""));

    private final TokenKeys keys;
    private final TokenKeys unpublished;
    private final InstantSource clock;
    private final ConsentTokens tokens;

    /**
     * @param keys made for the trial
     * @param unpublished others, which sign what nobody may believe
     * @param issuer URL under which {@link #published} is served
     */
    public TrialTokens(TokenKeys keys, TokenKeys unpublished, String issuer, InstantSource clock) {
        this.keys = keys;
        this.unpublished = unpublished;
        this.clock = clock;
        this.tokens =
                new ConsentTokens(
                        keys, new ConsentTokens.Terms(issuer, LIFETIME), clock, new SecureRandom());
    }

    /** Keys and status lists, as a gateway has them. */
    public ConsentTokens published() {
        return tokens;
    }

    /**
     * As it should be.
     *
     * @param record of the consent
     * @param purposes ids, one space between
     */
    public String of(UUID call, UUID record, String assistant, String purposes) {
        return tokens.issue(
                        new ConsentTokens.Stated(
                                record,
                                call,
                                "trial",
                                purposes,
                                ConsentTokens.Stated.THIS_CALL,
                                NOTICE,
                                new LogPosition("consent-gateway/trial", 0)),
                        assistant,
                        Optional.empty())
                .thin();
    }

    /** From now on no token of this call holds that there is. */
    public void end(UUID call) {
        tokens.outdated(call);
    }

    /** Wrong in one way, and right in all others; empty where there is none. */
    public String forged(Forgery how, UUID call, String assistant) {
        String right = of(call, UUID.randomUUID(), assistant, "assistant transcript");
        Instant now = clock.instant();
        return switch (how) {
            case MISSING -> "";
            case UNSIGNED ->
                    encoded("{\"alg\":\"none\",\"typ\":\"" + TYPE + "\"}")
                            + "."
                            + claims(right)
                            + ".";
            case SECRET -> bySecret(right);
            case STRANGER -> unpublished.signed(TYPE, read(right), now);
            case CHANGED -> {
                String[] parts = right.split("\\.", -1);
                String more = TokenKeys.json(with(right, "pur", "assistant transcript recording"));
                yield parts[0] + "." + encoded(more) + "." + parts[2];
            }
            case EXPIRED -> {
                Instant over = now.minus(LIFETIME);
                Map<String, Object> claims = with(right, "exp", over.getEpochSecond());
                claims.put("iat", over.minus(LIFETIME).getEpochSecond());
                yield keys.signed(TYPE, claims, now);
            }
            case OTHER_ASSISTANT -> keys.signed(TYPE, with(right, "aud", assistant + "-2"), now);
            case OTHER_CALL ->
                    keys.signed(TYPE, with(right, "call", UUID.randomUUID().toString()), now);
            case WITHDRAWN -> {
                end(call);
                yield right;
            }
        };
    }

    private static Map<String, Object> with(String token, String claim, Object value) {
        Map<String, Object> claims = read(token);
        claims.put(claim, value);
        return claims;
    }

    private static Map<String, Object> read(String token) {
        try {
            return JSON.readValue(decoded(claims(token)), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a token of our own", e);
        }
    }

    private static String claims(String token) {
        return token.split("\\.", -1)[1];
    }

    private String bySecret(String right) {
        try {
            JsonNode key = JSON.readTree(tokens.keySet()).at("/keys/0");
            Map<String, Object> header = new LinkedHashMap<>();
            header.put(ALGORITHM, "HS256");
            header.put("typ", TYPE);
            header.put("kid", key.path("kid").asText());
            String message = encoded(TokenKeys.json(header)) + "." + claims(right);
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] secret = Base64.getUrlDecoder().decode(key.path("x").asText());
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal(message.getBytes(StandardCharsets.US_ASCII));
            return message
                    + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (JsonProcessingException | GeneralSecurityException e) {
            throw new IllegalStateException("a key of our own", e);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
