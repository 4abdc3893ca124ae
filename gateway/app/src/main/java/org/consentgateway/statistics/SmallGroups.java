package org.consentgateway.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which groups are not told of, since they are of so few people that one of them might be
 * recognised. Immutable.
 *
 * <p>A group is the sum of others: all calls of those of each line, a line of its wordings, and so
 * is each language. Whoever knows a sum and all but one of what it is made of knows that one by
 * subtraction; so what is hidden of a sum that is told is always two groups at least, and together
 * of as many people as a group that is told of.
 */
final class SmallGroups {
    /** People in a group that is told of. */
    static final int LEAST = 5;

    private SmallGroups() {}

    /** As a report names it. */
    record Group(Dimension by, String name) implements Comparable<Group> {
        private static final Comparator<Group> ORDER =
                Comparator.comparing(Group::by).thenComparing(Group::name);

        static Group of(Dimension by, Cell cell) {
            return new Group(by, by.group(cell));
        }

        @Override
        public int compareTo(Group other) {
            return ORDER.compare(this, other);
        }
    }

    static boolean isSmall(long people) {
        return people > 0 && people < LEAST;
    }

    /**
     * @param people in each group of one table below which the sum of all stands; nobody is in a
     *     group of 0
     */
    static Set<String> among(Map<String, Long> people) {
        var sizes = new HashMap<Optional<String>, Long>();
        people.forEach((name, size) -> add(sizes, Optional.of(name), size));
        var sum = new Sum<>(Optional.<String>empty(), Set.copyOf(sizes.keySet()));
        add(sizes, sum.whole(), people.values().stream().mapToLong(Long::longValue).sum());
        var names = new HashSet<String>();
        hidden(sizes, List.of(sum)).forEach(each -> each.ifPresent(names::add));
        return Set.copyOf(names);
    }

    /**
     * @param people in each cell; nobody is in one of 0
     */
    static Set<Group> ofCells(Map<Cell, Long> people) {
        var sizes = new HashMap<Group, Long>();
        // In an order of their own: what is hidden must be the same whenever it is asked for.
        var cells = new TreeMap<Group, Set<Cell>>();
        people.forEach((cell, size) -> {
            for (Dimension by : Dimension.values()) {
                Group group = Group.of(by, cell);
                add(sizes, group, size);
                if (size > 0) {
                    cells.computeIfAbsent(group, _ -> new HashSet<>()).add(cell);
                }
            }
        });
        return hidden(sizes, sums(cells));
    }

    /** Where all of a language call one line, it is a part of that line, too. */
    private static List<Sum<Group>> sums(Map<Group, Set<Cell>> cells) {
        List<Sum<Group>> sums = new ArrayList<>();
        cells.forEach((whole, inside) -> {
            for (Dimension by : Dimension.values()) {
                Set<Group> parts =
                        inside.stream().map(cell -> Group.of(by, cell)).collect(Collectors.toSet());
                int together =
                        parts.stream()
                                .mapToInt(part -> cells.getOrDefault(part, Set.of()).size())
                                .sum();
                if (by != whole.by() && together == inside.size()) {
                    sums.add(new Sum<>(whole, parts));
                }
            }
        });
        return sums;
    }

    private static <G> void add(Map<G, Long> sizes, G group, long people) {
        if (people > 0) {
            sizes.merge(group, people, Long::sum);
        }
    }

    /** A group, and all those of one kind that are in it. */
    private record Sum<G>(G whole, Set<G> parts) {}

    private static <G> Set<G> hidden(Map<G, Long> people, List<Sum<G>> sums) {
        var hidden = new HashSet<G>();
        people.forEach((group, size) -> {
            if (isSmall(size)) {
                hidden.add(group);
            }
        });
        Optional<G> more;
        do {
            more = sums.stream().flatMap(sum -> telling(sum, people, hidden).stream()).findFirst();
            more.ifPresent(hidden::add);
        } while (more.isPresent());
        return Set.copyOf(hidden);
    }

    /** A group of this sum by which a hidden one could be computed: the smallest that is told. */
    private static <G> Optional<G> telling(Sum<G> sum, Map<G, Long> people, Set<G> hidden) {
        List<G> unknown = sum.parts().stream().filter(hidden::contains).toList();
        long together = unknown.stream().mapToLong(part -> people.getOrDefault(part, 0L)).sum();
        boolean safe =
                hidden.contains(sum.whole())
                        ? !unknown.isEmpty()
                        : unknown.isEmpty() || (unknown.size() > 1 && together >= LEAST);
        if (safe) {
            return Optional.empty();
        }
        return sum.parts().stream()
                .filter(part -> !hidden.contains(part))
                .min(
                        Comparator.comparing((G part) -> people.getOrDefault(part, 0L))
                                .thenComparing(Object::toString))
                // It is the same people as its only part.
                .or(() -> Optional.of(sum.whole()));
    }
}
