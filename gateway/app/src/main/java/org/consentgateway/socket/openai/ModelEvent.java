package org.consentgateway.socket.openai;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Base64;
import org.consentgateway.socket.JsonText;

/** Confined to one message. What a model tells. */
final class ModelEvent implements JsonText.Fields {
    private static final byte[] NOTHING = {};

    String type = "";
    String response = "";

    /** What has become of that. */
    String status = "";

    String item = "";

    /** Of an error. */
    String code = "";

    /** Why a session has ended. */
    String reason = "";

    int content;

    /** Of an item that is a call of a function; else empty. */
    String function = "";

    /** By which its answer is told from others. */
    String functionCall = "";

    /** JSON, written by the model. */
    String arguments = "";

    private final String soundType;
    private String text = "";
    private byte[] sound = NOTHING;

    /**
     * @param soundType type of the events whose {@code delta} is sound, and not words
     */
    ModelEvent(String soundType) {
        this.soundType = soundType;
    }

    /** A-law; empty where there is none. */
    byte[] sound() throws IOException {
        if (sound.length > 0 || text.isEmpty() || !type.equals(soundType)) {
            return sound;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("no Base64 in " + soundType, e);
        }
    }

    @Override
    public void field(String in, String name, JsonParser at) throws IOException {
        switch (in) {
            case "" -> ofItself(name, at);
            case "response" -> ofAResponse(name, at);
            case "item" -> ofAnItem(name, at);
            case "error" -> {
                if (name.equals("code") || (name.equals("type") && code.isEmpty())) {
                    code = at.getValueAsString("");
                }
            }
            default -> {
                // the session, say
            }
        }
    }

    private void ofAResponse(String name, JsonParser at) throws IOException {
        switch (name) {
            case "id" -> response = at.getText();
            case "status" -> status = at.getText();
            default -> {
                // what it has said, say
            }
        }
    }

    private void ofAnItem(String name, JsonParser at) throws IOException {
        switch (name) {
            case "name" -> function = at.getText();
            case "call_id" -> functionCall = at.getText();
            case "arguments" -> arguments = at.getText();
            default -> {
                // its type and state: only a call of a function has a name
            }
        }
    }

    private void ofItself(String name, JsonParser at) throws IOException {
        switch (name) {
            case "type" -> type = at.getText();
            case "response_id" -> response = at.getText();
            case "item_id" -> item = at.getText();
            case "reason" -> reason = at.getText();
            case "content_index" -> content = at.getValueAsInt();
            case "delta" -> {
                if (type.equals(soundType)) {
                    sound = at.getBinaryValue();
                } else if (type.isEmpty()) {
                    text = at.getText(); // its type comes behind it
                }
            }
            default -> {
                // event_id, say
            }
        }
    }
}
