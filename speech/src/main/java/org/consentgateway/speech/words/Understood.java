package org.consentgateway.speech.words;

import org.consentgateway.speech.SpokenMeaning;

/**
 * What an utterance means to a question. Immutable.
 *
 * @param entry the lexicon entry that decided it: never what else was said
 */
public record Understood(SpokenMeaning meaning, String entry) {
    @Override
    public String toString() {
        return "Understood[hidden]";
    }
}
