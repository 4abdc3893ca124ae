package org.consentgateway.trial;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Immutable. What an assistant that is tried is told of a consent that nobody has given, in the
 * words of {@link org.consentgateway.target.Introduction}.
 *
 * @param token empty: none
 */
public record TrialConsent(UUID call, UUID record, String token) {
    private static final String LEVEL = "trial";

    /** What holds at first. */
    public static final String PURPOSES = "assistant transcript";

    /** As headers of an INVITE. */
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-Gateway-Call-Id", call.toString());
        headers.put("X-Consent-Id", record.toString());
        headers.put("X-Consent-Level", LEVEL);
        headers.put("X-Consent-Purposes", PURPOSES.replace(' ', ','));
        headers.put("X-Consent-Valid-Until", "this-call");
        headers.put("X-Consent-Language", "de");
        if (!token.isEmpty()) {
            headers.put("X-Consent-Token", token);
        }
        return headers;
    }

    /** As parameters of a socket's first message. */
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("gateway_call_id", call.toString());
        parameters.put("consent_id", record.toString());
        parameters.put("consent_level", LEVEL);
        parameters.put("consent_purposes", PURPOSES.replace(' ', ','));
        parameters.put("consent_valid_until", "this-call");
        parameters.put("consent_language", "de");
        if (!token.isEmpty()) {
            parameters.put("consent_token", token);
        }
        return parameters;
    }

    @Override
    public String toString() {
        return "TrialConsent[" + call + "]";
    }
}
