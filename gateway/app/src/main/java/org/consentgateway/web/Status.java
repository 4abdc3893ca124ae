package org.consentgateway.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Immutable. What the gateway says of itself at one moment. Nothing personal.
 *
 * @param parts what has to work for calls to be taken
 * @param decisionsToday state ("given", "refused", "unanswered", "withdrawn") to count, in the
 *     order they are shown
 * @param countedSince from when on they were counted: midnight, or the start
 */
public record Status(
        String node,
        List<Part> parts,
        int activeCalls,
        int callLimit,
        Map<String, Long> decisionsToday,
        Instant countedSince) {
    /** The part that takes calls. */
    public static final String SIP = "sip";

    /** The part without which nobody is asked. */
    public static final String STORE = "store";

    /**
     * @param name such as "store", "speech de" or "sip"
     * @param detail for people: what works, or why it does not
     */
    public record Part(String name, State state, String detail) {}

    /** How a part is. */
    public enum State {
        READY,
        /** Calls are taken, with less: keys only, for example. */
        LIMITED,
        /** No calls should be sent here: none are taken, or nobody can consent. */
        DOWN,
        /** None are taken, and only a restart mends it. */
        STUCK
    }

    /** What becomes of a call that comes now. */
    public enum CallsState {
        READY,
        LIMITED,
        /** Taken; to some texts no consent is recorded. */
        TEXTS,
        /** Taken, and nobody is asked: all reach a human. */
        HUMAN,
        DOWN,
        STUCK
    }

    /** That of the worst part. */
    public State state() {
        return parts.stream().map(Part::state).max(Enum::compareTo).orElse(State.READY);
    }

    /** Where no calls should be sent they are taken all the same, as long as SIP takes them. */
    public CallsState calls() {
        if (isReady() || isDown(SIP)) {
            return CallsState.valueOf(state().name());
        }
        return isDown(STORE) ? CallsState.HUMAN : CallsState.TEXTS;
    }

    private boolean isDown(String name) {
        return parts.stream()
                .anyMatch(part ->
                        part.name().equals(name) && part.state().compareTo(State.DOWN) >= 0);
    }

    /** Whether calls should be sent here. */
    public boolean isReady() {
        return state().compareTo(State.DOWN) < 0;
    }
}
