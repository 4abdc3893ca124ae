package org.consentgateway.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. When each entry loses its content, by the rules of {@link
 * Ledger#eraseOutdated}: its own time, and never before what keeps it.
 */
final class RetentionPlan {
    private static final Set<String> CONSENTS =
            Set.of(
                    EntryType.GIVEN.text(),
                    EntryType.RENEWED.text(),
                    EntryType.REAFFIRMED.text(),
                    EntryType.USED.text());

    /** What was relied on moves the end of the consent. */
    private static final Set<String> USES =
            Set.of(EntryType.USED.text(), EntryType.REAFFIRMED.text());

    /**
     * What a look-up row says of it.
     *
     * @param deleteMillis null where it is never deleted by time
     */
    private record Row(
            String id,
            String type,
            @Nullable String call,
            @Nullable String refers,
            @Nullable Long deleteMillis,
            @Nullable Long untilMillis,
            long millis) {}

    /** What ends a consent, or replaces it. */
    private static final Set<String> ENDINGS =
            Set.of(EntryType.WITHDRAWN.text(), EntryType.GIVEN.text(), EntryType.RENEWED.text());

    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, List<Row>> consentsOfCall = new HashMap<>();
    private final Map<String, Long> used = new HashMap<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();

    private RetentionPlan() {}

    /** Of all entries whose content is there and goes one day, the soonest first. */
    static List<LedgerArchive.Planned> of(Connection connection) throws SQLException {
        var plan = new RetentionPlan();
        Rows.list(
                        connection,
                        "SELECT e.entry_id, f.type, f.call_id, f.refers, f.delete_ms, f.until_ms,"
                                + " f.time_ms FROM ledger_lookup f JOIN ledger_entry e"
                                + " ON e.log = f.log AND e.idx = f.idx",
                        row ->
                                new Row(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        millis(row, 5),
                                        millis(row, 6),
                                        row.getLong(7)))
                .forEach(plan::add);
        List<LedgerArchive.Planned> planned = new ArrayList<>();
        for (Row row : plan.rows.values()) {
            Long own = row.deleteMillis;
            if (own != null && !row.type.equals(EntryType.ERASED.text())) {
                planned.add(
                        new LedgerArchive.Planned(
                                UUID.fromString(row.id),
                                row.type,
                                Instant.ofEpochMilli(own),
                                Instant.ofEpochMilli(plan.end(row))));
            }
        }
        planned.sort(
                Comparator.comparing(LedgerArchive.Planned::goes)
                        .thenComparing(LedgerArchive.Planned::id));
        return planned;
    }

    private static @Nullable Long millis(ResultSet row, int at) throws SQLException {
        long millis = row.getLong(at);
        return row.wasNull() ? null : millis;
    }

    private void add(Row row) {
        if (row.refers != null && ENDINGS.contains(row.type)) {
            ended.merge(row.refers, row.millis, Math::min);
        }
        rows.put(row.id, row);
        if (row.call != null && CONSENTS.contains(row.type)) {
            consentsOfCall.computeIfAbsent(row.call, _ -> new ArrayList<>()).add(row);
        }
        if (row.refers != null && row.deleteMillis != null && USES.contains(row.type)) {
            used.merge(row.refers, row.deleteMillis, Math::max);
        }
    }

    private long inForceUntil(Row consent) {
        long until = consent.untilMillis == null ? consent.millis : consent.untilMillis;
        return Math.min(until, ended.getOrDefault(consent.id, until));
    }

    private long end(Row row) {
        Long known = ends.get(row.id);
        if (known != null) {
            return known;
        }
        long own = row.deleteMillis == null ? 0 : row.deleteMillis;
        // Entries refer to older ones; a circle, which nobody writes, ends here.
        ends.put(row.id, own);
        long end = Math.max(own, used.getOrDefault(row.id, own));
        Row target = row.refers == null ? null : rows.get(row.refers);
        if (target != null) {
            boolean no = row.type.equals(EntryType.REFUSED.text());
            end = Math.max(end, no ? inForceUntil(target) : end(target));
        }
        if (row.type.equals(EntryType.SERVED.text()) && row.call != null) {
            for (Row consent : consentsOfCall.getOrDefault(row.call, List.of())) {
                end = Math.max(end, end(consent));
            }
        }
        ends.put(row.id, end);
        return end;
    }
}
