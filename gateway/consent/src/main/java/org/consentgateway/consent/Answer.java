package org.consentgateway.consent;

/** Immutable. What a caller answered in the end to one question, after its repeats. */
public sealed interface Answer {

    record Agreed(Purpose purpose) implements Answer {}

    /** To all purposes of a preset at once, from the menu. */
    record Chosen(Level level) implements Answer {}

    /** To one purpose, or to all of them at once. */
    record Declined() implements Answer {}

    /** Nothing that may count. */
    record Missing(Unclear why) implements Answer {}
}
