package org.consentgateway.consent;

/**
 * Immutable. The lexicon entry that matched what a caller said or typed, never free text. It is
 * evidence in the record and printed nowhere.
 */
public record SpokenWords(String entry) {
    @Override
    public String toString() {
        return "SpokenWords[hidden]";
    }
}
