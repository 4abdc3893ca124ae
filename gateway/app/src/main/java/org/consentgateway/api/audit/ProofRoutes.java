package org.consentgateway.api.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.LogOverview;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerHealth;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tiles.TlogProof;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.watch.BackgroundVerification;

/** Thread-safe. Is the log whole, who has seen that, and with what does an auditor check it. */
public final class ProofRoutes {
    private final Ledger ledger;
    private final ApiArchive archive;

    public ProofRoutes(Ledger ledger, ApiArchive archive) {
        this.ledger = ledger;
        this.archive = archive;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/proof", ApiScope.PROOF_READ, this::overview),
                ApiRoute.get("/v1/proof/checkpoints/{id}", ApiScope.PROOF_READ, this::checkpoint),
                ApiRoute.get("/v1/proof/entries/{id}", ApiScope.PROOF_READ, this::entry));
    }

    private ApiAnswer overview(ApiRequest request) throws LedgerUnavailable {
        LedgerArchive opened = ApiArchive.ask(archive::open);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        LedgerHealth health = ledger.health();
        health(json.putObject("store"), health);
        verification(json.putObject("verification"), request.at());
        String conflict = health.witnesses().conflict();
        if (conflict != null) {
            json.put("conflict", conflict);
        }
        witnesses(json.putObject("witnesses"), opened.policy(), health);
        ArrayNode logs = json.putArray("logs");
        ApiArchive.ask(opened::logs).forEach(log -> logs.add(LogJson.of(log)));
        return ApiAnswer.impersonal(json);
    }

    private static void health(ObjectNode json, LedgerHealth health) {
        json.put("up", health.up()).put("since", Header.time(health.since()));
        json.put("detail", health.detail()).put("waiting", health.queued());
        json.put("entries", health.size()).put("covered", health.checkpointSize());
        json.put("export_failing", health.exportFailing());
    }

    /** Of all entries, beside the calls, again and again. */
    private void verification(ObjectNode json, Instant now) {
        BackgroundVerification.Progress progress = ledger.verification().progress();
        json.put("done", progress.done()).put("of", progress.of());
        Instant whole = progress.wholeAt();
        if (whole != null) {
            json.put("whole_at", Header.time(whole));
            json.put("lag_seconds", Math.max(0, Duration.between(whole, now).toSeconds()));
        }
        json.put("findings", ledger.alarm().found());
        ledger.alarm().newest().ifPresent(text -> json.put("newest_finding", text));
    }

    private static void witnesses(ObjectNode json, TrustPolicy policy, LedgerHealth health) {
        json.put("needed", policy.needsWitnesses() ? policy.needed() : "");
        json.put("enough", health.witnesses().enough());
        ArrayNode all = json.putArray("all");
        for (TrustPolicy.Witness each : policy.witnesses()) {
            ObjectNode one = all.addObject().put("name", each.name());
            one.put("key", each.key().text());
            if (each.url() != null) {
                one.put("url", each.url().toString());
            }
            one.put("failing", health.witnesses().failing().getOrDefault(each.name(), ""));
        }
        json.put("policy", policy.text());
    }

    private ApiAnswer checkpoint(ApiRequest request) throws LedgerUnavailable {
        String node = request.text("id");
        for (LogOverview log : ApiArchive.ask(() -> archive.open().logs())) {
            if (log.node().equals(node) && !log.newest().isEmpty()) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("node", node).put("note", log.newest().getFirst().note());
                return ApiAnswer.impersonal(json);
            }
        }
        throw ApiProblem.of(
                ApiProblem.Kind.NOT_FOUND, "no log of this node has a checkpoint: see /v1/proof");
    }

    /**
     * What proves that an entry is in its log, also of one that was archived; nothing in it is
     * personal.
     */
    private ApiAnswer entry(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("entry_id", id.toString());
        LedgerArchive opened = ApiArchive.ask(archive::open);
        try {
            json.put("tlog_proof", TlogProof.of(opened.receipt(id)).text());
        } catch (Receipt.NoSuchEntry e) {
            throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no entry has this id");
        } catch (IOException e) {
            throw ApiProblem.of(
                    ApiProblem.Kind.CONFLICT,
                    "no proof of this entry can be made now: " + e.getMessage());
        }
        return ApiAnswer.impersonal(json);
    }
}
