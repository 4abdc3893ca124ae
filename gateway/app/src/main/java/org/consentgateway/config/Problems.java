package org.consentgateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Confined to one read. What is wrong so far, and in which line each key stands. */
final class Problems implements Complaints, Mistakes {
    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final Set<String> excused = new HashSet<>();

    Problems(String file) {
        this.file = file;
    }

    @Override
    public void at(int line, String key, String wrong, String right) {
        found.add(new Problem(file, line, key, wrong, right));
    }

    void standsAt(String key, int line) {
        lines.put(key, line);
    }

    /** A key that was most likely meant by a misspelt one: that complaint is enough. */
    void excuse(String key) {
        excused.add(key);
    }

    boolean isExcused(String key) {
        return excused.contains(key);
    }

    @Override
    public void about(String key, String wrong, String right) {
        boolean known =
                isExcused(key) || found.stream().anyMatch(problem -> covers(problem.key(), key));
        if (!known) {
            at(lineOf(key), key, wrong, right);
        }
    }

    /** A complaint about {@code sources[1]} also covers {@code sources}, and the other way. */
    private static boolean covers(String told, String key) {
        return !told.isEmpty() && (told.startsWith(key) || isPart(key, told));
    }

    /** Asked of each pair of complaints, so without a text for each. */
    private static boolean isPart(String key, String list) {
        return key.startsWith(list) && key.startsWith("[", list.length());
    }

    /** The nearest line known: of the key, or of what it stands in. */
    private int lineOf(String key) {
        String at = key;
        while (!at.isEmpty()) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = at.substring(0, Math.max(cut, 0));
        }
        return 1;
    }

    boolean none() {
        return found.isEmpty();
    }

    List<Problem> inOrder() {
        return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }
}
