package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;

/**
 * Immutable. What was answered in some spans of time, such as minutes or hours, as stacked bars
 * with a pattern for each kind, and the same as a table.
 *
 * @param id begins the ids of what stands in it
 * @param top how many answers the highest place stands for
 * @param times below the bars, evenly spread
 * @param areas from bottom to top within each span
 * @param kinds in the order they are stacked
 * @param rows spans in which something was answered, the newest first
 */
public record AnswersPicture(
        String id,
        int top,
        List<String> times,
        List<Area> areas,
        List<Kind> kinds,
        List<Row> rows) {
    /** Of the picture, in its own units. */
    public static final int WIDTH = 600;

    public static final int HEIGHT = 120;

    /** Between two spans. */
    private static final int GAP = 2;

    private static final int LEAST_TOP = 4;

    private static final List<String> KINDS =
            List.of("given", "refused", "unanswered", "withdrawn");

    public record Area(String kind, int x, double y, int width, double height) {}

    /**
     * @param sum in all spans
     */
    public record Kind(String id, String name, String sum) {}

    /**
     * @param counts in the order of the kinds
     */
    public record Row(String time, List<String> counts) {}

    /**
     * @param spans the oldest first
     * @param times how many stand below, two at least
     */
    static AnswersPicture of(String id, JsonNode spans, int times, PageWords words) {
        int most = LEAST_TOP;
        for (JsonNode each : spans) {
            most = Math.max(most, KINDS.stream().mapToInt(kind -> each.path(kind).asInt()).sum());
        }
        int top = most % 2 == 0 ? most : most + 1;
        List<Area> areas = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        int[] sums = new int[KINDS.size()];
        int step = spans.isEmpty() ? 0 : WIDTH / spans.size();
        for (int i = 0; i < spans.size(); i++) {
            JsonNode span = spans.get(i);
            List<String> counts = new ArrayList<>();
            double y = HEIGHT;
            int all = 0;
            for (int k = 0; k < KINDS.size(); k++) {
                int count = span.path(KINDS.get(k)).asInt();
                double height = (double) HEIGHT * count / top;
                y -= height;
                if (count > 0) {
                    areas.add(new Area(KINDS.get(k), i * step, y, step - GAP, height));
                }
                all += count;
                sums[k] += count;
                counts.add(words.number(count));
            }
            if (all > 0) {
                rows.addFirst(new Row(time(span, words), List.copyOf(counts)));
            }
        }
        return new AnswersPicture(
                id,
                top,
                times(spans, times, words),
                List.copyOf(areas),
                kinds(sums, words),
                List.copyOf(rows));
    }

    private static List<Kind> kinds(int[] sums, PageWords words) {
        List<Kind> kinds = new ArrayList<>();
        for (int k = 0; k < sums.length; k++) {
            String id = KINDS.get(k);
            kinds.add(new Kind(id, words.of("answer." + id), words.number(sums[k])));
        }
        return List.copyOf(kinds);
    }

    private static List<String> times(JsonNode spans, int times, PageWords words) {
        List<String> below = new ArrayList<>();
        for (int i = 0; i < times && !spans.isEmpty(); i++) {
            below.add(time(spans.get((spans.size() - 1) * i / (times - 1)), words));
        }
        return List.copyOf(below);
    }

    private static String time(JsonNode span, PageWords words) {
        return words.time(Instant.parse(span.path("at").asText()));
    }
}
