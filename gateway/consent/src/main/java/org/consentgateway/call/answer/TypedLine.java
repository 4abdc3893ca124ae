package org.consentgateway.call.answer;

import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A line that the caller has typed (real-time text, RFC 4103), as far as it means
 * something to the question. It prints nothing.
 *
 * @param meaning null where it means nothing here
 * @param key typed in place of words; null where it was words
 * @param words the lexicon's entry, or the key
 * @param asked whether it was begun when the question could be read: before that nobody can have
 *     agreed to it
 */
public record TypedLine(
        @Nullable Meaning meaning, @Nullable Character key, SpokenWords words, boolean asked) {
    @Override
    public String toString() {
        return "TypedLine[hidden]";
    }
}
