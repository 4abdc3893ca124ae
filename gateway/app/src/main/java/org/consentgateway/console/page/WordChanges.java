package org.consentgateway.console.page;

import java.util.ArrayList;
import java.util.List;

/** What has changed from one text to another, word by word (longest common subsequence). */
public final class WordChanges {
    /** Longer texts are told as wholly changed: nobody reads so many marks. */
    private static final int MOST = 400;

    private WordChanges() {}

    /**
     * @param kind "same", "gone" or "new"
     */
    public record Run(String kind, String text) {}

    static List<Run> of(String before, String after) {
        List<String> old = words(before);
        List<String> now = words(after);
        if (old.size() > MOST || now.size() > MOST) {
            return List.of(new Run("gone", before), new Run("new", after));
        }
        int[][] common = common(old, now);
        List<Run> runs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                add(runs, "same", old.get(i));
                i++;
                j++;
            } else if (j == now.size()
                    || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                add(runs, "gone", old.get(i));
                i++;
            } else {
                add(runs, "new", now.get(j));
                j++;
            }
        }
        return List.copyOf(runs);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** How many words the rests from i and j on have in common, in their order. */
    private static int[][] common(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] =
                        old.get(i).equals(now.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static void add(List<Run> runs, String kind, String word) {
        if (!runs.isEmpty() && runs.getLast().kind().equals(kind)) {
            Run last = runs.removeLast();
            runs.add(new Run(kind, last.text() + " " + word));
        } else {
            runs.add(new Run(kind, word));
        }
    }
}
