package org.consentgateway.statistics;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which groups are not told of, since they are of so few people that one of them might be
 * recognised. Immutable.
 */
final class SmallGroups {
    /** People in a group that is told of. */
    static final int LEAST = 5;

    private SmallGroups() {}

    /**
     * Where one group alone would be left out, the sum of all would tell it: the next small one
     * goes with it.
     *
     * @param people in each group; nobody is in a group of 0
     */
    static Set<String> among(Map<String, Long> people) {
        Set<String> small =
                people.entrySet().stream()
                        .filter(each -> each.getValue() > 0 && each.getValue() < LEAST)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(HashSet::new));
        if (small.size() == 1) {
            people.entrySet().stream()
                    .filter(each -> each.getValue() >= LEAST)
                    .min(
                            Comparator.comparing(Map.Entry<String, Long>::getValue)
                                    .thenComparing(Map.Entry::getKey))
                    .ifPresent(each -> small.add(each.getKey()));
        }
        return Set.copyOf(small);
    }
}
