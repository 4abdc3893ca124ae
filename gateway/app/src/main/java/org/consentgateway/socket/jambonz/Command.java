package org.consentgateway.socket.jambonz;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.socket.JsonText;

/** Confined to one message. What an assistant asks for in JSON. */
final class Command implements JsonText.Fields {
    String type = "";
    String name = "";
    String id = "";
    String request = "";
    String purpose = "";
    boolean queued;
    byte[] content = {};
    private String contentType = "raw";
    private int rate;

    /**
     * @param rate Hz, where it says none
     */
    Command(int rate) {
        this.rate = rate;
    }

    @Override
    public void field(String in, String field, JsonParser at) throws IOException {
        if (in.isEmpty() && field.equals("type")) {
            type = at.getText();
        }
        if (!in.equals("data")) {
            return;
        }
        switch (field) {
            case "name" -> name = at.getText();
            case "id" -> id = at.getText();
            case "request" -> request = at.getText();
            case "purpose" -> purpose = at.getText();
            case "audioContent" -> content = at.getBinaryValue();
            case "audioContentType" -> contentType = at.getText();
            case "sampleRate" -> rate = at.getValueAsInt(rate);
            case "queuePlay" -> queued = at.getValueAsBoolean();
            default -> {
                // what we know nothing of
            }
        }
    }

    /** What is to be played. */
    Wav sound() throws IOException {
        return contentType.equals("raw") ? raw() : Wav.parseMono(content);
    }

    private Wav raw() {
        short[] samples = new short[content.length / 2];
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return new Wav(samples, rate);
    }
}
