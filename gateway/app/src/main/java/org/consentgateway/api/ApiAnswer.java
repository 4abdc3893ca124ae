package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a route has to say, and whose consents are in it, which is recorded.
 *
 * @param body null for none
 * @param consents that are shown or were changed
 * @param access when it is recorded that this was asked
 * @param by the person who does it, where the system says so; empty where it does not
 */
public record ApiAnswer(
        int status,
        @Nullable ApiContent body,
        Map<String, String> headers,
        List<UUID> consents,
        Access access,
        String by) {
    /** When it is recorded who has asked. */
    enum Access {
        /** Never: it tells of nobody. */
        NEVER,

        /** Before it is sent: without its record nothing of a person is shown. */
        FIRST,

        /** When the store takes it: what was asked is done, and shows nothing but that. */
        LATER
    }

    public ApiAnswer {
        headers = Map.copyOf(headers);
        consents = List.copyOf(consents);
    }

    public static ApiAnswer personal(JsonNode body, List<UUID> consents) {
        return new ApiAnswer(200, ApiContent.json(body), Map.of(), consents, Access.FIRST, "");
    }

    /** A page for people, which loads and runs nothing. */
    static ApiAnswer page(String html, List<UUID> consents) {
        return new ApiAnswer(200, ApiContent.page(html), Map.of(), consents, Access.FIRST, "")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    }

    public static ApiAnswer impersonal(JsonNode body) {
        return new ApiAnswer(200, ApiContent.json(body), Map.of(), List.of(), Access.NEVER, "");
    }

    public static ApiAnswer done(List<UUID> consents) {
        return new ApiAnswer(204, null, Map.of(), consents, Access.FIRST, "");
    }

    public ApiAnswer by(String person) {
        return new ApiAnswer(status, body, headers, consents, access, person);
    }

    public ApiAnswer with(int other) {
        return new ApiAnswer(other, body, headers, consents, access, by);
    }

    /**
     * It is done and counts; this machine's disk keeps the record until the store takes it. Whoever
     * asked is told so, though the store does not take the record of their asking either.
     */
    ApiAnswer kept() {
        return new ApiAnswer(202, body, headers, consents, Access.LATER, by);
    }

    /** There is more, at this address. */
    public ApiAnswer withNext(String path) {
        return with("Link", "<" + path + ">; rel=\"next\"");
    }

    public ApiAnswer with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new ApiAnswer(status, body, more, consents, access, by);
    }
}
