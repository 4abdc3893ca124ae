package org.consentgateway.socket;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.target.PurposeReport;

/**
 * Immutable. What stands in {@code "consent":{…}} of a message, in every dialect that has words for
 * it.
 */
public final class ConsentMessages {
    /** What an assistant writes that asks for one more purpose. */
    public static final String STEP_UP = "step-up";

    private static final String CONSENT = "consent";
    private static final String ID = "id";
    private static final String STATE = "state";

    private ConsentMessages() {}

    public static void write(JsonGenerator to, EndOfConsent end) throws IOException {
        to.writeObjectFieldStart(CONSENT);
        to.writeStringField(ID, end.grant().toString());
        to.writeStringField(STATE, end.how().name().toLowerCase(Locale.ROOT));
        to.writeStringField("at", DateTimeFormatter.ISO_INSTANT.format(end.at()));
        to.writeEndObject();
    }

    public static void write(JsonGenerator to, PurposeReport report) throws IOException {
        to.writeObjectFieldStart(CONSENT);
        for (Map.Entry<String, String> each : report.fields(STATE, ID).entrySet()) {
            to.writeStringField(each.getKey(), each.getValue());
        }
        to.writeEndObject();
    }
}
