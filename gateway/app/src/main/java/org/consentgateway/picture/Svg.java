package org.consentgateway.picture;

import java.util.Locale;

/**
 * Confined to one picture. Writes shapes with classes, never with styles: a page with a strict
 * content security policy shows it, in the light and in the dark. Whatever text comes in stays
 * text.
 */
public final class Svg {
    private final StringBuilder out = new StringBuilder();

    /**
     * @param title its name
     * @param words what it shows, for those who do not see it
     */
    public Svg(int width, int height, String title, String words) {
        out.append(
                "<svg class=\"drawn\" role=\"img\" viewBox=\"0 0 %d %d\" focusable=\"false\">"
                        .formatted(width, height));
        out.append("<title>%s</title><desc>%s</desc>\n".formatted(escaped(title), escaped(words)));
    }

    /**
     * As wide as it is drawn, where a table beside it tells what it shows.
     *
     * @param title its name
     */
    public Svg(int width, int height, String title) {
        out.append(
                "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>%s</title>\n"
                        .formatted(width, height, width, escaped(title)));
    }

    public Svg line(String kind, double x1, double y1, double x2, double y2) {
        return shape(
                String.format(
                        Locale.ROOT,
                        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                        kind,
                        x1,
                        y1,
                        x2,
                        y2));
    }

    public Svg rect(String kind, double x, double y, double width, double height) {
        return shape(
                String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        kind,
                        x,
                        y,
                        width,
                        height));
    }

    public Svg circle(String kind, double x, double y, double radius) {
        return shape(
                String.format(
                        Locale.ROOT,
                        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
                        kind,
                        x,
                        y,
                        radius));
    }

    /**
     * @param anchor "start", "middle" or "end"
     */
    public Svg text(String kind, String anchor, double x, double y, String text) {
        return shape(
                String.format(
                        Locale.ROOT,
                        "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                        kind,
                        anchor,
                        x,
                        y,
                        escaped(text)));
    }

    private Svg shape(String element) {
        out.append(element).append('\n');
        return this;
    }

    /** Nothing may be written after it. */
    public String end() {
        return out.append("</svg>").toString();
    }

    /** Characters that XML has no way to say are left out. */
    static String escaped(String text) {
        var escaped = new StringBuilder();
        text.codePoints()
                .forEach(each -> {
                    switch (each) {
                        case '<' -> escaped.append("&lt;");
                        case '>' -> escaped.append("&gt;");
                        case '&' -> escaped.append("&amp;");
                        case '"' -> escaped.append("&quot;");
                        case '\'' -> escaped.append("&#39;");
                        default -> {
                            boolean written =
                                    each >= ' '
                                            && each != 0xFFFE
                                            && each != 0xFFFF
                                            && !Character.isSurrogate((char) each);
                            if (written || Character.isSupplementaryCodePoint(each)) {
                                escaped.appendCodePoint(each);
                            }
                        }
                    }
                });
        return escaped.toString();
    }
}
