package org.consentgateway.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.Header;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A key as the log has it: the secret is not in it.
 *
 * @param record id of the entry that issued it
 * @param sha256 of the whole text, lower-case hex; it is long and random, so a plain hash will do
 * @param revoked since when; null where it is not
 */
public record ApiKey(
        UUID record,
        Words words,
        String sha256,
        Set<ApiScope> scopes,
        Validity validity,
        @Nullable Instant revoked) {

    /**
     * What people call it by.
     *
     * @param id stands in the key's text, so that they can tell keys apart
     * @param name whose it is, such as "crm"
     * @param by the person who issued it
     */
    public record Words(String id, String name, String by) {}

    /** From when to when it is good. */
    public record Validity(Instant issued, Instant expires) {}

    public ApiKey {
        scopes = Set.copyOf(scopes);
    }

    boolean expired(Instant now) {
        return !now.isBefore(validity.expires());
    }

    /** Whether it opens anything. */
    public boolean good(Instant now) {
        return revoked == null && !expired(now);
    }

    ApiKey revokedAt(Instant at) {
        return new ApiKey(record, words, sha256, scopes, validity, at);
    }

    void into(ObjectNode payload) {
        ObjectNode key = payload.putObject("key");
        key.put("id", words.id()).put("name", words.name()).put("sha256", sha256);
        ArrayNode all = key.putArray("scopes");
        scopes.stream().map(ApiScope::text).sorted().forEach(all::add);
        key.put("expires", Header.time(validity.expires()));
        payload.put("by", words.by());
    }

    /** Empty where its content is gone. */
    static Optional<ApiKey> read(Entry entry) {
        ObjectNode payload = entry.payload();
        if (payload == null) {
            return Optional.empty();
        }
        JsonNode key = payload.path("key");
        Set<ApiScope> scopes = EnumSet.noneOf(ApiScope.class);
        // A scope that this version does not know opens nothing.
        key.path("scopes").forEach(text -> ApiScope.of(text.asText()).ifPresent(scopes::add));
        return Optional.of(
                new ApiKey(
                        entry.id(),
                        new Words(
                                key.path("id").asText(),
                                key.path("name").asText(),
                                payload.path("by").asText()),
                        key.path("sha256").asText(),
                        scopes,
                        new Validity(entry.time(), Instant.parse(key.path("expires").asText())),
                        null));
    }

    @Override
    public String toString() {
        return "ApiKey[" + words.name() + " " + words.id() + "]";
    }
}
