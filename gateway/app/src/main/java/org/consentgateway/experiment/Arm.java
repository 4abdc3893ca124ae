package org.consentgateway.experiment;

import java.util.Map;

/**
 * Immutable. What was counted of one variant.
 *
 * @param answered calls in which it was spoken
 * @param asked calls of new callers who were asked
 * @param agreed of those
 * @param newAnswered answered calls of new callers, also those who were never asked
 * @param guards none for what nobody was asked
 */
public record Arm(
        long answered, long asked, long agreed, long newAnswered, Map<Guardrail, Sample> guards) {
    public Arm {
        guards = Map.copyOf(guards);
    }

    Sample consent() {
        return Sample.ofShare(agreed, asked);
    }

    /** Of all to whom it was assigned, also those who left before they were asked. */
    Sample consentOfAll() {
        return Sample.ofShare(Math.min(agreed, newAnswered), newAnswered);
    }

    /** In how many both a yes and something else was seen. */
    long leastEvents() {
        return Math.min(agreed, asked - agreed);
    }
}
