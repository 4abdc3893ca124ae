package org.consentgateway.target;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.token.ConsentToken;
import org.consentgateway.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What an assistant is told with its call: the consent, in plain words and as a token it
 * can check, and of the caller no more than {@link CallerShown} allows.
 *
 * @param pseudonym of the caller; empty where it may know none
 * @param number of the caller; empty where it may not know it
 * @param trace where its own spans belong; empty where no traces are made
 */
public record Introduction(
        DurableGrant grant,
        CallFacts facts,
        String language,
        ConsentToken token,
        Optional<String> pseudonym,
        Optional<String> number,
        Optional<TraceParent> trace) {
    static final String CALL_ID = "X-Gateway-Call-Id";

    /** Value of "valid until" for a consent that ends with the call. */
    private static final String THIS_CALL = "this-call";

    /** As headers of an INVITE. */
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put(CALL_ID, facts.callId().toString());
        headers.put("X-Consent-Id", grant.record().toString());
        headers.put("X-Consent-Level", grant.level().id());
        headers.put("X-Consent-Purposes", purposes(","));
        headers.put("X-Consent-Valid-Until", until());
        headers.put("X-Consent-Language", language);
        headers.put("X-Consent-Token", token.thin());
        pseudonym.ifPresent(value -> headers.put("X-Caller-Pseudonym", value));
        trace.ifPresent(value -> headers.put(TraceParent.SIP_HEADER, value.value()));
        return headers;
    }

    /** The same as parameters of a socket's first message, with the names that are usual there. */
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("gateway_call_id", facts.callId().toString());
        parameters.put("consent_id", grant.record().toString());
        parameters.put("consent_level", grant.level().id());
        parameters.put("consent_purposes", purposes(","));
        parameters.put("consent_valid_until", until());
        parameters.put("consent_language", language);
        parameters.put("consent_token", token.thin());
        pseudonym.ifPresent(value -> parameters.put("caller_pseudonym", value));
        number.ifPresent(value -> parameters.put("from_number", value));
        trace.ifPresent(value -> parameters.put(TraceParent.NAME, value.value()));
        return parameters;
    }

    private String purposes(String separator) {
        return grant.purposes().stream().map(Purpose::id).collect(Collectors.joining(separator));
    }

    private String until() {
        @Nullable Instant until = grant.until();
        return until == null ? THIS_CALL : DateTimeFormatter.ISO_INSTANT.format(until);
    }

    @Override
    public String toString() {
        return "Introduction[" + grant + "]";
    }
}
