package org.consentgateway.call.answer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Confined to its window, whose clock its times are of. From when on each answer counts that agrees
 * to something: when that has been put, and never in an announcement.
 */
final class AgreeingFrom {
    /** What a packet may be late by: so much behind its time a prompt is not standing still. */
    private static final long ON_TIME_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private static final QuestionPut AT_ONCE = QuestionPut.after(Duration.ZERO);

    private final QuestionPut put;
    private final Map<Meaning, Long> from = new EnumMap<>(Meaning.class);

    /**
     * @param startNanos of the prompt
     * @param leastNanos before that nobody reacts to it
     */
    AgreeingFrom(QuestionPut put, long startNanos, long leastNanos) {
        this.put = put;
        for (Meaning meaning : Meaning.values()) {
            from.put(meaning, Math.max(leastNanos, startNanos + put.of(meaning).toNanos()));
        }
    }

    static AgreeingFrom never() {
        return new AgreeingFrom(AT_ONCE, 0, ReplyWindow.NEVER);
    }

    /** Where nothing is granted. */
    static AgreeingFrom at(long nanos) {
        return new AgreeingFrom(AT_ONCE, nanos, nanos);
    }

    /** What is left until something is put takes at least as long as it takes to speak. */
    void played(Duration played, long atNanos) {
        from.replaceAll((meaning, before) -> {
            long left = put.of(meaning).minus(played).toNanos();
            return left > 0 ? Math.max(before, atNanos + left - ON_TIME_NANOS) : before;
        });
    }

    boolean isBefore(Meaning meaning, long atNanos) {
        return atNanos < from.getOrDefault(meaning, ReplyWindow.NEVER);
    }
}
