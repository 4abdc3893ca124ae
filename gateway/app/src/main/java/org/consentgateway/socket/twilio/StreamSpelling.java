package org.consentgateway.socket.twilio;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.consentgateway.media.codec.G711;

/** Immutable. What differs between those who speak this dialect. */
sealed interface StreamSpelling permits TwilioSpelling, TelnyxSpelling {

    G711 sound();

    /** The number of a message. */
    String sequence();

    /** The name of the stream, beside the event. */
    String stream();

    /** The field of a pressed key that says which direction it comes from; empty: none. */
    String keyTrack();

    void connected(JsonGenerator to) throws IOException;

    /** What stands in {@code start}. */
    void start(JsonGenerator to, Ids ids, Map<String, String> parameters) throws IOException;

    /** What stands in {@code stop}. */
    void stop(JsonGenerator to, Ids ids) throws IOException;

    /** The head of a media message, up to its number. */
    default String mediaHead() {
        return "{\"event\":\"media\",\"" + sequence() + "\":\"";
    }

    /**
     * Immutable. Who is who in one call.
     *
     * @param from the caller, where the assistant may know; else empty
     */
    record Ids(String account, String call, String stream, String from, String to) {}
}
