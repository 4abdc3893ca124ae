package org.consentgateway.picture;

import java.util.List;

/**
 * How many came to each of some steps, as columns with their numbers, and marks across them: a
 * whole line and a broken one, each with its words.
 */
public final class DistributionPicture {
    private static final int WIDTH = 480;
    private static final int MARKS = 56;
    private static final int TALL = 140;
    private static final int GROUND = MARKS + TALL + 24;
    private static final int AXIS = 32;
    private static final double THICK = 0.8;

    /** From here on words stand before their mark: behind it there is no room. */
    private static final double RIGHT = 0.55;

    private DistributionPicture() {}

    /** A step, with what it is called below. */
    public record Column(String label, long value) {}

    /**
     * @param at in columns, from the left edge of the first one on
     */
    public record Mark(double at, String words) {}

    /**
     * @param columns one at least
     * @param whole drawn as a whole line
     * @param broken drawn as a broken line
     */
    public static String of(
            String title, String words, List<Column> columns, Mark whole, Mark broken) {
        var svg = new Svg(WIDTH, GROUND + AXIS, title, words);
        double wide = (double) WIDTH / columns.size();
        long most = Math.max(1, columns.stream().mapToLong(Column::value).max().orElse(1));
        for (int i = 0; i < columns.size(); i++) {
            double tall = (double) TALL * columns.get(i).value() / most;
            if (tall > 0) {
                double left = (i + (1 - THICK) / 2) * wide;
                svg.rect("column", left, GROUND - tall, wide * THICK, tall);
            }
        }
        svg.line("axis base", 0, GROUND, WIDTH, GROUND);
        mark(svg, "reach", whole, wide, 18);
        mark(svg, "reach broken", broken, wide, 44);
        // Last, so that a line never crosses a number.
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double middle = (i + 0.5) * wide;
            double tall = (double) TALL * column.value() / most;
            if (tall > 0) {
                svg.text(
                        "ink", "middle", middle, GROUND - tall - 6, String.valueOf(column.value()));
            }
            svg.text("tick", "middle", middle, GROUND + 24, column.label());
        }
        return svg.end();
    }

    private static void mark(Svg svg, String kind, Mark mark, double wide, double y) {
        double x = Math.min(WIDTH, mark.at() * wide);
        svg.line(kind, x, y - 14, x, GROUND);
        boolean right = x > WIDTH * RIGHT;
        svg.text("ink", right ? "end" : "start", right ? x - 8 : x + 8, y, mark.words());
    }
}
