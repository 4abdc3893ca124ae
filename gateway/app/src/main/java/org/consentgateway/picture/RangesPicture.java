package org.consentgateway.picture;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Values with what lies around them, one below the other on one scale that stays the same, each
 * with its label and its value in words above it.
 */
public final class RangesPicture {
    private static final int WIDTH = 480;
    private static final int EDGE = 24;
    private static final int ROW = 64;
    private static final int LABEL = 22;
    private static final int LINE = 44;
    private static final int AXIS = 36;
    private static final int MARK = 7;

    private RangesPicture() {}

    /**
     * One value.
     *
     * @param words of the value and its range
     * @param square a circle where it is not
     */
    public record Row(
            String label, String words, double low, double value, double high, boolean square) {}

    /**
     * Of the scale.
     *
     * @param ticks from its lowest to its highest value, two at least
     * @param written how they are written
     */
    public record Scale(List<Double> ticks, DoubleFunction<String> written) {
        public Scale {
            ticks = List.copyOf(ticks);
        }

        private double x(double value) {
            double low = ticks.getFirst();
            double high = ticks.getLast();
            double share = (Math.clamp(value, low, high) - low) / (high - low);
            return EDGE + share * (WIDTH - 2 * EDGE);
        }
    }

    /**
     * @param rows one at least
     */
    public static String of(String title, String words, List<Row> rows, Scale scale) {
        int bottom = rows.size() * ROW;
        var svg = new Svg(WIDTH, bottom + AXIS, title, words);
        for (double tick : scale.ticks()) {
            double x = scale.x(tick);
            for (int i = 0; i < rows.size(); i++) {
                svg.line("axis", x, (double) i * ROW + LABEL + 8, x, (i + 1.0) * ROW);
            }
            svg.text("tick", "middle", x, bottom + 26, scale.written().apply(tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), (double) i * ROW, scale);
        }
        return svg.end();
    }

    private static void row(Svg svg, Row row, double top, Scale scale) {
        double y = top + LINE;
        double begin = scale.x(row.low());
        double end = scale.x(row.high());
        double at = scale.x(row.value());
        svg.text("ink", "start", 0, top + LABEL, row.label());
        svg.text("tick", "end", WIDTH, top + LABEL, row.words());
        svg.line("reach", begin, y, end, y);
        svg.line("reach", begin, y - MARK, begin, y + MARK);
        svg.line("reach", end, y - MARK, end, y + MARK);
        if (row.square()) {
            svg.rect("spot", at - MARK, y - MARK, 2 * MARK, 2 * MARK);
        } else {
            svg.circle("spot open", at, y, MARK);
        }
    }
}
