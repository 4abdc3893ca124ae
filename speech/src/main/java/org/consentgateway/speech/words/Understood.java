package org.consentgateway.speech.words;

import org.consentgateway.speech.SpokenMeaning;

/**
 * What an utterance means to a question. Immutable.
 *
 * @param entry the lexicon entry that decided it: never what else was said
 * @param weak a yes of words that do not stand alone
 */
public record Understood(SpokenMeaning meaning, String entry, boolean weak) {
    @Override
    public String toString() {
        return "Understood[hidden]";
    }
}
