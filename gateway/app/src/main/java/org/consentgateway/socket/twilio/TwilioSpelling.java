package org.consentgateway.socket.twilio;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.consentgateway.media.codec.G711;

/** As Twilio writes it, with µ-law: the one that most bots understand. */
record TwilioSpelling() implements StreamSpelling {
    @Override
    public G711 sound() {
        return G711.PCMU;
    }

    @Override
    public String sequence() {
        return "sequenceNumber";
    }

    @Override
    public String stream() {
        return "streamSid";
    }

    @Override
    public String keyTrack() {
        return "inbound_track";
    }

    @Override
    public void connected(JsonGenerator to) throws IOException {
        to.writeStringField("protocol", "Call");
        to.writeStringField("version", "1.0.0");
    }

    @Override
    public void start(JsonGenerator to, Ids ids, Map<String, String> parameters)
            throws IOException {
        to.writeStringField("accountSid", ids.account());
        to.writeStringField("streamSid", ids.stream());
        to.writeStringField("callSid", ids.call());
        to.writeArrayFieldStart("tracks");
        to.writeString("inbound");
        to.writeEndArray();
        to.writeObjectFieldStart("mediaFormat");
        to.writeStringField("encoding", "audio/x-mulaw");
        to.writeNumberField("sampleRate", 8000);
        to.writeNumberField("channels", 1);
        to.writeEndObject();
        to.writeObjectFieldStart("customParameters");
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            to.writeStringField(each.getKey(), each.getValue());
        }
        to.writeEndObject();
    }

    @Override
    public void stop(JsonGenerator to, Ids ids) throws IOException {
        to.writeStringField("accountSid", ids.account());
        to.writeStringField("callSid", ids.call());
    }
}
