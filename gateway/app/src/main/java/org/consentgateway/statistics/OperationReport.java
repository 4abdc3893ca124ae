package org.consentgateway.statistics;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.consentgateway.statistics.SmallGroups.Group;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How the operation went in a month: every figure with what it is of, and how sure it
 * is. Names no caller, and tells of no group of fewer than five.
 *
 * @param line the only one it is about; empty: all
 * @param over whether the month is
 * @param comparison null without a baseline
 */
public record OperationReport(
        YearMonth month,
        String line,
        Instant at,
        boolean over,
        List<Row> rows,
        List<Wait> waits,
        List<Clarity> clarity,
        List<Day> days,
        SortedMap<String, Long> lost,
        @Nullable Comparison comparison,
        Agreement agreement) {

    /**
     * One rate of one group.
     *
     * @param share null where it is of too few people
     */
    record Row(Dimension by, String group, Rate measure, @Nullable Share share) {}

    /**
     * How long a group waited.
     *
     * @param seconds null where it is of too few people
     */
    record Wait(Dimension by, String group, String whom, @Nullable Seconds seconds) {}

    /**
     * How clear it was to a group.
     *
     * @param scores 1 to 5 to how many; null where it is of too few people
     */
    record Clarity(Dimension by, String group, @Nullable Scores scores) {}

    /**
     * Consent of one day.
     *
     * @param share null where it is of too few people
     */
    record Day(LocalDate day, @Nullable Share share) {}

    /**
     * Whether both sources tell of the same calls.
     *
     * @param decisions answered calls by the log
     * @param calls answered calls as they told of their end
     * @param left entries of the log that are in no figure yet
     */
    record Agreement(long decisions, long calls, long left) {}

    private static final List<String> WHOM = List.of("assistant", "human");

    /**
     * @param line of this one only; empty: all
     * @param baseline what was before; null: it is compared with nothing
     */
    public static OperationReport of(
            MonthCounts month, String line, @Nullable Baseline baseline, Instant now) {
        Counts counts = line.isEmpty() ? month.counts() : month.counts().ofLine(line);
        Sums all = groups(Dimension.ALL, counts).getOrDefault("all", new Sums());
        return new OperationReport(
                month.month(),
                line,
                now,
                month.isOver(now),
                rows(counts),
                waits(counts),
                clarity(counts),
                days(counts),
                groups(Dimension.ALL, month.counts())
                        .getOrDefault("all", new Sums())
                        .of(Figure.CONTENT_LOST),
                baseline == null ? null : Comparison.of(baseline, all),
                new Agreement(
                        all.sum(Figure.DECISION),
                        all.sum(Figure.CALL, value -> !value.equals("never-answered")),
                        month.left()));
    }

    private static SortedMap<String, Sums> groups(Dimension by, Counts counts) {
        var groups = new TreeMap<String, Sums>();
        counts.forEach((what, times) -> {
            if (by == Dimension.ALL || what.figure() != Figure.CONTENT_LOST) {
                groups.computeIfAbsent(by.group(what.cell()), _ -> new Sums())
                        .add(what.figure(), what.value(), times);
            }
        });
        return groups;
    }

    private static List<Row> rows(Counts counts) {
        List<Row> rows = new ArrayList<>();
        Map<Cell, Sums> cells = cells(counts);
        var small = new EnumMap<Rate, Set<Group>>(Rate.class);
        for (Rate measure : Rate.values()) {
            small.put(measure, small(cells, sums -> measure.of(sums).of()));
        }
        for (Dimension by : Dimension.values()) {
            SortedMap<String, Sums> groups = groups(by, counts);
            small.forEach((measure, hidden) ->
                    groups.forEach((group, sums) -> {
                        Share share = measure.of(sums);
                        if (share.of() > 0 || by == Dimension.ALL) {
                            boolean told = !hidden.contains(new Group(by, group));
                            rows.add(new Row(by, group, measure, told ? share : null));
                        }
                    }));
        }
        return List.copyOf(rows);
    }

    private static Map<Cell, Sums> cells(Counts counts) {
        var cells = new HashMap<Cell, Sums>();
        counts.forEach((what, times) ->
                cells.computeIfAbsent(what.cell(), _ -> new Sums())
                        .add(what.figure(), what.value(), times));
        return cells;
    }

    private static Set<Group> small(Map<Cell, Sums> cells, ToLongFunction<Sums> people) {
        var sizes = new HashMap<Cell, Long>();
        cells.forEach((cell, sums) -> sizes.put(cell, people.applyAsLong(sums)));
        return SmallGroups.ofCells(sizes);
    }

    private static List<Wait> waits(Counts counts) {
        List<Wait> waits = new ArrayList<>();
        Map<Cell, Sums> cells = cells(counts);
        var small = new LinkedHashMap<String, Set<Group>>();
        WHOM.forEach(whom -> small.put(whom, small(cells, sums -> seconds(sums, whom).callers())));
        for (Dimension by : Dimension.values()) {
            SortedMap<String, Sums> groups = groups(by, counts);
            small.forEach((whom, hidden) ->
                    groups.forEach((group, sums) -> {
                        Seconds seconds = seconds(sums, whom);
                        if (seconds.callers() > 0) {
                            boolean told = !hidden.contains(new Group(by, group));
                            waits.add(new Wait(by, group, whom, told ? seconds : null));
                        }
                    }));
        }
        return List.copyOf(waits);
    }

    private static Seconds seconds(Sums sums, String whom) {
        return Seconds.of(sums.of(Figure.JOINED), whom);
    }

    private static List<Clarity> clarity(Counts counts) {
        List<Clarity> clarity = new ArrayList<>();
        Set<Group> small = small(cells(counts), sums -> sums.sum(Figure.CLARITY));
        for (Dimension by : Dimension.values()) {
            groups(by, counts)
                    .forEach((group, sums) -> {
                        if (sums.sum(Figure.CLARITY) > 0) {
                            boolean told = !small.contains(new Group(by, group));
                            clarity.add(
                                    new Clarity(
                                            by,
                                            group,
                                            told ? Scores.of(sums.of(Figure.CLARITY)) : null));
                        }
                    });
        }
        return List.copyOf(clarity);
    }

    private static List<Day> days(Counts counts) {
        var days = new TreeMap<String, Sums>();
        counts.forEach((what, times) ->
                days.computeIfAbsent(what.day().toString(), _ -> new Sums())
                        .add(what.figure(), what.value(), times));
        Map<String, Long> asked = new TreeMap<>();
        days.forEach((day, sums) -> asked.put(day, Rate.CONSENT.of(sums).of()));
        Set<String> small = SmallGroups.among(asked);
        List<Day> all = new ArrayList<>();
        days.forEach((day, sums) -> {
            Share share = Rate.CONSENT.of(sums);
            if (share.of() > 0) {
                all.add(new Day(LocalDate.parse(day), small.contains(day) ? null : share));
            }
        });
        return List.copyOf(all);
    }

    /** Of all calls together. */
    List<Row> headlines() {
        return rows.stream().filter(row -> row.by() == Dimension.ALL).toList();
    }
}
