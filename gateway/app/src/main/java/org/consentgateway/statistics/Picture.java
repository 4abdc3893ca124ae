package org.consentgateway.statistics;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import java.util.List;
import java.util.Locale;

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
        var svg = new StringBuilder(begin(title, height));
        for (int tick = 0; tick <= 4; tick++) {
            double share = Math.min(1, most * 1.05) * tick / 4;
            double x = LABELS + share * scale;
            svg.append(line("grid", x, 0, x, height - AXIS))
                    .append(text("tick", "middle", x, height - 6, percent(share)));
        }
        for (int i = 0; i < dots.size(); i++) {
            Dot dot = dots.get(i);
            double y = i * ROW + ROW / 2.0;
            double from = LABELS + dot.interval().low() * scale;
            double to = LABELS + dot.interval().high() * scale;
            double at = LABELS + dot.rate() * scale;
            svg.append(text("label", "end", LABELS - 10, y + 4, shortened(dot.label())))
                    .append(line("reach", from, y, to, y))
                    .append(line("reach", from, y - 5, from, y + 5))
                    .append(line("reach", to, y - 5, to, y + 5))
                    .append(dot.strong() ? square(at, y) : circle(at, y))
                    .append(text("label", "start", to + 8, y + 4, percent(dot.rate())));
        }
        return svg.append("</svg>\n").toString();
    }

    /** Columns side by side. */
    static String columns(String title, List<Column> columns) {
        long most = Math.max(1, columns.stream().mapToLong(Column::value).max().orElse(1));
        double wide = (WIDTH - 20.0) / Math.max(1, columns.size());
        var svg = new StringBuilder(begin(title, HIGH + AXIS + 14));
        svg.append(line("grid", 10, HIGH + 14, WIDTH - 10, HIGH + 14));
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double tall = HIGH * column.value() / (double) most;
            double x = 10 + i * wide;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<rect class=\"mark\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                                    + " height=\"%.1f\"/>",
                            x + wide * 0.08,
                            HIGH + 14 - tall,
                            wide * 0.84,
                            tall));
            double middle = x + wide / 2;
            svg.append(text("tick", "middle", middle, HIGH + AXIS + 8, column.label()))
                    .append(
                            text(
                                    "label",
                                    "middle",
                                    middle,
                                    HIGH + 10 - tall,
                                    String.valueOf(column.value())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String begin(String title, int height) {
        return "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>%s</title>\n"
                .formatted(WIDTH, height, WIDTH, escaped(title));
    }

    private static String line(String kind, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    private static String circle(double x, double y) {
        return String.format(
                Locale.ROOT, "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", x, y);
    }

    private static String square(double x, double y) {
        return String.format(
                Locale.ROOT,
                "<rect class=\"other\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\"/>",
                x - 5,
                y - 5);
    }

    private static String text(String kind, String anchor, double x, double y, String text) {
        return String.format(
                Locale.ROOT,
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                kind,
                anchor,
                x,
                y,
                escaped(text));
    }

    private static String shortened(String label) {
        return label.length() > LONGEST ? label.substring(0, LONGEST - 1) + "…" : label;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
    }
}
