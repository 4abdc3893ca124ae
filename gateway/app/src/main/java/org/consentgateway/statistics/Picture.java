package org.consentgateway.statistics;

import java.util.List;
import java.util.Locale;
import org.consentgateway.picture.Svg;

/**
 * Immutable. Pictures as SVG that stands in the page; colours are the page's, so that they are
 * right in the dark and in print. Beside each stands a table that tells the same.
 */
final class Picture {
    private static final int WIDTH = 720;
    private static final int LABELS = 250;
    private static final int VALUES = 70;
    private static final int ROW = 26;
    private static final int AXIS = 24;
    private static final int LONGEST = 38;
    private static final int HIGH = 160;
    private static final double PERCENT = 100;

    private Picture() {}

    /**
     * A dot with its interval, from 0 to 1.
     *
     * @param strong told apart by shape as well as by colour
     */
    record Dot(String label, double rate, Interval interval, boolean strong) {}

    /** A column of a histogram. */
    record Column(String label, long value) {}

    /** Dots one below the other. */
    static String dots(String title, List<Dot> dots) {
        double most = 0.05;
        for (Dot dot : dots) {
            most = Math.max(most, dot.interval().high());
        }
        double scale = (WIDTH - LABELS - VALUES) / Math.min(1, most * 1.05);
        int height = dots.size() * ROW + AXIS;
        var svg = new Svg(WIDTH, height, title);
        for (int tick = 0; tick <= 4; tick++) {
            double share = Math.min(1, most * 1.05) * tick / 4;
            double x = LABELS + share * scale;
            svg.line("grid", x, 0, x, height - AXIS)
                    .text("tick", "middle", x, height - 6, percent(share));
        }
        for (int i = 0; i < dots.size(); i++) {
            Dot dot = dots.get(i);
            double y = i * ROW + ROW / 2.0;
            double from = LABELS + dot.interval().low() * scale;
            double to = LABELS + dot.interval().high() * scale;
            double at = LABELS + dot.rate() * scale;
            svg.text("label", "end", LABELS - 10, y + 4, shortened(dot.label()))
                    .line("reach", from, y, to, y)
                    .line("reach", from, y - 5, from, y + 5)
                    .line("reach", to, y - 5, to, y + 5);
            if (dot.strong()) {
                svg.rect("other", at - 5, y - 5, 10, 10);
            } else {
                svg.circle("mark", at, y, 5);
            }
            svg.text("label", "start", to + 8, y + 4, percent(dot.rate()));
        }
        return svg.end();
    }

    /** Columns side by side. */
    static String columns(String title, List<Column> columns) {
        long most = Math.max(1, columns.stream().mapToLong(Column::value).max().orElse(1));
        double wide = (WIDTH - 20.0) / Math.max(1, columns.size());
        var svg = new Svg(WIDTH, HIGH + AXIS + 14, title);
        svg.line("grid", 10, HIGH + 14, WIDTH - 10, HIGH + 14);
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double tall = HIGH * column.value() / (double) most;
            double x = 10 + i * wide;
            double middle = x + wide / 2;
            svg.rect("mark", x + wide * 0.08, HIGH + 14 - tall, wide * 0.84, tall)
                    .text("tick", "middle", middle, HIGH + AXIS + 8, column.label())
                    .text(
                            "label",
                            "middle",
                            middle,
                            HIGH + 10 - tall,
                            String.valueOf(column.value()));
        }
        return svg.end();
    }

    private static String shortened(String label) {
        return label.length() > LONGEST ? label.substring(0, LONGEST - 1) + "…" : label;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
    }
}
