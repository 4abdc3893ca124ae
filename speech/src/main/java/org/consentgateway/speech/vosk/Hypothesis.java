package org.consentgateway.speech.vosk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.consentgateway.speech.words.Lexicon;

/**
 * What a decoder believes was said. Immutable.
 *
 * @param text lower case, words separated by blanks; empty for nothing
 * @param confidence the smallest of its words (garbage is none), 0 to 1; 0 if unknown
 */
record Hypothesis(String text, double confidence) {
    static final Hypothesis NOTHING = new Hypothesis("", 0);
    private static final JsonMapper JSON = new JsonMapper();

    static Hypothesis of(String json) throws DecoderException {
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

    boolean isEmpty() {
        return text.isEmpty();
    }

    boolean garbled() {
        return text.contains(Lexicon.GARBAGE);
    }

    @Override
    public String toString() {
        return "Hypothesis[hidden]";
    }
}
