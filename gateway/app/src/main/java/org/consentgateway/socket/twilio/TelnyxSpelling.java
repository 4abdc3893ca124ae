package org.consentgateway.socket.twilio;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.consentgateway.media.codec.G711;

/** As Telnyx writes it, with A-law: what a European line speaks reaches the bot as it came. */
record TelnyxSpelling() implements StreamSpelling {
    @Override
    public G711 sound() {
        return G711.PCMA;
    }

    @Override
    public String sequence() {
        return "sequence_number";
    }

    @Override
    public String stream() {
        return "stream_id";
    }

    @Override
    public String keyTrack() {
        return "";
    }

    @Override
    public void connected(JsonGenerator to) throws IOException {
        to.writeStringField("version", "1.0.0");
    }

    @Override
    public void start(JsonGenerator to, Ids ids, Map<String, String> parameters)
            throws IOException {
        to.writeStringField("user_id", ids.account());
        to.writeStringField("call_control_id", ids.call());
        to.writeStringField("call_session_id", ids.call());
        to.writeStringField("from", ids.from());
        to.writeStringField("to", ids.to());
        to.writeObjectFieldStart("custom_parameters");
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            to.writeStringField(each.getKey(), each.getValue());
        }
        to.writeEndObject();
        to.writeObjectFieldStart("media_format");
        to.writeStringField("encoding", "PCMA");
        to.writeNumberField("sample_rate", 8000);
        to.writeNumberField("channels", 1);
        to.writeEndObject();
    }

    @Override
    public void stop(JsonGenerator to, Ids ids) throws IOException {
        to.writeStringField("user_id", ids.account());
        to.writeStringField("call_control_id", ids.call());
    }
}
