package org.consentgateway.call;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Unclear;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How a call went: exactly one per call. It is at once the log line, the metric and the
 * console row, and holds nothing personal.
 */
public sealed interface CallOutcome {
    Trail trail();

    /** Short, for metrics and logs, such as "assistant-unreachable". */
    default String name() {
        return nameOf(getClass());
    }

    /** All names that a call can end by. */
    static List<String> names() {
        return Stream.of(CallOutcome.class.getPermittedSubclasses())
                .map(CallOutcome::nameOf)
                .toList();
    }

    private static String nameOf(Class<?> outcome) {
        StringBuilder name = new StringBuilder();
        for (char letter : outcome.getSimpleName().toCharArray()) {
            if (Character.isUpperCase(letter) && !name.isEmpty()) {
                name.append('-');
            }
            name.append(Character.toLowerCase(letter));
        }
        return name.toString();
    }

    /** Talked to the assistant; the caller or the assistant ended it. */
    record Assisted(Trail trail, String level, Basis basis, Duration talk) implements CallOutcome {}

    /** Withdrew during the call. */
    record Withdrew(Trail trail, String level, Path then) implements CallOutcome {}

    record Refused(Trail trail, Path then) implements CallOutcome {}

    record Unanswered(Trail trail, Unclear reason, Path then) implements CallOutcome {}

    /** Agreed, but the assistant did not answer. */
    record AssistantUnreachable(Trail trail, String level, Path then) implements CallOutcome {}

    /** Nothing could be recorded. */
    record StoreDown(Trail trail, Path then) implements CallOutcome {}

    /** Agreed, and hung up before the assistant answered. */
    record LeftBeforeAssistant(Trail trail, String level) implements CallOutcome {}

    /** Hung up before we answered, or never acknowledged it: nothing was said. */
    record NeverAnswered(Trail trail) implements CallOutcome {}

    record PrivacyServed(Trail trail, Wish wish) implements CallOutcome {}

    record Drained(Trail trail) implements CallOutcome {}

    /**
     * Something we did not think of.
     *
     * @param error its class name
     */
    record Failed(Trail trail, String error) implements CallOutcome {}

    /**
     * What all calls have.
     *
     * @param language and the following are empty where the call never came so far
     * @param hungUp how the caller left; null where we ended the call
     */
    record Trail(
            CallFacts facts,
            String language,
            String noticeVersion,
            String variant,
            Duration took,
            CallEnded.@Nullable How hungUp) {}

    /** On what the assistant was allowed to listen. */
    enum Basis {
        GIVEN,
        RENEWED,
        REAFFIRMED,
        /** An earlier consent, without a question. */
        KNOWN
    }

    /** Where a caller went without an assistant. */
    enum Path {
        HUMAN,
        /** Nobody was reached; a person calls back. */
        CALL_BACK,
        GOODBYE,
        HUNG_UP
    }

    /** What a caller did on the privacy line. */
    enum Wish {
        LISTENED,
        WITHDREW,
        ASKED_FOR_ACCESS,
        ASKED_FOR_ERASURE,
        UNKNOWN_CALLER,
        HUNG_UP
    }
}
