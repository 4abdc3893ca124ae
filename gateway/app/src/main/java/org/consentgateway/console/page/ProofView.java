package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Visit;

/**
 * Immutable. What the page Proof shows.
 *
 * @param documents for counsel, by name
 * @param receipts whether the role of whoever looks takes receipts of consents along
 * @param conflict what a witness says against the log, in English; empty: nothing
 * @param needed how many witnesses of whom; empty: none are asked
 */
public record ProofView(
        boolean receipts,
        String conflict,
        Verified verified,
        Store store,
        String needed,
        List<Witness> witnesses,
        List<OneLog> logs,
        List<String> documents) {

    /**
     * @param state "ready", "limited" or "down", for its sign
     * @param finding what was found last, in English; empty: nothing
     */
    public record Verified(
            String state, String name, String when, String progress, String finding) {}

    /** Whether entries become durable and are covered. */
    public record Store(String state, String name, String covered, String detail) {}

    /**
     * @param failing why it has not cosigned, in English; empty where it has
     */
    public record Witness(String name, String url, String state, String failing) {}

    public record OneLog(
            String node,
            String origin,
            String entries,
            String count,
            List<Signed> checkpoints,
            List<Key> keys) {}

    /**
     * @param state for its sign: whether it is signed by a key that is believed, and witnessed
     */
    public record Signed(String at, String entries, String keys, String cosigned, String state) {}

    public record Key(String id, String from, String until, String state, String name) {}

    static ProofView of(JsonNode proof, Visit visit) {
        return of(
                proof,
                visit.words(),
                visit.session().user().role().scopes().contains(ApiScope.CONSENTS_READ));
    }

    static ProofView of(JsonNode proof, PageWords words, boolean receipts) {
        List<Witness> witnesses = new ArrayList<>();
        for (JsonNode each : proof.at("/witnesses/all")) {
            String failing = each.path("failing").asText();
            witnesses.add(
                    new Witness(
                            each.path("name").asText(),
                            each.path("url").asText(),
                            failing.isEmpty() ? "ready" : "down",
                            failing));
        }
        List<OneLog> logs = new ArrayList<>();
        proof.path("logs").forEach(each -> logs.add(log(each, words)));
        return new ProofView(
                receipts,
                proof.path("conflict").asText(),
                verified(proof.path("verification"), words),
                store(proof.path("store"), words),
                proof.at("/witnesses/needed").asText(),
                List.copyOf(witnesses),
                List.copyOf(logs),
                ProofPages.DOCUMENTS);
    }

    private static Verified verified(JsonNode json, PageWords words) {
        long findings = json.path("findings").asLong();
        boolean whole = json.has("whole_at");
        String when =
                whole
                        ? words.of(
                                "proof.whole",
                                moment(json, "whole_at", words),
                                lag(json.path("lag_seconds").asLong(), words))
                        : words.of("proof.not-yet");
        String state = findings > 0 ? "down" : whole ? "ready" : "limited";
        return new Verified(
                state,
                findings > 0
                        ? words.of("proof.found", words.number(findings))
                        : words.of(whole ? "proof.all-right" : "proof.first-round"),
                when,
                words.of(
                        "proof.progress",
                        words.number(json.path("done").asLong()),
                        words.number(json.path("of").asLong())),
                json.path("newest_finding").asText());
    }

    private static String lag(long seconds, PageWords words) {
        Duration lag = Duration.ofSeconds(seconds);
        return lag.toHours() > 0
                ? words.of("proof.hours", lag.toHours())
                : words.of("proof.minutes", lag.toMinutes());
    }

    private static Store store(JsonNode json, PageWords words) {
        boolean up = json.path("up").asBoolean();
        boolean failing = json.path("export_failing").asBoolean();
        return new Store(
                up ? failing ? "limited" : "ready" : "down",
                words.of(
                        up
                                ? failing ? "proof.export-failing" : "proof.store-up"
                                : "proof.store-down"),
                words.of(
                        "proof.covered",
                        words.number(json.path("covered").asLong()),
                        words.number(json.path("entries").asLong())),
                json.path("detail").asText());
    }

    private static OneLog log(JsonNode json, PageWords words) {
        List<Signed> checkpoints = new ArrayList<>();
        json.path("checkpoints").forEach(each -> checkpoints.add(signed(each, words)));
        List<Key> keys = new ArrayList<>();
        json.path("keys").forEach(each -> keys.add(key(each, words)));
        return new OneLog(
                json.path("node").asText(),
                json.path("origin").asText(),
                words.number(json.path("entries").asLong()),
                words.number(json.path("checkpoint_count").asLong()),
                List.copyOf(checkpoints),
                List.copyOf(keys));
    }

    private static Signed signed(JsonNode json, PageWords words) {
        String keys = joined(json.path("keys"));
        boolean right = !keys.isEmpty() && json.path("enough").asBoolean();
        return new Signed(
                moment(json, "at", words),
                words.number(json.path("entries").asLong()),
                keys.isEmpty() ? words.of("proof.no-key") : keys,
                joined(json.path("cosigned")),
                right ? "ready" : keys.isEmpty() ? "down" : "limited");
    }

    private static String joined(JsonNode names) {
        var all = new StringJoiner(", ");
        names.forEach(each -> all.add(each.asText()));
        return all.toString();
    }

    private static Key key(JsonNode json, PageWords words) {
        boolean revoked = json.has("revoked");
        boolean signs = json.path("signs").asBoolean();
        String until =
                json.has("until_entries")
                        ? words.of(
                                "proof.until-entry",
                                words.number(json.path("until_entries").asLong()))
                        : "";
        String day = revoked ? "revoked" : "until";
        return new Key(
                json.path("id").asText(),
                words.of("proof.from-entry", words.number(json.path("from_entries").asLong())),
                json.has(day) ? (until + " " + moment(json, day, words)).strip() : until,
                revoked ? "down" : signs ? "ready" : "expired",
                words.of(
                        revoked
                                ? "proof.key-revoked"
                                : signs ? "proof.key-signs" : "proof.key-over"));
    }

    private static String moment(JsonNode json, String field, PageWords words) {
        Instant at = Instant.parse(json.path(field).asText());
        return words.day(at) + ", " + words.time(at);
    }
}
