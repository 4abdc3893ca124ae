package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What somebody might send, led by the schema: right, nearly right, and nothing of the kind. */
final class Fuzz {
    private static final List<String> ODD =
            List.of(
                    "",
                    " ",
                    "0",
                    "-1",
                    "null",
                    "true",
                    "'; DROP TABLE ledger_entry; --",
                    "../../../etc/passwd",
                    "%00",
                    "\u0000",
                    "ü€😀",
                    "\u202e",
                    "a".repeat(300),
                    "1".repeat(40),
                    "{{7*7}}",
                    "99999999999999999999999",
                    "2026-02-30",
                    "00000000-0000-0000-0000-000000000000");

    private static final List<String> NO_JSON =
            List.of(
                    "",
                    "[]",
                    "null",
                    "\"a\"",
                    "{",
                    "{\"by\":",
                    "{\"by\":\"a\"}{}",
                    "[".repeat(5000),
                    "{\"by\":\"\\ud800\"}",
                    "{\"by\":1e999}",
                    "\ufeff{}",
                    "{\"by\":\"a\",\"by\":\"b\"}");

    private Fuzz() {}

    static String path(Random random, List<String> right) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> right.get(random.nextInt(right.size()));
            case 2 -> new UUID(random.nextLong(), random.nextLong()).toString();
            default -> encoded(oneOf(random, ODD));
        };
    }

    /** What stands in a path stands between slashes. */
    private static String encoded(String text) {
        String safe = text.isBlank() || text.contains("\u0000") ? "odd" : text;
        return URLEncoder.encode(safe, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "_");
    }

    /** May stand in a header. */
    static String token(Random random) {
        return random.nextInt(4) == 0
                ? "x".repeat(1 + random.nextInt(150))
                : "\"" + Long.toString(random.nextLong(), 36) + "\"";
    }

    static String query(Random random, JsonNode parameters, UnaryOperator<JsonNode> resolved) {
        StringBuilder query = new StringBuilder();
        for (JsonNode each : parameters) {
            JsonNode parameter = resolved.apply(each);
            if (parameter.path("in").asText().equals("query") && random.nextBoolean()) {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(parameter.path("name").asText())
                        .append("=")
                        .append(
                                URLEncoder.encode(
                                        random.nextInt(3) == 0
                                                ? parameter.path("example").asText("7")
                                                : oneOf(random, ODD),
                                        StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }

    static String body(Random random, JsonNode schema, UnaryOperator<JsonNode> resolved) {
        if (random.nextInt(5) == 0) {
            return oneOf(random, NO_JSON);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> each :
                resolved.apply(schema).path("properties").properties()) {
            if (random.nextInt(5) > 0) {
                body.set(each.getKey(), value(random, resolved.apply(each.getValue())));
            }
        }
        if (random.nextInt(6) == 0) {
            body.put(oneOf(random, ODD), 1);
        }
        return body.toString();
    }

    private static JsonNode value(Random random, JsonNode schema) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(6)) {
            case 0 -> json.numberNode(random.nextInt());
            case 1 -> json.nullNode();
            case 2 -> json.objectNode().put("a", 1);
            case 3 -> json.textNode(oneOf(random, ODD));
            default ->
                    json.textNode(
                            schema.has("enum")
                                    ? schema.path("enum")
                                            .path(random.nextInt(schema.path("enum").size()))
                                            .asText()
                                    : schema.at("/examples/0").asText("Ada"));
        };
    }

    private static String oneOf(Random random, List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
