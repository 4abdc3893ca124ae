package org.consentgateway.consent;

/** Immutable. What a caller answered in the end to one question, after its repeats. */
public sealed interface Answer {

    record Agreed(Level level) implements Answer {}

    /** To one level, or to all of them at once. */
    record Declined() implements Answer {}

    /** Nothing that may count. */
    record Missing(Unclear why) implements Answer {}
}
