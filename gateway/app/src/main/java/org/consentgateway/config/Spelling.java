package org.consentgateway.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;

/** Immutable. "Did you mean …?" */
public final class Spelling {
    private Spelling() {}

    /** The word with the fewest slips of the finger from {@code given}, if they are few. */
    public static Optional<String> nearest(String given, Collection<String> known) {
        int tolerated = Math.max(1, given.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(word -> slips(given, word)))
                .filter(word -> slips(given, word) <= tolerated);
    }

    /**
     * The same, however many slips they are.
     *
     * @param known not empty
     */
    public static String closest(String given, Collection<String> known) {
        return Collections.min(known, Comparator.comparingInt(word -> slips(given, word)));
    }

    /** Optimal string alignment distance: letters put in, left out, changed or swapped. */
    private static int slips(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int changed = cost[i - 1][j - 1] + (same ? 0 : 1);
        int best = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
                i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, 1 + cost[i - 2][j - 2]) : best;
    }
}
