package org.consentgateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Immutable. What the demonstration's assistant was told of a consent. It reads the token and does
 * not check it: who goes by a token has to, as config/assistants/verify shows.
 *
 * @param lasting whether it holds for later calls, too
 */
record DemoConsent(String language, List<String> purposes, boolean lasting, String token) {
    private static final ObjectMapper JSON = new ObjectMapper();

    DemoConsent {
        purposes = List.copyOf(purposes);
    }

    /**
     * What of a token is read out.
     *
     * @param record the consent's record
     * @param expires when it holds no longer
     */
    record Claims(List<String> purposes, String record, Instant expires) {}

    /**
     * @param told parameters of a socket's first message, or headers of an INVITE
     */
    static DemoConsent of(Map<String, String> told) {
        Map<String, String> all = new TreeMap<>();
        told.forEach((name, value) -> all.put(parameter(name), value));
        return new DemoConsent(
                all.getOrDefault("consent_language", ""),
                purposes(all.getOrDefault("consent_purposes", "")),
                !all.getOrDefault("consent_valid_until", "this-call").equals("this-call"),
                all.getOrDefault("consent_token", ""));
    }

    /** X-Consent-Level is consent_level. */
    private static String parameter(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("^x-", "").replace('-', '_');
    }

    private static List<String> purposes(String listed) {
        return Stream.of(listed.split("[ ,]+", -1)).filter(one -> !one.isEmpty()).toList();
    }

    /** After one purpose more, or less. */
    DemoConsent with(String newPurposes, String newToken) {
        return new DemoConsent(
                language,
                newPurposes.isEmpty() ? purposes : purposes(newPurposes),
                lasting,
                newToken.isEmpty() ? token : newToken);
    }

    /** What its token says; empty where there is none that can be read. */
    Optional<Claims> claims() {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return Optional.of(
                    new Claims(
                            purposes(claims.path("pur").asText()),
                            claims.path("jti").asText(),
                            Instant.ofEpochSecond(claims.path("exp").asLong())));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
