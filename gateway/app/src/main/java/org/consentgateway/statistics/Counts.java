package org.consentgateway.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.consentgateway.ledger.tally.DayCount;

/** How often what was counted. Confined to one thread at a time. */
final class Counts {
    /**
     * Immutable. One thing that is counted.
     *
     * @param day in UTC
     * @param value see {@link Figure}
     */
    record Counted(LocalDate day, Figure figure, Cell cell, String value) {}

    private final Map<Counted, Long> counts = new HashMap<>();

    void add(Counted what, long times) {
        counts.merge(what, times, Long::sum);
    }

    void add(Counts others) {
        others.counts.forEach(this::add);
    }

    /** What a figure is that no version before or after this one knows is left out. */
    void add(Collection<DayCount> stored) {
        for (DayCount each : stored) {
            Figure.of(each.name())
                    .ifPresent(figure -> {
                        JsonNode labels = Cell.parse(each.labels());
                        add(
                                new Counted(
                                        each.day(),
                                        figure,
                                        Cell.ofLabels(labels),
                                        labels.path(labels.size() - 1).asText()),
                                each.amount());
                    });
        }
    }

    /**
     * @param to the first day that is not wanted
     */
    Counts between(LocalDate from, LocalDate to) {
        var between = new Counts();
        forEach((what, times) -> {
            if (!what.day().isBefore(from) && what.day().isBefore(to)) {
                between.add(what, times);
            }
        });
        return between;
    }

    Counts ofLine(String line) {
        var ofLine = new Counts();
        forEach((what, times) -> {
            if (what.cell().line().equals(line)) {
                ofLine.add(what, times);
            }
        });
        return ofLine;
    }

    void forEach(BiConsumer<Counted, Long> each) {
        counts.forEach(each);
    }

    /** As the store keeps them. */
    List<DayCount> stored() {
        List<DayCount> all = new ArrayList<>();
        counts.forEach((what, times) ->
                all.add(
                        new DayCount(
                                what.day(),
                                what.figure().text(),
                                what.cell().labels(what.value()),
                                times)));
        return all;
    }
}
