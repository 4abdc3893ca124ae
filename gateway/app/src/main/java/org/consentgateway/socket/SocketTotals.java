package org.consentgateway.socket;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Thread-safe. What is counted of the sockets, from zero for each assistant there is or was. */
public final class SocketTotals {
    private final Map<String, OfOne> assistants = new ConcurrentSkipListMap<>();

    /** Of one assistant. */
    static final class OfOne {
        private final Map<Failure, LongAdder> failures = new EnumMap<>(Failure.class);
        private final LongAdder answered = new LongAdder();
        private final LongAdder framesLost = new LongAdder();
        private final LongAdder ignored = new LongAdder();

        OfOne() {
            for (Failure failure : Failure.values()) {
                failures.put(failure, new LongAdder());
            }
        }

        void failed(Failure why) {
            LongAdder count = failures.get(why);
            if (count != null) {
                count.increment();
            }
        }

        void answered() {
            answered.increment();
        }

        void frameLost() {
            framesLost.increment();
        }

        void ignored() {
            ignored.increment();
        }
    }

    /**
     * Immutable.
     *
     * @param framesLost 20 ms each that the assistant did not read in time
     * @param ignored messages that mean nothing here
     */
    public record Count(
            String assistant,
            long answered,
            Map<Failure, Long> failures,
            long framesLost,
            long ignored) {}

    /** One that there is, or is again: its counts go on. */
    void counts(String assistant) {
        assistants.computeIfAbsent(assistant, _ -> new OfOne());
    }

    OfOne of(String assistant) {
        OfOne one = assistants.get(assistant);
        if (one == null) {
            throw new IllegalArgumentException("no assistant named " + assistant);
        }
        return one;
    }

    public List<Count> counts() {
        return assistants.entrySet().stream()
                .map(each -> count(each.getKey(), each.getValue()))
                .toList();
    }

    private static Count count(String name, OfOne one) {
        Map<Failure, Long> failures = new EnumMap<>(Failure.class);
        one.failures.forEach((why, count) -> failures.put(why, count.sum()));
        return new Count(
                name,
                one.answered.sum(),
                Map.copyOf(failures),
                one.framesLost.sum(),
                one.ignored.sum());
    }
}
