package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.call.QualityJson;
import org.consentgateway.api.call.RunningCalls;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.statistics.today.TrunkQuality;
import org.consentgateway.web.Diagnosis;

/**
 * Thread-safe. Trunks, assistants and humans: do they answer, and until when do certificates hold.
 */
public final class PeerRoutes {
    private final Diagnosis diagnosis;
    private final RunningCalls calls;
    private final TrunkQuality quality;
    private final Supplier<List<KnownCertificate>> certificates;

    public PeerRoutes(
            Diagnosis diagnosis,
            RunningCalls calls,
            TrunkQuality quality,
            Supplier<List<KnownCertificate>> certificates) {
        this.diagnosis = diagnosis;
        this.calls = calls;
        this.quality = quality;
        this.certificates = certificates;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/peers", ApiScope.OPERATION_READ, this::list),
                ApiRoute.post("/v1/peers/{id}/probe", ApiScope.OPERATION_PROBE, this::probe));
    }

    private ApiAnswer list(ApiRequest request) {
        ObjectNode json = peers(diagnosis.peers());
        ArrayNode all = json.putArray("certificates");
        for (KnownCertificate each : certificates.get()) {
            all.addObject()
                    .put("file", each.file())
                    .put("subject", each.subject())
                    .put("ours", each.ours())
                    .put("ends", Header.time(each.ends()))
                    .put("days_left", Duration.between(request.at(), each.ends()).toDays());
        }
        return ApiAnswer.impersonal(json);
    }

    /** OPTIONS to each of its servers, now; returns when they have answered or have not. */
    private ApiAnswer probe(ApiRequest request) {
        List<Diagnosis.Peer> asked = diagnosis.probe(request.text("id"));
        if (asked.isEmpty()) {
            throw ApiProblem.of(
                    ApiProblem.Kind.NOT_FOUND, "nobody is called so: see /v1/peers for the names");
        }
        return ApiAnswer.impersonal(peers(asked));
    }

    private ObjectNode peers(List<Diagnosis.Peer> peers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("peers");
        List<RunningCalls.RunningCall> running = calls.all();
        for (Diagnosis.Peer each : peers) {
            ObjectNode one = PeerJson.of(each);
            if (each.kind().equals("trunk")) {
                one.put(
                        "calls_now",
                        running.stream().filter(call -> call.trunk().equals(each.name())).count());
                one.set("quality", QualityJson.of(quality, each.name()));
            }
            all.add(one);
        }
        return json;
    }
}
