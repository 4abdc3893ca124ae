package org.consentgateway.target;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;

/** The consent as an assistant sees it in its INVITE. Holds nothing about the caller. */
final class ConsentHeaders {
    static final String CALL_ID = "X-Gateway-Call-Id";
    static final String ID = "X-Consent-Id";
    static final String LEVEL = "X-Consent-Level";
    static final String PURPOSES = "X-Consent-Purposes";
    static final String VALID_UNTIL = "X-Consent-Valid-Until";
    static final String LANGUAGE = "X-Consent-Language";

    /** Value of {@link #VALID_UNTIL} for a consent that ends with the call. */
    static final String THIS_CALL = "this-call";

    private ConsentHeaders() {}

    static Map<String, String> of(DurableGrant grant, CallFacts facts, String language) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(CALL_ID, facts.callId().toString());
        headers.put(ID, grant.record().toString());
        headers.put(LEVEL, grant.level().id());
        headers.put(
                PURPOSES,
                grant.purposes().stream().map(Purpose::id).collect(Collectors.joining(",")));
        Instant until = grant.until();
        headers.put(
                VALID_UNTIL,
                until == null ? THIS_CALL : DateTimeFormatter.ISO_INSTANT.format(until));
        headers.put(LANGUAGE, language);
        return headers;
    }
}
