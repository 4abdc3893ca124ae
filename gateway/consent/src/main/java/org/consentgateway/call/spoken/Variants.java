package org.consentgateway.call.spoken;

import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;

/** Thread-safe where its chance is. Wordings by chance, by their weights, never by caller. */
public record Variants(RandomGenerator random) implements Wordings {

    @Override
    public Notice choose(List<Notice> variants, CallFacts call, Instant now) {
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
