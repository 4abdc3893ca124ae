package org.consentgateway.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. Entries of all logs in the order of their times, however many: read some
 * at a time.
 */
public final class Listing {
    private static final int PART = 500;

    /**
     * Which entries.
     *
     * @param from of this time and later; null from the first on
     * @param to before this time; null up to the last
     * @param types all where empty
     * @param line null for all, also those of none
     */
    public record Wanted(
            @Nullable Instant from,
            @Nullable Instant to,
            Set<EntryType> types,
            @Nullable String line,
            boolean newestFirst) {}

    private final Connection connection;
    private final Wanted wanted;
    private final LogReader reader;
    private final List<Part> parts = new ArrayList<>();

    Listing(Connection connection, Wanted wanted, LogReader reader) throws SQLException {
        this.connection = connection;
        this.wanted = wanted;
        this.reader = reader;
        for (Log log : Log.all(connection)) {
            long from = wanted.from() == null ? 0 : log.firstFrom(connection, wanted.from());
            long to = wanted.to() == null ? log.size() : log.firstFrom(connection, wanted.to());
            parts.add(new Part(log, from, to));
        }
    }

    /** Some hundred at a time. */
    public interface Taker {
        /**
         * @return false where no more are wanted
         */
        boolean take(List<Entry> entries) throws IOException, LedgerUnavailable;
    }

    void each(Taker taker) throws SQLException, IOException, LedgerUnavailable {
        Comparator<Part> order = Comparator.comparing(part -> part.head().time());
        Comparator<Part> next = wanted.newestFirst() ? order.reversed() : order;
        List<Entry> some = new ArrayList<>();
        for (Part first = first(next); first != null; first = first(next)) {
            some.add(first.take());
            if (some.size() == PART) {
                if (!taker.take(List.copyOf(some))) {
                    return;
                }
                some.clear();
            }
        }
        boolean _ = taker.take(List.copyOf(some));
    }

    private @Nullable Part first(Comparator<Part> order) throws SQLException {
        List<Part> left = new ArrayList<>();
        for (Part part : parts) {
            if (part.fill()) {
                left.add(part);
            }
        }
        return left.stream().min(order).orElse(null);
    }

    /** What is left of one log. */
    private final class Part {
        private final Log log;
        private final Deque<Entry> read = new ArrayDeque<>();
        private long from;
        private long to;

        Part(Log log, long from, long to) {
            this.log = log;
            this.from = from;
            this.to = to;
        }

        Entry head() {
            return read.getFirst();
        }

        Entry take() {
            return read.removeFirst();
        }

        /** False where nothing is left. */
        boolean fill() throws SQLException {
            while (read.isEmpty() && from < to) {
                List<Object> arguments = new ArrayList<>();
                arguments.add(log.id());
                arguments.add(from);
                arguments.add(to);
                String condition =
                        wanted.line() == null
                                ? ""
                                : "JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx ";
                condition += "WHERE e.log = ? AND e.idx >= ? AND e.idx < ?";
                if (!wanted.types().isEmpty()) {
                    condition += " AND e.type IN (" + Rows.places(wanted.types().size()) + ")";
                    wanted.types().forEach(type -> arguments.add(type.text()));
                }
                if (wanted.line() != null) {
                    condition += " AND f.line = ?";
                    arguments.add(wanted.line());
                }
                arguments.add(PART);
                read.addAll(
                        reader.where(
                                connection,
                                condition
                                        + " ORDER BY e.idx"
                                        + (wanted.newestFirst() ? " DESC" : "")
                                        + " LIMIT ?",
                                arguments.toArray()));
                if (read.isEmpty()) {
                    from = to;
                } else if (wanted.newestFirst()) {
                    to = read.getLast().index();
                } else {
                    from = read.getLast().index() + 1;
                }
            }
            return !read.isEmpty();
        }
    }
}
