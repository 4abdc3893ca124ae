package org.consentgateway.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Confined to one enumeration. Enumerates every path through a piece of code that asks {@link
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

    /** A way to go, and how far it led. */
    interface Way {
        int go(Choices choices);
    }

    /** Where each path led whose first choices were these, and how far. */
    static final class Paths {
        private final Map<List<Integer>, Gone> gone = new HashMap<>();

        private record Gone(List<Integer> taken, List<Integer> widths, int length) {}
    }

    /** All paths, to be remembered. */
    static Paths remember(int depth, Way way) {
        var paths = new Paths();
        var choices = new Choices(depth);
        do {
            choices.position = 0;
            List<Integer> start = List.copyOf(choices.taken);
            int length = way.go(choices);
            paths.gone.put(
                    start,
                    new Paths.Gone(
                            List.copyOf(choices.taken), List.copyOf(choices.widths), length));
        } while (choices.advance());
        return paths;
    }

    /**
     * All paths of a way that is the known one up to some place, without those that do not come so
     * far: they are known.
     *
     * @param depth of the known ones
     * @param place as lengths are counted; at this one the ways part
     */
    static void forEachBeyond(Paths known, int place, int depth, Way way) {
        var choices = new Choices(depth);
        do {
            choices.position = 0;
            Paths.Gone same = known.gone.get(choices.taken);
            if (same == null || same.length() > place) {
                way.go(choices);
            } else {
                choices.taken.clear();
                choices.taken.addAll(same.taken());
                choices.widths.clear();
                choices.widths.addAll(same.widths());
            }
        } while (choices.advance());
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
