package org.consentgateway.statistics;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How often what, in one group of callers. Confined to one thread until it is whole. */
final class Sums {
    private final Map<Figure, SortedMap<String, Long>> sums = new EnumMap<>(Figure.class);

    void add(Figure figure, String value, long times) {
        sums.computeIfAbsent(figure, _ -> new TreeMap<>()).merge(value, times, Long::sum);
    }

    /** Value to how often. */
    SortedMap<String, Long> of(Figure figure) {
        return sums.getOrDefault(figure, new TreeMap<>());
    }

    long sum(Figure figure) {
        return sum(figure, _ -> true);
    }

    long sum(Figure figure, Predicate<String> values) {
        return of(figure).entrySet().stream()
                .filter(each -> values.test(each.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
