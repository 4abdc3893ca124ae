package org.consentgateway.picture;

import java.util.List;

/** Bars one below the other, each with its label and its value in words above it. */
public final class BarsPicture {
    private static final int WIDTH = 480;
    private static final int ROW = 64;
    private static final int LABEL = 22;
    private static final int TALL = 20;

    private BarsPicture() {}

    /**
     * @param words of the value
     */
    public record Bar(String label, String words, double value) {}

    /**
     * @param bars one at least
     * @param full the value of a bar over the whole width
     */
    public static String of(String title, String words, List<Bar> bars, double full) {
        var svg = new Svg(WIDTH, bars.size() * ROW, title, words);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double top = (double) i * ROW;
            svg.text("ink", "start", 0, top + LABEL, bar.label());
            svg.text("tick", "end", WIDTH, top + LABEL, bar.words());
            svg.rect("track", 0, top + LABEL + 10, WIDTH, TALL);
            double wide = WIDTH * Math.clamp(bar.value() / full, 0, 1);
            svg.rect("given", 0, top + LABEL + 10, wide, TALL);
        }
        return svg.end();
    }
}
