package org.consentgateway.picture;

import java.util.List;

/** Who sent what to whom, from top to bottom: a line for each side, an arrow for each message. */
public final class LadderPicture {
    private static final int WIDTH = 640;
    private static final int TIMES = 150;
    private static final int HEAD = 40;
    private static final int ROW = 40;
    private static final int TIP = 8;

    private LadderPicture() {}

    /**
     * @param time such as "0:01.250"
     * @param from index of the side that sent it
     * @param to index of the side that it went to
     */
    public record Arrow(String time, int from, int to, String message) {}

    /**
     * @param sides two at least, from left to right
     */
    public static String of(String title, String words, List<String> sides, List<Arrow> arrows) {
        int bottom = HEAD + arrows.size() * ROW + ROW / 2;
        var svg = new Svg(WIDTH, bottom, title, words);
        for (int i = 0; i < sides.size(); i++) {
            double x = x(i, sides.size());
            String anchor = i == 0 ? "start" : i == sides.size() - 1 ? "end" : "middle";
            double at = i == 0 ? x - 20 : i == sides.size() - 1 ? x + 20 : x;
            svg.text("ink", anchor, at, 20, sides.get(i));
            svg.line("axis base", x, HEAD - 10, x, bottom);
        }
        for (int i = 0; i < arrows.size(); i++) {
            arrow(svg, arrows.get(i), HEAD + (i + 1.0) * ROW, sides.size());
        }
        return svg.end();
    }

    private static double x(int side, int sides) {
        return TIMES + (WIDTH - TIMES - 20.0) * side / (sides - 1);
    }

    private static void arrow(Svg svg, Arrow arrow, double y, int sides) {
        double from = x(arrow.from(), sides);
        double to = x(arrow.to(), sides);
        double back = to > from ? -TIP : TIP;
        svg.text("tick", "start", 0, y + 5, arrow.time());
        svg.text("ink", "middle", (from + to) / 2, y - 8, arrow.message());
        svg.line("reach", from, y, to, y);
        svg.line("reach", to, y, to + back, y - TIP / 2.0);
        svg.line("reach", to, y, to + back, y + TIP / 2.0);
    }
}
