package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;
import org.consentgateway.picture.BarsPicture;
import org.consentgateway.picture.RangesPicture;

/**
 * Immutable. How calls sounded by trunk and direction: opinion scores and losses, as a picture
 * each, and all of it as a table.
 *
 * @param scores SVG; empty where nothing was measured
 * @param losses SVG; empty as well
 * @param rows empty as well
 */
public record QualityView(String scores, String losses, List<Row> rows) {
    /** A loss over the whole width, in percent; more where there is more. */
    private static final double LEAST_FULL = 2;

    /** Of a name beside its value in a picture; the table has all of it. */
    private static final int LONGEST = 20;

    private static final List<Double> SCALE = List.of(1.0, 2.0, 3.0, 3.6, 4.0, 4.5);

    /**
     * A trunk in one direction.
     *
     * @param between of ten calls, between what eight had
     */
    public record Row(
            String trunk,
            String direction,
            String calls,
            String median,
            String between,
            Loss loss) {}

    /**
     * @param lossy how many calls lost more than 1 %
     */
    public record Loss(String percent, String lossy) {}

    /**
     * @param peers as {@code /v1/peers} tells them
     */
    static QualityView of(JsonNode peers, PageWords words) {
        List<Row> rows = new ArrayList<>();
        List<RangesPicture.Row> ranges = new ArrayList<>();
        List<BarsPicture.Bar> bars = new ArrayList<>();
        double full = LEAST_FULL;
        for (JsonNode peer : peers) {
            for (String direction : List.of("received", "sent")) {
                JsonNode json = peer.path("quality").path(direction);
                if (json.path("calls").asLong() > 0) {
                    String trunk = peer.path("name").asText();
                    Row row = row(trunk, words.of("trunks.sound-" + direction), json, words);
                    rows.add(row);
                    ranges.add(range(row, json, direction.equals("sent")));
                    double loss = json.path("loss_percent").asDouble();
                    bars.add(new BarsPicture.Bar(label(row), row.loss().percent(), loss));
                    full = Math.max(full, loss);
                }
            }
        }
        if (rows.isEmpty()) {
            return new QualityView("", "", List.of());
        }
        return new QualityView(
                RangesPicture.of(
                        words.of("trunks.mos"),
                        words.of("trunks.mos-picture"),
                        ranges,
                        new RangesPicture.Scale(SCALE, value -> words.decimal(value, 1))),
                BarsPicture.of(
                        words.of("trunks.loss"), words.of("trunks.loss-picture"), bars, full),
                List.copyOf(rows));
    }

    private static Row row(String trunk, String direction, JsonNode json, PageWords words) {
        JsonNode mos = json.path("mos");
        return new Row(
                trunk,
                direction,
                words.number(json.path("calls").asLong()),
                words.decimal(mos.path("median").asDouble(), 2),
                words.decimal(mos.path("p10").asDouble(), 2)
                        + " – "
                        + words.decimal(mos.path("p90").asDouble(), 2),
                new Loss(
                        words.decimal(json.path("loss_percent").asDouble(), 2) + " %",
                        words.number(json.path("lossy_calls").asLong())));
    }

    private static RangesPicture.Row range(Row row, JsonNode json, boolean sent) {
        JsonNode mos = json.path("mos");
        return new RangesPicture.Row(
                label(row),
                row.median(),
                mos.path("p10").asDouble(),
                mos.path("median").asDouble(),
                mos.path("p90").asDouble(),
                sent);
    }

    private static String label(Row row) {
        String trunk = row.trunk();
        boolean isLong = trunk.length() > LONGEST;
        return (isLong ? trunk.substring(0, LONGEST - 1) + "…" : trunk) + ", " + row.direction();
    }
}
