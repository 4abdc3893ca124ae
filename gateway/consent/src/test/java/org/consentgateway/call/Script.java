package org.consentgateway.call;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** What happens at each wait of a call. */
interface Script {

    <E extends Enum<E>> E next(List<E> possible);

    /**
     * These, each at the first wait where it is possible and its turn has come; otherwise the first
     * possibility.
     */
    static Script of(Enum<?>... events) {
        var left = new ArrayDeque<>(Arrays.asList(events));
        return new Script() {
            @Override
            public <E extends Enum<E>> E next(List<E> possible) {
                for (E event : possible) {
                    if (event == left.peek()) {
                        left.poll();
                        return event;
                    }
                }
                return possible.getFirst();
            }
        };
    }

    /** This wherever it is possible, otherwise the first possibility. */
    static Script always(Enum<?> event) {
        return new Script() {
            @Override
            public <E extends Enum<E>> E next(List<E> possible) {
                return possible.stream()
                        .filter(each -> each == event)
                        .findFirst()
                        .orElse(possible.getFirst());
            }
        };
    }

    static Script by(Choices choices) {
        return new Script() {
            @Override
            public <E extends Enum<E>> E next(List<E> possible) {
                return possible.get(choices.pick(possible.size()));
            }
        };
    }

    /** The first possibility until there is a wait of this kind, and choices from there on. */
    static Script from(Class<? extends Enum<?>> kind, Choices choices) {
        return new Script() {
            private boolean reached;

            @Override
            public <E extends Enum<E>> E next(List<E> possible) {
                reached |= kind.isInstance(possible.getFirst());
                return possible.get(reached ? choices.pick(possible.size()) : 0);
            }
        };
    }

    /** Every other time the first possibility, so that many calls get as far as a talk. */
    static Script by(RandomGenerator random) {
        return new Script() {
            @Override
            public <E extends Enum<E>> E next(List<E> possible) {
                return possible.get(random.nextBoolean() ? 0 : random.nextInt(possible.size()));
            }
        };
    }
}
