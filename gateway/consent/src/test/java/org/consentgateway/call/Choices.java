package org.consentgateway.call;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Confined to one {@link #forEach}. Enumerates every path through a piece of code that asks {@link
 * #pick} for its choices: the first {@code depth} choices take every value, later ones the first.
 */
final class Choices {
    private final int depth;
    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private int position;

    private Choices(int depth) {
        this.depth = depth;
    }

    /**
     * @return how many paths there were
     */
    static int forEach(int depth, Consumer<Choices> path) {
        var choices = new Choices(depth);
        int paths = 0;
        do {
            choices.position = 0;
            path.accept(choices);
            paths++;
        } while (choices.advance());
        return paths;
    }

    /** 0 to {@code width - 1}. */
    int pick(int width) {
        if (position == depth) {
            return 0;
        }
        if (position == taken.size()) {
            taken.add(0);
            widths.add(width);
        }
        return taken.get(position++);
    }

    /** The next path: the last choice that has more values takes the next one. */
    private boolean advance() {
        while (!taken.isEmpty()) {
            int last = taken.size() - 1;
            int next = taken.get(last) + 1;
            if (next < widths.get(last)) {
                taken.set(last, next);
                return true;
            }
            taken.removeLast();
            widths.removeLast();
        }
        return false;
    }

    @Override
    public String toString() {
        return "path " + taken;
    }
}
