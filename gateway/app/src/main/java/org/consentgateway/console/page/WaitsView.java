package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.console.PageWords;
import org.consentgateway.picture.DistributionPicture;

/**
 * Immutable. How many seconds callers waited for somebody to talk to, as a picture for each of
 * those they were joined with, and all of it as one table.
 *
 * @param rows empty where nobody was joined with anybody
 */
public record WaitsView(List<Group> groups, List<Row> rows) {
    private static final int WIDE = 5;
    private static final int LONGEST = 60;

    /**
     * Those who were joined with an assistant, or with a person.
     *
     * @param told median and ninth decile in words
     * @param picture SVG; empty where there was nobody
     */
    public record Group(String id, String name, String told, String picture) {}

    /**
     * @param callers in the order of the groups
     */
    public record Row(String seconds, List<String> callers) {}

    /**
     * @param waits with how many callers from which second on, in steps of five
     */
    static WaitsView of(JsonNode waits, PageWords words) {
        List<Group> groups = new ArrayList<>();
        Set<String> steps = new LinkedHashSet<>();
        long all = 0;
        for (JsonNode each : waits) {
            groups.add(group(each, words));
            each.path("from_seconds").fieldNames().forEachRemaining(steps::add);
            all += each.path("callers").asLong();
        }
        List<Row> rows = new ArrayList<>();
        for (String step : all == 0 ? Set.<String>of() : steps) {
            List<String> callers = new ArrayList<>();
            for (JsonNode each : waits) {
                callers.add(words.number(each.path("from_seconds").path(step).asLong()));
            }
            rows.add(new Row(seconds(Integer.parseInt(step), words), List.copyOf(callers)));
        }
        return new WaitsView(List.copyOf(groups), List.copyOf(rows));
    }

    private static String seconds(int from, PageWords words) {
        return from == LONGEST
                ? words.of("today.waits-more", from)
                : words.of("today.waits-range", from, from + WIDE - 1);
    }

    private static Group group(JsonNode json, PageWords words) {
        String id = json.path("joined_with").asText();
        String name = words.named("waits", id);
        long callers = json.path("callers").asLong();
        if (callers == 0) {
            return new Group(id, name, words.of("today.waits-nobody"), "");
        }
        int median = json.path("median").asInt();
        int most = json.path("p90").asInt();
        List<DistributionPicture.Column> columns = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : json.path("from_seconds").properties()) {
            int from = Integer.parseInt(each.getKey());
            columns.add(
                    new DistributionPicture.Column(
                            from == LONGEST ? from + "+" : String.valueOf(from),
                            each.getValue().asLong()));
        }
        String told =
                words.of("today.waits-callers", words.number(callers))
                        + " "
                        + words.of("today.waits-told", median, most);
        return new Group(
                id,
                name,
                told,
                DistributionPicture.of(
                        name,
                        words.of("today.waits-picture"),
                        columns,
                        mark(median, "today.waits-median", words),
                        mark(most, "today.waits-p90", words)));
    }

    /** In the middle of its second. */
    private static DistributionPicture.Mark mark(int second, String key, PageWords words) {
        return new DistributionPicture.Mark((second + 0.5) / WIDE, words.of(key, second));
    }
}
