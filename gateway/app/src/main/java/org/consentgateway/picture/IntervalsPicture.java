package org.consentgateway.picture;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Marks with their intervals, one below the other: told apart by shape and label, not by colour.
 */
public final class IntervalsPicture {
    private static final int WIDTH = 520;
    private static final int LABELS = 130;
    private static final int RIGHT = 40;
    private static final int ROW = 44;
    private static final int AXIS = 30;
    private static final int TICKS = 4;
    private static final int MARK = 7;

    private IntervalsPicture() {}

    /**
     * One mark.
     *
     * @param square a circle where it is not
     */
    public record Row(String label, double value, double low, double high, boolean square) {}

    /**
     * @param rows one at least
     * @param written how a value is written
     */
    public static String of(
            String title, String words, List<Row> rows, DoubleFunction<String> written) {
        double low = rows.stream().mapToDouble(Row::low).min().orElse(0);
        double high = rows.stream().mapToDouble(Row::high).max().orElse(1);
        double reach = Math.max(high - low, 1e-9);
        double from = low - reach / 10;
        double scale = (WIDTH - LABELS - RIGHT) / (reach * 1.2);
        int bottom = rows.size() * ROW;
        var svg = new Svg(WIDTH, bottom + AXIS, title, words);
        for (int i = 0; i <= TICKS; i++) {
            double value = low + reach * i / TICKS;
            double x = LABELS + (value - from) * scale;
            svg.line("axis", x, 0, x, bottom);
            svg.text("tick", "middle", x, bottom + 18, written.apply(value));
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), i * ROW + ROW / 2.0, from, scale);
        }
        return svg.end();
    }

    private static void row(Svg svg, Row row, double y, double from, double scale) {
        double begin = LABELS + (row.low() - from) * scale;
        double end = LABELS + (row.high() - from) * scale;
        double at = LABELS + (row.value() - from) * scale;
        svg.text("ink", "end", LABELS - 14, y + 5, row.label());
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
