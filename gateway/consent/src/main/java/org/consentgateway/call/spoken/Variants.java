package org.consentgateway.call.spoken;

import java.util.List;
import java.util.random.RandomGenerator;
import org.consentgateway.consent.Notice;

/** Which of several wordings a call hears: by chance, by weight, never by caller. */
public final class Variants {
    private Variants() {}

    public static Notice pick(List<Notice> variants, RandomGenerator random) {
        if (variants.isEmpty()) {
            throw new IllegalStateException("no notice is in force");
        }
        int ticket = random.nextInt(variants.stream().mapToInt(Notice::weight).sum());
        for (Notice variant : variants) {
            ticket -= variant.weight();
            if (ticket < 0) {
                return variant;
            }
        }
        return variants.getLast();
    }
}
