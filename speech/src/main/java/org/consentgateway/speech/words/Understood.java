package org.consentgateway.speech.words;

import org.consentgateway.speech.SpokenMeaning;

/**
 * What an utterance means to a question. Immutable.
 *
 * @param entry the lexicon entry that decided it: never what else was said
 * @param weak a yes of words that do not stand alone
 * @param besideANo whether a no, or the wish for a human, that the question can be answered with
 *     was found as well, or alone
 */
public record Understood(SpokenMeaning meaning, String entry, boolean weak, boolean besideANo) {
    @Override
    public String toString() {
        return "Understood[hidden]";
    }
}
