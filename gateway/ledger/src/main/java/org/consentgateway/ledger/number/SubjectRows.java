package org.consentgateway.ledger.number;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the look-up table that name a person, or stem from a call that does. In small questions,
 * each of which has one index that answers it: the server keeps no statistics of these columns
 * (they would outlive what is erased), so of a join it believes that half of the table is wanted,
 * and reads it all.
 */
public final class SubjectRows {
    private static final String COLUMNS =
            "SELECT log, idx, time_ms, type, subject, call_id FROM ledger_lookup WHERE ";

    private static final String OF_SUBJECT = COLUMNS + "subject = ?";

    private static final String OF_CALL = COLUMNS + "call_id = ?";

    /** Behind a row that bears this name or another one of the same person. */
    static String next() {
        return OF_SUBJECT
                + " AND time_ms <= ? AND (time_ms < ? OR log > ? OR (log = ? AND idx < ?))"
                + " ORDER BY time_ms DESC, log, idx DESC LIMIT ?";
    }

    /** Looked up by one statement, each by the index: a number may have called for years. */
    private static final int CALLS_AT_ONCE = 50;

    private SubjectRows() {}

    /**
     * A row.
     *
     * @param log its id
     * @param type null where the row says none that is known here
     * @param subject null where it bears no pseudonym
     * @param call null where it stems from none
     */
    public record Place(
            int log,
            long index,
            long millis,
            @Nullable EntryType type,
            @Nullable String subject,
            @Nullable String call) {
        /** Whether it bears a pseudonym. */
        public boolean named() {
            return subject != null;
        }

        private static Place of(ResultSet row) throws SQLException {
            return new Place(
                    row.getInt(1),
                    row.getLong(2),
                    row.getLong(3),
                    EntryType.of(row.getString(4)).orElse(null),
                    row.getString(5),
                    row.getString(6));
        }
    }

    /** Each once, in no order; none of them is kept here, but the ids of their calls. */
    public static void each(
            Connection connection, PseudonymousSubject subject, Consumer<Place> look)
            throws SQLException {
        Rows.reading(connection, () -> eachOf(connection, subject, look));
    }

    private static void eachOf(
            Connection connection, PseudonymousSubject subject, Consumer<Place> look)
            throws SQLException {
        Set<String> names = new LinkedHashSet<>(subject.pseudonyms());
        Set<String> calls = new LinkedHashSet<>();
        for (String name : names) {
            Rows.each(
                    connection,
                    OF_SUBJECT,
                    row -> {
                        Place place = Place.of(row);
                        if (place.call() != null) {
                            calls.add(place.call());
                        }
                        look.accept(place);
                    },
                    name);
        }
        ofCalls(
                connection,
                calls,
                place -> {
                    if (place.subject() == null || !names.contains(place.subject())) {
                        look.accept(place);
                    }
                });
    }

    /** What stems from these calls, whoever it names. */
    static void ofCalls(Connection connection, Set<String> calls, Consumer<Place> look)
            throws SQLException {
        List<String> all = new ArrayList<>(calls);
        for (int from = 0; from < all.size(); from += CALLS_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + CALLS_AT_ONCE));
            Rows.each(
                    connection,
                    String.join(" UNION ALL ", Collections.nCopies(some.size(), OF_CALL)),
                    row -> look.accept(Place.of(row)),
                    some.toArray());
        }
    }

    /**
     * Of one name, newest first.
     *
     * @param last behind which they stand
     */
    static List<Place> behind(Connection connection, String name, FoundEntries.At last, int most)
            throws SQLException {
        return Rows.list(
                connection,
                next(),
                Place::of,
                name,
                last.millis(),
                last.millis(),
                last.log(),
                last.log(),
                last.index(),
                most);
    }

    /** None where nothing stands there, or its content was erased. */
    static Optional<Place> at(Connection connection, int log, long index) throws SQLException {
        return Rows.first(connection, COLUMNS + "log = ? AND idx = ?", Place::of, log, index);
    }

    /**
     * How many of them name this person.
     *
     * @param most more are not counted
     */
    static long count(Connection connection, PseudonymousSubject subject, int most)
            throws SQLException {
        long there = 0;
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            there +=
                    Rows.first(
                                    connection,
                                    "SELECT COUNT(*) FROM (SELECT 1 FROM ledger_lookup"
                                            + " WHERE subject = ? LIMIT ?) s",
                                    row -> row.getLong(1),
                                    name,
                                    most)
                            .orElse(0L);
        }
        return there;
    }
}
