package org.consentgateway.proof.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/** As JSON: the field {@code decision} of an entry. */
public final class EvidenceJson {
    private EvidenceJson() {}

    public static ObjectNode decision(ObjectNode json, String state, List<Evidence> evidence) {
        return decision(json, state, evidence.isEmpty() ? null : evidence.getLast(), evidence);
    }

    /**
     * What decided stands on top, with how often its question was put; all that was asked and
     * answered stands below.
     */
    public static ObjectNode decision(
            ObjectNode json, String state, @Nullable Evidence decisive, List<Evidence> evidence) {
        ObjectNode decision = json.putObject("decision");
        decision.put("state", state);
        if (decisive != null) {
            how(decision, decisive);
            decision.put("attempts", decisive.attempt());
        }
        ArrayNode all = decision.putArray("evidence");
        for (Evidence e : evidence) {
            ObjectNode one = all.addObject();
            one.put("part", e.part());
            one.put("about", e.about());
            one.put("attempt", e.attempt());
            one.put("result", e.result().name());
            how(one, e);
        }
        return decision;
    }

    private static void how(ObjectNode json, Evidence evidence) {
        json.put("method", evidence.method().name());
        Character key = evidence.key();
        if (key != null) {
            json.put("key", key.toString());
        }
        SpokenWords words = evidence.words();
        if (words != null) {
            json.put("words", words.entry());
            json.put("confidence", evidence.confidence());
            json.put("model_sha256", evidence.model());
        }
        json.put("latency_ms", evidence.latency().toMillis());
    }

    public static List<Evidence> read(JsonNode json) {
        var all = new ArrayList<Evidence>();
        for (JsonNode one : json.at("/decision/evidence")) {
            JsonNode key = one.get("key");
            JsonNode words = one.get("words");
            all.add(
                    new Evidence(
                            text(one, "/part"),
                            text(one, one.has("about") ? "/about" : "/level"),
                            one.at("/attempt").asInt(),
                            Evidence.Result.valueOf(text(one, "/result")),
                            Method.valueOf(text(one, "/method")),
                            key == null ? null : key.asText().charAt(0),
                            words == null ? null : new SpokenWords(words.asText()),
                            one.at("/confidence").asDouble(),
                            one.at("/model_sha256").asText(),
                            Duration.ofMillis(one.at("/latency_ms").asLong())));
        }
        return all;
    }

    private static String text(JsonNode json, String path) {
        String text = json.at(path).textValue();
        if (text == null) {
            throw new IllegalArgumentException("no " + path);
        }
        return text;
    }
}
