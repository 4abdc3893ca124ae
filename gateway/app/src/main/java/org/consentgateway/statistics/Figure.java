package org.consentgateway.statistics;

import java.util.Optional;
import java.util.stream.Stream;

/** Immutable. What is counted, by day and {@link Cell}; each with a value that tells it apart. */
enum Figure {
    /**
     * Of the log: what came of an answered call, {@code new/given}, {@code known/again}, {@code
     * new/unanswered/NO_INPUT}, {@code new/unasked/HANGUP_DURING_OPENING}; one for each call.
     */
    DECISION("decision"),
    /** Of the log: calls with so many repeats of a question. */
    REPEATS("repeats"),
    /** Of the log: seconds from the answer of the call to the decision, {@code new/12}. */
    DECIDED_AFTER("decided-after"),
    /** Of the log: consents, also those to one more purpose in the middle of a talk. */
    CONSENT("consent"),
    /**
     * Of the log: those of them that were withdrawn, on the day they were given, by how soon:
     * {@code in-call}, {@code within-30-days}, {@code later}.
     */
    CONSENT_WITHDRAWN("consent-withdrawn"),
    /** Of the log: withdrawals, on their own day, by who did it. */
    WITHDRAWAL("withdrawal"),
    /** Of the log: what callers left to be done, by kind. */
    TASK("task"),
    /** Of the log: entries that had lost their content before they were counted, by type. */
    CONTENT_LOST("content-lost"),
    /** Of calls: how they ended, {@code assisted}, {@code refused/human}. */
    CALL("call"),
    /** Of calls: whom callers were joined with first, after so many seconds. */
    JOINED("joined"),
    /** Of calls: how clear it was to callers what the AI may do, 1 to 5. */
    CLARITY("clarity"),
    /** Of calls: whether they were helped, by their own word. */
    HELPED("helped");

    private final String text;

    Figure(String text) {
        this.text = text;
    }

    /** As the store keeps it. */
    String text() {
        return text;
    }

    static Optional<Figure> of(String text) {
        return Stream.of(values()).filter(figure -> figure.text.equals(text)).findFirst();
    }
}
