package org.consentgateway.api.call;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.consentgateway.statistics.today.CallSteps;
import org.consentgateway.statistics.today.StreamQuality;
import org.consentgateway.statistics.today.TrunkQuality;

/** How calls sounded, as JSON. What was not measured is not in it. */
public final class QualityJson {
    private static final double THOUSAND = 1000;

    private QualityJson() {}

    /** Of one call. */
    static ObjectNode of(CallSteps.Ending call) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        stream(json.putObject("received"), call.received());
        stream(json.putObject("sent"), call.sent());
        return json;
    }

    /** Of the calls of one trunk. */
    public static ObjectNode of(TrunkQuality quality, String trunk) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("hours", TrunkQuality.HOURS);
        quality.look(trunk)
                .forEach((direction, measured) -> {
                    boolean came = direction == TrunkQuality.Direction.RECEIVED;
                    measured(json.putObject(came ? "received" : "sent"), measured);
                });
        return json;
    }

    private static void stream(ObjectNode json, StreamQuality stream) {
        json.put("packets", stream.packets());
        StreamQuality.Measured measured = stream.measured();
        if (measured != null) {
            json.put("lost", measured.lost());
            json.put("loss_percent", rounded(measured.lossPercent()));
            json.put("jitter_ms", rounded(measured.jitterMillis()));
            json.put("mos", rounded(measured.mos()));
        }
    }

    private static void measured(ObjectNode json, TrunkQuality.Sounded measured) {
        json.put("calls", measured.calls());
        TrunkQuality.Opinions scores = measured.scores();
        if (scores != null) {
            json.putObject("mos")
                    .put("p10", rounded(scores.low()))
                    .put("median", rounded(scores.median()))
                    .put("p90", rounded(scores.high()));
            json.put("packets", measured.packets()).put("lost", measured.lost());
            json.put("loss_percent", rounded(measured.lossPercent()));
            json.put("lossy_calls", measured.lossy());
        }
    }

    private static double rounded(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}
