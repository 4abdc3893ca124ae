package org.consentgateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.consentgateway.statistics.SmallGroups.Group;
import org.junit.jupiter.api.Test;

/** What is hidden of one table is not told by another. */
class SmallGroupsTest {
    private static Cell cell(String line, String language, String variant) {
        return new Cell(line, "demo", "1", language, variant);
    }

    private static Group wording(String line, String variant) {
        return Group.of(Dimension.WORDING, cell(line, "de", variant));
    }

    @Test
    void theRestOfALineDoesNotTellOfItsSmallWording() {
        Set<Group> hidden =
                SmallGroups.ofCells(
                        Map.of(
                                cell("L1", "de", "a"), 27L,
                                cell("L1", "de", "b"), 3L,
                                cell("L2", "de", "a"), 2L,
                                cell("L2", "de", "b"), 50L));

        assertThat(hidden)
                .containsExactlyInAnyOrder(
                        wording("L1", "a"),
                        wording("L1", "b"),
                        wording("L2", "a"),
                        wording("L2", "b"));
    }

    @Test
    void theWordingsOfALineDoNotTellOfIt() {
        Set<Group> hidden =
                SmallGroups.ofCells(
                        Map.of(
                                cell("large", "de", "a"), 100L,
                                cell("hidden", "de", "a"), 20L,
                                cell("hidden", "de", "b"), 30L,
                                cell("small", "de", "a"), 4L,
                                cell("large", "de", "b"), 100L));

        assertThat(hidden)
                .as("by the one the other could be computed")
                .contains(new Group(Dimension.LINE, "small"), new Group(Dimension.LINE, "hidden"))
                .containsAnyOf(wording("hidden", "a"), wording("hidden", "b"))
                .doesNotContain(new Group(Dimension.LINE, "large"));
    }

    /** Each of both would be known to be one. */
    @Test
    void twoOfOneEachAreNotHiddenAlone() {
        assertThat(SmallGroups.among(Map.of("a", 100L, "b", 1L, "c", 1L, "d", 50L)))
                .containsExactlyInAnyOrder("b", "c", "d");
    }

    @Test
    void whereNobodyIsAloneAllIsTold() {
        assertThat(
                        SmallGroups.ofCells(
                                Map.of(
                                        cell("L1", "de", "a"), 5L,
                                        cell("L1", "en", "b"), 0L,
                                        cell("L2", "de", "a"), 50L)))
                .isEmpty();
    }

    @Test
    void noSmallGroupIsLeftOverBySubtraction() {
        for (int seed = 0; seed < 300; seed++) {
            Map<Cell, Long> people = people(new Random(seed));
            Set<Group> hidden = SmallGroups.ofCells(people);
            Map<Group, Set<Cell>> groups = groups(people);
            Map<Group, Long> known = new HashMap<>();
            groups.forEach((group, cells) -> {
                if (!hidden.contains(group)) {
                    known.put(group, sum(cells, people));
                }
            });
            subtract(sums(groups), known);

            groups.forEach((group, cells) -> {
                if (sum(cells, people) < SmallGroups.LEAST) {
                    assertThat(known).as("seed " + people).doesNotContainKey(group);
                }
            });
        }
    }

    private static Map<Cell, Long> people(Random random) {
        Map<Cell, Long> people = new HashMap<>();
        for (String line : List.of("L1", "L2", "L3", "L4")) {
            int most = random.nextInt(3) == 0 ? 3 : 60;
            for (String language : List.of("de", "en")) {
                for (String variant : List.of("a", "b")) {
                    people.put(cell(line, language, variant), (long) random.nextInt(most));
                }
            }
        }
        return people;
    }

    private static Map<Group, Set<Cell>> groups(Map<Cell, Long> people) {
        Map<Group, Set<Cell>> groups = new HashMap<>();
        people.forEach((cell, size) -> {
            for (Dimension by : Dimension.values()) {
                if (size > 0) {
                    groups.computeIfAbsent(Group.of(by, cell), _ -> new HashSet<>()).add(cell);
                }
            }
        });
        return groups;
    }

    private static long sum(Set<Cell> cells, Map<Cell, Long> people) {
        return cells.stream().mapToLong(cell -> people.getOrDefault(cell, 0L)).sum();
    }

    /** Each group, and behind it all of one dimension that are the same people together. */
    private static List<List<Group>> sums(Map<Group, Set<Cell>> groups) {
        List<List<Group>> sums = new ArrayList<>();
        groups.forEach((whole, cells) -> {
            for (Dimension by : Dimension.values()) {
                Set<Cell> together = new HashSet<>();
                Set<Group> parts = new LinkedHashSet<>();
                groups.forEach((part, inside) -> {
                    if (part.by() == by && !part.equals(whole) && cells.containsAll(inside)) {
                        parts.add(part);
                        together.addAll(inside);
                    }
                });
                if (together.equals(cells)) {
                    List<Group> sum = new ArrayList<>(List.of(whole));
                    sum.addAll(parts);
                    sums.add(sum);
                }
            }
        });
        return sums;
    }

    /** Whoever knows all of a sum but one knows that one too. */
    private static void subtract(List<List<Group>> sums, Map<Group, Long> known) {
        boolean more = true;
        while (more) {
            more = false;
            for (List<Group> sum : sums) {
                List<Group> unknown =
                        sum.stream().filter(group -> !known.containsKey(group)).toList();
                if (unknown.size() == 1) {
                    known.put(unknown.getFirst(), 0L);
                    more = true;
                }
            }
        }
    }
}
