package org.consentgateway.sip.message;

import java.util.List;
import java.util.Locale;

/** The languages of an Accept-Language header (RFC 3261 §20.3, RFC 4647). */
public final class AcceptedLanguages {
    /** More are not read: nobody speaks so many. */
    private static final int MOST = 8;

    private AcceptedLanguages() {}

    /**
     * @param values of the header, in order
     * @return ISO 639-1, the best first; empty where none is named, or what is there is malformed
     */
    public static List<String> of(List<String> values) {
        try {
            return Locale.LanguageRange.parse(String.join(",", values)).stream()
                    .filter(range -> range.getWeight() > 0)
                    .map(range -> range.getRange().split("-", 2)[0])
                    .filter(language -> language.matches("[a-z]{2}"))
                    .distinct()
                    .limit(MOST)
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
