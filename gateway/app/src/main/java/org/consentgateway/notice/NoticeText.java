package org.consentgateway.notice;

import java.util.Collection;
import java.util.regex.Pattern;

/** Immutable. A text of a notice, and where it stands. */
record NoticeText(Spot spot, String value) {

    /** As whole words, in any case. */
    boolean says(String words) {
        return says(value, words);
    }

    boolean saysOneOf(Collection<String> words) {
        return words.stream().anyMatch(this::says);
    }

    static boolean says(String text, String words) {
        return Pattern.compile(
                        "(?<![\\p{L}\\p{Nd}])" + Pattern.quote(words) + "(?![\\p{L}\\p{Nd}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(text)
                .find();
    }
}
