package org.consentgateway.socket.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.consent.Purpose;
import org.consentgateway.socket.JsonText;

/** Immutable. The function by which a model has the caller asked for one more purpose. */
final class StepUpFunction {
    static final String NAME = "request_consent";

    private static final String PURPOSE = "purpose";

    /** What a backend is told that has nothing but this function. */
    static final String OF_BACKEND =
            "You serve a telephone assistant. Where it wants the caller's consent to a purpose,"
                    + " call "
                    + NAME
                    + " with this purpose and hand back its answer. You can do nothing else: say"
                    + " so.";

    private StepUpFunction() {}

    /** What a model is told whose functions are its backend's. */
    static String toDelegate(List<Purpose> purposes) {
        return "You may not do anything for these purposes without the caller's consent: "
                + purposes.stream().map(Purpose::id).collect(Collectors.joining(", "))
                + ". To get it, delegate the task of asking for it, and name the purpose; what the"
                + " caller says to you is no consent, and a no is final for this call.";
    }

    /** As {@code tools} of a session. */
    static void write(JsonGenerator to, List<Purpose> purposes) throws IOException {
        to.writeArrayFieldStart("tools");
        to.writeStartObject();
        to.writeStringField("type", "function");
        to.writeStringField("name", NAME);
        to.writeStringField(
                "description",
                "Has the telephone system ask the caller for consent to one more purpose. Call it"
                    + " before anything is done for that purpose; what the caller says to you is no"
                    + " consent. A no is final for this call.");
        to.writeObjectFieldStart("parameters");
        to.writeStringField("type", "object");
        to.writeObjectFieldStart("properties");
        to.writeObjectFieldStart(PURPOSE);
        to.writeStringField("type", "string");
        to.writeArrayFieldStart("enum");
        for (Purpose purpose : purposes) {
            to.writeString(purpose.id());
        }
        to.writeEndArray();
        to.writeEndObject();
        to.writeEndObject();
        to.writeArrayFieldStart("required");
        to.writeString(PURPOSE);
        to.writeEndArray();
        to.writeEndObject();
        to.writeEndObject();
        to.writeEndArray();
    }

    /** Empty where the model has written nothing of use. */
    static String purpose(String arguments) {
        var found = new StringBuilder();
        try {
            JsonText.read(
                    Unpooled.copiedBuffer(arguments, StandardCharsets.UTF_8),
                    (in, name, at) -> {
                        if (in.isEmpty() && name.equals(PURPOSE)) {
                            found.setLength(0);
                            found.append(at.getText());
                        }
                    });
        } catch (IOException noJson) {
            return "";
        }
        return found.toString();
    }
}
