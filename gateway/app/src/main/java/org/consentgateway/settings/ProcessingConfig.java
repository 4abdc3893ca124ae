package org.consentgateway.settings;

import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.config.Setting;

/**
 * {@code processing}: what becomes of callers' data. Immutable. Told alike in records, receipts,
 * the answer to an access request and the record of processing activities.
 *
 * @param authority supervisory authority that complaints may go to
 * @param purposes what is processed for each
 * @param recipients who gets it besides the controller
 */
public record ProcessingConfig(
        @Setting(byDefault = "", example = "BfDI, Graurheindorfer Str. 153, 53117 Bonn")
                Optional<String> authority,
        @Setting(byDefault = "[]", example = "[{purpose: assistant, data: […]}]")
                List<OfPurpose> purposes,
        @Setting(byDefault = "[]", example = "[{name: …, address: …, role: …}]")
                List<Recipient> recipients) {
    /**
     * Of one purpose.
     *
     * @param data kinds of personal data
     * @param kept how long what is made for it is kept, wherever that is; P0D: not at all
     */
    public record OfPurpose(
            @Setting(
                            example = "assistant",
                            form = "[a-z][a-z0-9-]{0,39}",
                            formInWords = "small letters, digits and - only")
                    String purpose,
            @Setting(
                            example = "[voice, phone-number]",
                            atLeast = "1",
                            form = "[a-z][a-z0-9-]{0,39}",
                            formInWords = "small letters, digits and - only")
                    List<String> data,
            @Setting(byDefault = "P0D") Period kept) {}

    /**
     * Who gets data.
     *
     * @param country where they process it
     * @param spoken how the notices of a language call it, where that is another name
     * @param purposes for which
     */
    public record Recipient(
            @Setting(example = "AI Service GmbH") String name,
            @Setting(example = "Musterweg 2, 12345 Musterstadt") String address,
            @Setting(byDefault = "processor") Role role,
            @Setting(
                            byDefault = "DE",
                            form = "[A-Z]{2}",
                            formInWords = "a country by ISO 3166-1, such as DE")
                    String country,
            @Setting(byDefault = "{}", example = "{en: AI Service Ltd}") Map<String, String> spoken,
            @Setting(
                            example = "[assistant]",
                            atLeast = "1",
                            form = "[a-z][a-z0-9-]{0,39}",
                            formInWords = "small letters, digits and - only")
                    List<String> purposes) {}

    /** What a recipient is to the data (Art. 4 no. 8 to 10, Art. 26 DSGVO). */
    public enum Role {
        PROCESSOR,
        JOINT_CONTROLLER,
        THIRD_PARTY
    }
}
