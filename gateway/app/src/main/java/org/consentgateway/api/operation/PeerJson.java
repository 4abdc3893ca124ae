package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.consentgateway.web.Diagnosis;
import org.jspecify.annotations.Nullable;

/** A trunk, or somebody whom we dial, as JSON. */
final class PeerJson {
    private PeerJson() {}

    static ObjectNode of(Diagnosis.Peer peer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", peer.kind()).put("name", peer.name()).put("health", peer.health());
        text(json, "uri", peer.uri());
        text(json, "since", peer.since());
        text(json, "heard", peer.heard());
        Diagnosis.Registration registration = peer.registration();
        if (registration != null) {
            json.putObject("registration")
                    .put("registered", registration.registered())
                    .put("status", registration.status())
                    .put("failures", registration.failures());
        }
        ArrayNode servers = json.putArray("servers");
        for (Diagnosis.Server each : peer.servers()) {
            ObjectNode one = servers.addObject();
            one.put("address", each.address()).put("health", each.health());
            one.put("status", each.status());
            if (each.roundTripMillis() != null) {
                one.put("round_trip_ms", each.roundTripMillis());
            }
        }
        counts(json.putObject("came"), peer.calls());
        counts(json.putObject("dialled"), peer.dialled());
        return json;
    }

    private static void counts(ObjectNode json, Diagnosis.CallCounts counts) {
        ObjectNode answers = json.putObject("answers");
        counts.answers().forEach((status, n) -> answers.put(status.toString(), n));
        ObjectNode rejected = json.putObject("rejected");
        counts.rejected().forEach(rejected::put);
        if (counts.establishment() != null) {
            json.put("establishment", counts.establishment());
        }
        if (counts.effectiveness() != null) {
            json.put("effectiveness", counts.effectiveness());
        }
    }

    private static void text(ObjectNode json, String name, @Nullable String text) {
        if (text != null) {
            json.put(name, text);
        }
    }
}
