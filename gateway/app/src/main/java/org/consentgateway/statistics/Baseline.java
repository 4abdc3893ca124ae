package org.consentgateway.statistics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What was before, as the company counted it; {@code config/reports/README.md} says each
 * field in words.
 *
 * @param asked whether it is known who was asked; otherwise acceptance is of all calls
 * @param claimedAcceptance what somebody says acceptance is now, from 0 to 1; null: nobody does
 * @param claimedFewer by how much there are said to be fewer complaints, from 0 to 1; null as
 *     before
 */
public record Baseline(
        String name,
        boolean asked,
        Share acceptance,
        Share complaints,
        @Nullable Double claimedAcceptance,
        @Nullable Double claimedFewer) {
    private static final String SCHEMA = "operation-baseline/1";
    private static final long MOST = 1_000_000_000L;
    private static final Set<String> FIELDS =
            Set.of(
                    "schema",
                    "name",
                    "from",
                    "to",
                    "calls",
                    "asked",
                    "accepted",
                    "complaints",
                    "claims");
    private static final Set<String> CLAIMS = Set.of("acceptance", "fewer-complaints");

    /**
     * @throws IOException with all that is wrong with the file
     */
    public static Baseline read(Path file) throws IOException {
        JsonNode json;
        try {
            json = new JsonMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": no JSON: " + e.getOriginalMessage(), e);
        }
        var wrong = new ArrayList<String>();
        Baseline baseline = of(json, wrong);
        if (baseline == null) {
            throw new IOException(file + ": " + String.join("; ", wrong));
        }
        return baseline;
    }

    private static @Nullable Baseline of(JsonNode json, List<String> wrong) {
        unknown(json, FIELDS, "", wrong);
        unknown(json.path("claims"), CLAIMS, "claims.", wrong);
        if (!json.path("schema").asText().equals(SCHEMA)) {
            wrong.add("\"schema\" has to be \"" + SCHEMA + "\"");
        }
        if (json.path("name").asText().isBlank()) {
            wrong.add("\"name\" says what it was, such as \"Announcement without a question\"");
        }
        boolean asked = json.has("asked");
        long calls = count(json, "calls", MOST, wrong);
        long of = asked ? count(json, "asked", calls, wrong) : calls;
        long accepted = count(json, "accepted", of, wrong);
        long complaints = count(json, "complaints", calls, wrong);
        Double acceptance = rate(json.path("claims"), "acceptance", wrong);
        Double fewer = rate(json.path("claims"), "fewer-complaints", wrong);
        return wrong.isEmpty()
                ? new Baseline(
                        json.path("name").asText(),
                        asked,
                        new Share(accepted, of),
                        new Share(complaints, calls),
                        acceptance,
                        fewer)
                : null;
    }

    private static void unknown(
            JsonNode json, Set<String> known, String where, List<String> wrong) {
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        wrong.add(
                                "\"%s%s\" is not known; there are %s"
                                        .formatted(where, name, new TreeSet<>(known)));
                    }
                });
    }

    private static long count(JsonNode json, String name, long most, List<String> wrong) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > most) {
            wrong.add("\"%s\" is a whole number from 0 to %d".formatted(name, most));
            return 0;
        }
        return value.asLong();
    }

    private static @Nullable Double rate(JsonNode json, String name, List<String> wrong) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 1) {
            wrong.add("\"claims.%s\" is a share from 0 to 1, such as 0.89".formatted(name));
        }
        return value.asDouble();
    }
}
