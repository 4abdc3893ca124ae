package org.consentgateway.speech.engine;

import org.consentgateway.speech.words.Lexicon;

/**
 * What a decoder believes was said. Immutable.
 *
 * @param text lower case, words separated by blanks; empty for nothing
 * @param confidence the smallest of its words (garbage is none), 0 to 1; 0 if unknown
 */
public record Hypothesis(String text, double confidence) {
    public static final Hypothesis NOTHING = new Hypothesis("", 0);

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Whether there is something in it that is none of the words asked for. */
    public boolean garbled() {
        return text.contains(Lexicon.GARBAGE);
    }

    @Override
    public String toString() {
        return "Hypothesis[hidden]";
    }
}
