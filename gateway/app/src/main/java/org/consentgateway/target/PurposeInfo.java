package org.consentgateway.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.consentgateway.consent.Purpose;
import org.consentgateway.sip.dialog.OutgoingCall;

/**
 * Immutable. What is said of single purposes in the middle of a call, as {@code
 * application/consent+json} in an INFO.
 *
 * <pre>
 *   assistant: {"event":"step-up","purpose":"recording"}
 *   gateway:   {"event":"asking","purpose":"recording"}
 *              {"event":"granted","purpose":"recording","consent":ID,"purposes":"assistant recording","token":…}
 *           or {"event":"declined","purpose":"recording","reason":"refused"}
 *   the caller ends one:
 *              {"event":"ended","purpose":"recording","consent":ID,"purposes":"assistant","token":…}
 * </pre>
 */
public final class PurposeInfo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "application";
    private static final String SUBTYPE = "consent+json";

    private PurposeInfo() {}

    /** What an assistant asks for; empty where this asks for nothing. */
    public static Optional<Purpose> asked(OutgoingCall.InfoBody what) {
        return what.type().equals(TYPE) && what.subtype().equals(SUBTYPE)
                ? asked(what.text())
                : Optional.empty();
    }

    private static Optional<Purpose> asked(String json) {
        try {
            JsonNode said = JSON.readTree(json);
            return "step-up".equals(said.path("event").asText())
                    ? Optional.of(new Purpose(said.path("purpose").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException noneOfOurs) {
            return Optional.empty();
        }
    }

    public static OutgoingCall.InfoBody of(PurposeReport report) {
        try {
            return new OutgoingCall.InfoBody(
                    TYPE, SUBTYPE, JSON.writeValueAsString(report.fields("event", "consent")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        }
    }
}
