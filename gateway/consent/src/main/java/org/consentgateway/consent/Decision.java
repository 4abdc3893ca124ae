package org.consentgateway.consent;

/** Immutable. What follows from all answers of one call; one per call. */
public sealed interface Decision {

    record Given(Level level) implements Decision {}

    record Refused() implements Decision {}

    record Unanswered(Unclear reason) implements Decision {}
}
