package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What is wrong with a request, and what would be right (RFC 9457). Immutable. */
public final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Under which the kinds of problems are named; config/api/README.md has them in words. */
    private static final String TYPES = "urn:consentgateway:problem:";

    private final Kind kind;
    private final transient List<Wrong> errors;
    private final transient Map<String, String> headers;

    /** Each with its status; clients may rely on the type. */
    public enum Kind {
        MALFORMED(400, "The request cannot be read"),
        UNAUTHENTICATED(401, "A valid key or token is needed"),
        FORBIDDEN(403, "The key or token does not allow this"),
        NOT_FOUND(404, "There is no such thing"),
        METHOD_NOT_ALLOWED(405, "This cannot be done here"),
        CONFLICT(409, "It is not in the state for this"),
        UNDER_WAY(409, "The first request is not answered yet"),
        GONE(410, "It was erased"),
        CHANGED(412, "It has changed meanwhile"),
        TOO_LARGE(413, "The request is too large"),
        UNSUPPORTED(415, "Send application/json"),
        INVALID(422, "The request is not right"),
        TOO_MANY(429, "Too many requests"),
        FAILED(500, "The gateway failed"),
        UNAVAILABLE(503, "The store does not answer"),
        UNVERIFIABLE(503, "The identity provider does not answer");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }

        String type() {
            return TYPES + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param pointer into the body (RFC 6901), or the name of a parameter
     * @param detail what would be right
     */
    public record Wrong(String pointer, String detail) {}

    private ApiProblem(Kind kind, String detail, List<Wrong> errors, Map<String, String> headers) {
        super(detail, null, false, false);
        this.kind = kind;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    /**
     * @param detail for people; names nobody
     */
    public static ApiProblem of(Kind kind, String detail) {
        return new ApiProblem(kind, detail, List.of(), Map.of());
    }

    static ApiProblem of(Kind kind, String detail, Map<String, String> headers) {
        return new ApiProblem(kind, detail, List.of(), headers);
    }

    static ApiProblem invalid(List<Wrong> errors) {
        return new ApiProblem(Kind.INVALID, "see errors", errors, Map.of());
    }

    int status() {
        return kind.status();
    }

    Map<String, String> headers() {
        return headers;
    }

    ObjectNode json() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", kind.type());
        body.put("title", kind.title);
        body.put("status", kind.status);
        body.put("detail", getMessage());
        if (!errors.isEmpty()) {
            ArrayNode all = body.putArray("errors");
            for (Wrong each : errors) {
                all.addObject().put("pointer", each.pointer()).put("detail", each.detail());
            }
        }
        return body;
    }
}
