package org.consentgateway.api.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Locale;
import org.consentgateway.experiment.Arm;
import org.consentgateway.experiment.Estimate;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.experiment.ExperimentStanding;
import org.consentgateway.experiment.SampleRatio;
import org.jspecify.annotations.Nullable;

/** An experiment as JSON. What is of too few callers is not in it. */
final class ExperimentJson {
    private ExperimentJson() {}

    static ObjectNode of(Experiment experiment, Arm spoken, Arm tried, LocalDate today) {
        ExperimentStanding standing = ExperimentStanding.of(experiment, spoken, tried, today);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Experiment.Text text = experiment.text();
        json.put("name", experiment.name()).put("line", text.line()).put("notice", text.notice());
        json.put("language", text.language()).put("version", text.version());
        Experiment.Terms terms = experiment.terms();
        json.put("start", terms.start().toString()).put("end", terms.end().toString());
        json.put("share", experiment.share()).put("callers", terms.callers());
        json.put("minimum", terms.minimum()).put("calls_per_caller", terms.callsPerCaller());
        json.put("verdict", standing.verdict().text());
        json.put("asked", spoken.asked() + tried.asked());
        ArrayNode variants = json.putArray("variants");
        ExperimentStanding.Consents consents = standing.consents();
        variant(
                variants.addObject().put("variant", experiment.spoken()),
                spoken,
                consents == null ? null : consents.spoken());
        variant(
                variants.addObject().put("variant", experiment.tried()),
                tried,
                consents == null ? null : consents.tried());
        ratio(json, standing.ratio());
        estimate(json, "consent", consents == null ? null : consents.difference());
        estimate(json, "consent_of_all", consents == null ? null : consents.ofAll());
        ArrayNode guards = json.putArray("guardrails");
        standing.guards().forEach(each -> guard(guards.addObject(), each));
        if (standing.outlook().daysLeft() != null) {
            json.put("days_left", standing.outlook().daysLeft());
        }
        if (standing.outlook().detectable() != null) {
            json.put("detectable", standing.outlook().detectable());
        }
        return json;
    }

    private static void variant(ObjectNode json, Arm arm, @Nullable Estimate rate) {
        if (rate != null) {
            json.put("answered", arm.answered()).put("asked", arm.asked());
            json.put("agreed", arm.agreed());
            estimate(json, "rate", rate);
        }
    }

    private static void ratio(ObjectNode json, @Nullable SampleRatio ratio) {
        if (ratio != null) {
            json.putObject("shares")
                    .put("missed", ratio.isMismatch())
                    .put("chi_square", ratio.chiSquare())
                    .put("log_evidence", ratio.logEvidence());
        }
    }

    private static void guard(ObjectNode json, ExperimentStanding.Guarded each) {
        json.put("guardrail", each.guardrail().text());
        json.put("unit", each.guardrail().unit().name().toLowerCase(Locale.ROOT));
        json.put("margin", each.guardrail().margin());
        json.put("state", each.state().name().toLowerCase(Locale.ROOT));
        estimate(json, "difference", each.difference());
    }

    private static void estimate(ObjectNode json, String name, @Nullable Estimate estimate) {
        if (estimate != null) {
            json.putObject(name)
                    .put("value", estimate.value())
                    .put("low", estimate.low())
                    .put("high", estimate.high());
        }
    }
}
