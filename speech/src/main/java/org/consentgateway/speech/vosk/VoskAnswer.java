package org.consentgateway.speech.vosk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;

/** What libvosk answers. */
final class VoskAnswer {
    private static final JsonMapper JSON = new JsonMapper();

    private VoskAnswer() {}

    static Hypothesis read(String json) throws DecoderException {
        try {
            JsonNode root = JSON.readTree(json);
            if (root.has("partial")) {
                return new Hypothesis(root.path("partial").asText(), 0);
            }
            double least = 1;
            for (JsonNode word : root.path("result")) {
                if (!word.path("word").asText().equals(Lexicon.GARBAGE)) {
                    least = Math.min(least, word.path("conf").asDouble(0));
                }
            }
            String text = root.path("text").asText().strip();
            return new Hypothesis(text, root.path("result").isEmpty() ? 0 : least);
        } catch (JsonProcessingException e) {
            // The text may hold what a caller said; it must not travel on in a message.
            throw new DecoderException("the recogniser's answer is no JSON");
        }
    }
}
