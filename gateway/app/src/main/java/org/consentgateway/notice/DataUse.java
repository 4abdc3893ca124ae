package org.consentgateway.notice;

import java.time.Period;
import java.util.List;
import java.util.Map;

/**
 * Immutable. What becomes of callers' data, as the configuration says it and records and receipts
 * repeat it: the second layer of a notice has to say the same.
 *
 * @param recipients none: it is not configured, and nothing is claimed
 * @param kept by purpose: how long what is made for it is kept; not at all is left out
 * @param messaged languages in which the address of the information can be sent, so that it need
 *     not be spoken
 */
public record DataUse(List<Recipient> recipients, Map<String, Period> kept, List<String> messaged) {
    public static final DataUse UNTOLD = new DataUse(List.of(), Map.of(), List.of());

    public DataUse {
        recipients = List.copyOf(recipients);
        kept = Map.copyOf(kept);
        messaged = List.copyOf(messaged);
    }

    /**
     * Who gets data.
     *
     * @param spoken its name by language, where that is another one
     * @param country ISO 3166-1 alpha-2
     * @param purposes for which
     */
    public record Recipient(
            String name, Map<String, String> spoken, String country, List<String> purposes) {
        public Recipient {
            spoken = Map.copyOf(spoken);
            purposes = List.copyOf(purposes);
        }

        String name(String language) {
            return spoken.getOrDefault(language, name);
        }
    }
}
