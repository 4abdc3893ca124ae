package org.consentgateway.consent;

import java.time.LocalDate;
import java.time.Period;
import java.util.Map;

/**
 * Immutable. One versioned consent text in one language, with all that is said around it.
 *
 * @param id lineage: the folder under {@code config/notices}, shared by all its versions and
 *     languages
 * @param version such as "2026-11"; versions of one lineage sort as text
 * @param language ISO 639-1, such as "de"
 * @param variant "a" where there is only one
 * @param weight of this variant among those of the same id, version and language where no
 *     experiment shares callers out; 0: it is spoken in experiments alone
 * @param materialChange whether consents given to earlier versions no longer hold
 * @param answerWithin how long a person may take to answer a request, by the law it is written for
 * @param purposes purpose id to the words in which it is asked for: they stand in its question
 * @param texts part key to text: see {@link Parts}
 * @param textSha256 lower-case hex over all parts in key order
 * @param audioSha256 lower-case hex over the A-law audio of all parts in key order
 */
public record Notice(
        String id,
        String version,
        String language,
        String variant,
        int weight,
        LocalDate validFrom,
        boolean materialChange,
        Controller controller,
        Period answerWithin,
        Map<String, String> purposes,
        Map<String, String> texts,
        String textSha256,
        String audioSha256) {

    /**
     * Who is responsible (Art. 4 no. 7 DSGVO).
     *
     * @param contact where to write to
     * @param country whose supervision it is under, ISO 3166-1 alpha-2, such as "DE"
     */
    public record Controller(String name, String contact, String country) {
        public static final String DEFAULT_COUNTRY = "DE";
    }
}
