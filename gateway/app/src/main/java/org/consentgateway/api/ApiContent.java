package org.consentgateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/**
 * Immutable. What is sent, and as what.
 *
 * @param type of media, for Content-Type
 */
record ApiContent(String type, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ApiContent json(JsonNode tree) {
        try {
            return new ApiContent("application/json", JSON.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON is JSON", e);
        }
    }

    static ApiContent page(String html) {
        return new ApiContent("text/html;charset=utf-8", html);
    }

    byte[] octets() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
