package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;

/**
 * Immutable. Answers by minute as stacked bars, and the same as a table.
 *
 * @param top how many answers the highest place stands for
 * @param areas from bottom to top within each minute
 * @param kinds in the order they are stacked
 * @param rows minutes in which something was answered, the newest first
 */
public record MinutesPicture(
        int top, String from, String to, List<Area> areas, List<Kind> kinds, List<Row> rows) {
    /** Of the picture, in its own units. */
    public static final int WIDTH = 600;

    public static final int HEIGHT = 120;

    /** Between two minutes. */
    private static final int GAP = 2;

    private static final int LEAST_TOP = 4;

    private static final List<String> KINDS =
            List.of("given", "refused", "unanswered", "withdrawn");

    public record Area(String kind, int x, double y, int width, double height) {}

    /**
     * @param sum in this hour
     */
    public record Kind(String id, String name, String sum) {}

    /**
     * @param counts in the order of the kinds
     */
    public record Row(String time, List<String> counts) {}

    static MinutesPicture of(JsonNode minutes, PageWords words) {
        int most = LEAST_TOP;
        for (JsonNode each : minutes) {
            most = Math.max(most, KINDS.stream().mapToInt(kind -> each.path(kind).asInt()).sum());
        }
        int top = most % 2 == 0 ? most : most + 1;
        List<Area> areas = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        int[] sums = new int[KINDS.size()];
        int step = minutes.isEmpty() ? 0 : WIDTH / minutes.size();
        for (int i = 0; i < minutes.size(); i++) {
            JsonNode minute = minutes.get(i);
            List<String> counts = new ArrayList<>();
            double y = HEIGHT;
            int all = 0;
            for (int k = 0; k < KINDS.size(); k++) {
                int count = minute.path(KINDS.get(k)).asInt();
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
                rows.addFirst(new Row(time(minute, words), List.copyOf(counts)));
            }
        }
        List<Kind> kinds = new ArrayList<>();
        for (int k = 0; k < KINDS.size(); k++) {
            kinds.add(
                    new Kind(
                            KINDS.get(k),
                            words.of("answer." + KINDS.get(k)),
                            words.number(sums[k])));
        }
        return new MinutesPicture(
                top,
                minutes.isEmpty() ? "" : time(minutes.get(0), words),
                minutes.isEmpty() ? "" : time(minutes.get(minutes.size() - 1), words),
                List.copyOf(areas),
                List.copyOf(kinds),
                List.copyOf(rows));
    }

    private static String time(JsonNode minute, PageWords words) {
        return words.time(Instant.parse(minute.path("at").asText()));
    }
}
