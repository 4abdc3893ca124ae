package org.consentgateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.consentgateway.api.access.ApiPrincipal;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.number.FoundEntries;
import org.jspecify.annotations.Nullable;

/** Confined to the thread that serves it. What somebody asks who may ask it. */
public final class ApiRequest {
    private static final int MOST_ITEMS = 200;
    private static final int USUAL_ITEMS = 50;
    private static final int DEEPEST = 8;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            com.fasterxml.jackson.core.JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Context context;
    private final ApiPrincipal principal;
    private final Instant at;
    private final Instant latest;
    private final int mostOctets;
    private final Consumer<ApiScope> scopes;

    /**
     * @param at when it came
     * @param latest the same, or later where the machine's clock was set ahead and may be right
     * @param mostOctets of its body
     * @param scopes refuses whoever lacks one, and records that
     */
    ApiRequest(
            Context context,
            ApiPrincipal principal,
            Instant at,
            Instant latest,
            int mostOctets,
            Consumer<ApiScope> scopes) {
        this.context = context;
        this.principal = principal;
        this.at = at;
        this.latest = latest;
        this.mostOctets = mostOctets;
        this.scopes = scopes;
    }

    ApiPrincipal principal() {
        return principal;
    }

    /** Where what is asked takes more than its route does: without it nothing is done. */
    void require(ApiScope scope) {
        scopes.accept(scope);
    }

    /** For what is written. */
    public Instant at() {
        return at;
    }

    /** For what is told of a consent: what has ended by then is not relied on. */
    Instant latest() {
        return latest;
    }

    @Nullable String header(String name) {
        return context.header(name);
    }

    String path() {
        return context.path();
    }

    public String text(String pathParameter) {
        return context.pathParam(pathParameter);
    }

    /** An id in the path. What is none names nothing that there is. */
    public UUID id(String pathParameter) {
        String text = context.pathParam(pathParameter);
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, pathParameter + " is no id of ours");
        }
        return UUID.fromString(text);
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name));
    }

    /** How many are wanted at once. */
    public int limit() {
        return limit(USUAL_ITEMS, MOST_ITEMS);
    }

    public int limit(int usual, int most) {
        String text = query("limit").orElse(Integer.toString(usual));
        if (!text.matches("[0-9]{1,4}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > most) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "limit is a number from 1 to " + most + ", such as " + usual);
        }
        return Integer.parseInt(text);
    }

    /** Where a page of one caller's entries begins; empty for the first. */
    public Optional<FoundEntries.Behind> behind() {
        return query("cursor")
                .map(text -> FoundEntries.Behind.parse(text).orElseThrow(ApiRequest::wrongCursor));
    }

    public static ApiProblem wrongCursor() {
        return ApiProblem.of(
                ApiProblem.Kind.MALFORMED, "cursor has to be a next_cursor of an earlier page");
    }

    /** The body, to be read by {@link ApiBody}. */
    public ApiBody body() {
        String type = context.contentType();
        if (type == null
                || !type.toLowerCase(Locale.ROOT)
                        .matches("application/json(;\\s*charset=\"?utf-8\"?)?")) {
            throw ApiProblem.of(
                    ApiProblem.Kind.UNSUPPORTED, "the body has to be application/json in UTF-8");
        }
        return new ApiBody(object());
    }

    private ObjectNode object() {
        try {
            JsonNode read = JSON.readTree(text(octets()));
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Jackson's message would quote what was sent.
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "no JSON: line %d, column %d"
                            .formatted(
                                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                                    e.getLocation() == null ? 0 : e.getLocation().getColumnNr()));
        }
        throw ApiProblem.of(ApiProblem.Kind.MALFORMED, "the body has to be a JSON object");
    }

    /** With any other letters in it, something else would be kept than what was sent. */
    private static String text(byte[] octets) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text; // RFC 8259 §8.1
        } catch (CharacterCodingException e) {
            throw ApiProblem.of(ApiProblem.Kind.MALFORMED, "the body is not UTF-8");
        }
    }

    /** As sent; for telling a repeated request from another one. */
    byte[] octets() {
        byte[] octets = context.bodyAsBytes();
        if (octets.length > mostOctets) {
            throw ApiProblem.of(
                    ApiProblem.Kind.TOO_LARGE,
                    "a body has %d octets at most here".formatted(mostOctets));
        }
        return octets;
    }
}
