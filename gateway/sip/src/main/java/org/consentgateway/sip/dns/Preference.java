package org.consentgateway.sip.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Immutable. The order in which those are tried that have a priority and a weight (RFC 2782): by
 * priority; within one, by chance, the heavier the sooner.
 */
public record Preference<T>(ToIntFunction<T> priority, ToIntFunction<T> weight) {

    public List<T> inOrder(List<T> all, RandomGenerator random) {
        Map<Integer, List<T>> byPriority = new TreeMap<>();
        for (T each : all) {
            byPriority
                    .computeIfAbsent(priority.applyAsInt(each), none -> new ArrayList<>())
                    .add(each);
        }
        List<T> ordered = new ArrayList<>();
        for (List<T> left : byPriority.values()) {
            // Those of weight 0 come first, so that they have a small chance, too.
            left.sort(Comparator.comparingInt(weight));
            while (!left.isEmpty()) {
                ordered.add(left.remove(drawn(left, random)));
            }
        }
        return ordered;
    }

    private int drawn(List<T> left, RandomGenerator random) {
        int sum = left.stream().mapToInt(weight).sum();
        int drawn = random.nextInt(sum + 1);
        int at = 0;
        int running = weight.applyAsInt(left.getFirst());
        while (running < drawn) {
            running += weight.applyAsInt(left.get(++at));
        }
        return at;
    }
}
