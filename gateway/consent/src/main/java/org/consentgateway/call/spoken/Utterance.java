package org.consentgateway.call.spoken;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.consent.Notice;

/**
 * Immutable. Parts of a notice, spoken one after the other without a gap.
 *
 * @param parts keys of {@link org.consentgateway.consent.Parts}
 */
public record Utterance(Notice notice, List<String> parts) {
    public Utterance {
        parts = List.copyOf(parts);
    }

    public static Utterance of(Notice notice, String... parts) {
        return new Utterance(notice, List.of(parts));
    }

    public Utterance then(String part) {
        var longer = new ArrayList<>(parts);
        longer.add(part);
        return new Utterance(notice, longer);
    }

    @Override
    public String toString() {
        return "Utterance[" + notice.id() + "/" + notice.language() + parts + "]";
    }
}
