package org.consentgateway.ledger.number;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Entries as they stood when they were asked for, newest first: of a number there may be
 * hundreds of thousands. Here is where each stands and what it is (some 50 octets); what is in it
 * is read page by page.
 */
public final class FoundEntries {
    /** Read by one statement. */
    private static final int AT_ONCE = 100;

    /** In memory at a time while all are looked at. */
    private static final int PAGE = 500;

    private static final String OF_TYPE =
            "SELECT e.log, e.idx, e.time_ms, e.type FROM ledger_entry e WHERE "
                    + LogReader.AMONG_FEW
                    + "e.type = ?";

    static final String CONSENTS_OF =
            "SELECT log, idx, time_ms, type FROM ledger_lookup"
                    + " WHERE subject = ? AND type IN ('Given', 'Renewed', 'Imported')";

    static final Comparator<At> NEWEST_FIRST =
            Comparator.comparingLong(At::millis)
                    .reversed()
                    .thenComparingInt(At::log)
                    .thenComparing(Comparator.comparingLong(At::index).reversed());

    private final LogReader reader;
    private final Map<Integer, String> origins;
    private final List<At> all;

    private FoundEntries(LogReader reader, Map<Integer, String> origins, List<At> all) {
        this.reader = reader;
        this.origins = origins;
        this.all = all;
    }

    /**
     * Where one stands, and what its row says that it is.
     *
     * @param log its id
     * @param millis since 1970, by the clock of its log
     * @param type null where the row says none that is known here
     */
    public record At(int log, long index, long millis, @Nullable EntryType type) {
        public Instant time() {
            return Instant.ofEpochMilli(millis);
        }

        static At of(SubjectRows.Place place) {
            return new At(place.log(), place.index(), place.millis(), place.type());
        }

        private static At of(ResultSet row) throws SQLException {
            return new At(
                    row.getInt(1),
                    row.getLong(2),
                    row.getLong(3),
                    EntryType.of(row.getString(4)).orElse(null));
        }
    }

    /** What names this caller, and what bears no pseudonym and stems from the same calls. */
    public static FoundEntries of(LogReader reader, PseudonymousSubject subject)
            throws LedgerUnavailable {
        return reader.ask(connection -> {
            List<At> all = new ArrayList<>();
            SubjectRows.each(connection, subject, place -> all.add(At.of(place)));
            return new FoundEntries(reader, origins(connection), sorted(all));
        });
    }

    /** These alone. */
    static FoundEntries of(LogReader reader, Connection connection, List<At> some)
            throws SQLException {
        return new FoundEntries(reader, origins(connection), sorted(some));
    }

    /** All consents of this caller, also those that have ended, and those to a single call. */
    public static FoundEntries consents(LogReader reader, PseudonymousSubject subject)
            throws LedgerUnavailable {
        return reader.ask(connection -> {
            List<At> all = new ArrayList<>();
            for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
                all.addAll(places(connection, CONSENTS_OF, name));
            }
            return new FoundEntries(reader, origins(connection), sorted(all));
        });
    }

    /** What refers to one entry, whoever it names. */
    static FoundEntries about(LogReader reader, UUID id) throws LedgerUnavailable {
        return of(
                reader,
                "SELECT log, idx, time_ms, type FROM ledger_lookup WHERE refers = ?",
                id.toString());
    }

    /**
     * Of all callers.
     *
     * @param type one of {@link LogReader#FEW}
     */
    static FoundEntries ofType(LogReader reader, EntryType type) throws LedgerUnavailable {
        return of(reader, OF_TYPE, type.text());
    }

    private static FoundEntries of(LogReader reader, String places, String argument)
            throws LedgerUnavailable {
        return reader.ask(connection ->
                new FoundEntries(
                        reader, origins(connection), sorted(places(connection, places, argument))));
    }

    private static List<At> places(Connection connection, String sql, String argument)
            throws SQLException {
        List<At> all = new ArrayList<>();
        Rows.reading(
                connection, () -> Rows.each(connection, sql, row -> all.add(At.of(row)), argument));
        return all;
    }

    private static Map<Integer, String> origins(Connection connection) throws SQLException {
        return Log.all(connection).stream()
                .collect(Collectors.toUnmodifiableMap(Log::id, Log::origin));
    }

    private static List<At> sorted(List<At> all) {
        return all.stream().sorted(NEWEST_FIRST).toList();
    }

    public int size() {
        return all.size();
    }

    /** Newest first. */
    public List<At> all() {
        return all;
    }

    public boolean hasAny(EntryType type) {
        return all.stream().anyMatch(one -> one.type() == type);
    }

    /** Those of these types. */
    public FoundEntries only(Set<EntryType> types) {
        return with(
                all.stream()
                        .filter(one -> one.type() != null && types.contains(one.type()))
                        .toList());
    }

    /** Of those that refer to the same entry the one that stands first here. */
    FoundEntries firstOfEach() throws LedgerUnavailable {
        return reader.ask(connection -> {
            Map<At, String> refers = new HashMap<>();
            Map<Integer, List<At>> byLog = all.stream().collect(Collectors.groupingBy(At::log));
            for (List<At> ofLog : byLog.values()) {
                for (int at = 0; at < ofLog.size(); at += AT_ONCE) {
                    refers(
                            connection,
                            ofLog.subList(at, Math.min(ofLog.size(), at + AT_ONCE)),
                            refers);
                }
            }
            Set<String> seen = new HashSet<>();
            return with(
                    all.stream()
                            .filter(one -> {
                                String of = refers.get(one);
                                return of == null || seen.add(of);
                            })
                            .toList());
        });
    }

    private static void refers(Connection connection, List<At> ofOneLog, Map<At, String> to)
            throws SQLException {
        List<Object> arguments = new ArrayList<>();
        arguments.add(ofOneLog.getFirst().log());
        Map<Long, At> byIndex = new HashMap<>();
        for (At one : ofOneLog) {
            arguments.add(one.index());
            byIndex.put(one.index(), one);
        }
        Rows.each(
                connection,
                "SELECT idx, refers FROM ledger_lookup WHERE log = ? AND refers IS NOT NULL"
                        + " AND idx IN ("
                        + Rows.places(ofOneLog.size())
                        + ")",
                row -> {
                    At one = byIndex.get(row.getLong(1));
                    if (one != null) {
                        to.put(one, row.getString(2));
                    }
                },
                arguments.toArray());
    }

    FoundEntries oldestFirst() {
        return with(all.reversed());
    }

    /** Those that were recorded until then. */
    public FoundEntries until(Instant then) {
        long millis = then.toEpochMilli();
        return with(all.stream().filter(one -> one.millis() <= millis).toList());
    }

    /** Those that stood in the logs when these had so many entries, by their origins. */
    public FoundEntries within(Map<String, Long> sizes) {
        return with(
                all.stream()
                        .filter(one -> one.index() < sizes.getOrDefault(origin(one), 0L))
                        .toList());
    }

    private FoundEntries with(List<At> some) {
        return new FoundEntries(reader, origins, some);
    }

    private String origin(At one) {
        return origins.getOrDefault(one.log(), "");
    }

    public boolean contains(Entry entry) {
        return all.stream().anyMatch(one -> isAt(one, entry));
    }

    private boolean isAt(At one, Entry entry) {
        return one.index() == entry.index() && origin(one).equals(entry.log());
    }

    /**
     * Where a reader of pages goes on.
     *
     * @param millis of the last entry that was told
     * @param log its origin
     */
    public record Behind(long millis, String log, long index) {
        /** For an address. */
        public String text() {
            byte[] octets = (millis + " " + index + " " + log).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        }

        /** Empty where it is none of ours. */
        public static Optional<Behind> parse(String text) {
            String line;
            try {
                line = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            if (!line.matches("[0-9]{1,18} [0-9]{1,18} [!-~]{1,200}")) {
                return Optional.empty();
            }
            String[] parts = line.split(" ", 3);
            return Optional.of(
                    new Behind(Long.parseLong(parts[0]), parts[2], Long.parseLong(parts[1])));
        }
    }

    /**
     * @param count how many were told, one at least
     */
    public Behind behind(int count) {
        At last = all.get(count - 1);
        return new Behind(last.millis(), origin(last), last.index());
    }

    /** How many stand before what comes next: what was written meanwhile stands before as well. */
    public int countUpTo(Behind behind) {
        int log =
                origins.entrySet().stream()
                        .filter(each -> each.getValue().equals(behind.log))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(Integer.MAX_VALUE);
        At last = new At(log, behind.index, behind.millis, null);
        int count = 0;
        while (count < all.size() && NEWEST_FIRST.compare(all.get(count), last) <= 0) {
            count++;
        }
        return count;
    }

    /**
     * With what is in them, newest first; what was erased meanwhile has no payload.
     *
     * @param from how many are passed over
     */
    public List<Entry> page(int from, int most) throws LedgerUnavailable {
        int begin = Math.min(from, all.size());
        List<At> wanted = all.subList(begin, begin + Math.min(most, all.size() - begin));
        return reader.ask(connection -> {
            Map<At, Entry> found = new HashMap<>();
            Map<Integer, List<At>> byLog =
                    wanted.stream()
                            .collect(
                                    Collectors.groupingBy(
                                            At::log, LinkedHashMap::new, Collectors.toList()));
            for (List<At> ofLog : byLog.values()) {
                for (int at = 0; at < ofLog.size(); at += AT_ONCE) {
                    read(
                            connection,
                            ofLog.subList(at, Math.min(ofLog.size(), at + AT_ONCE)),
                            found);
                }
            }
            return wanted.stream().filter(found::containsKey).map(found::get).toList();
        });
    }

    private void read(Connection connection, List<At> ofOneLog, Map<At, Entry> found)
            throws SQLException {
        List<Object> arguments = new ArrayList<>();
        arguments.add(ofOneLog.getFirst().log());
        Map<Long, At> byIndex = new HashMap<>();
        for (At one : ofOneLog) {
            arguments.add(one.index());
            byIndex.put(one.index(), one);
        }
        for (Entry entry :
                reader.where(
                        connection,
                        "WHERE e.log = ? AND e.idx IN (" + Rows.places(ofOneLog.size()) + ")",
                        arguments.toArray())) {
            At one = byIndex.get(entry.index());
            if (one != null) {
                found.put(one, entry);
            }
        }
    }

    /** What is done with some of them. */
    public interface Look {
        void at(List<Entry> page) throws LedgerUnavailable;
    }

    /** All of them, a page in memory at a time. */
    public void each(Look look) throws LedgerUnavailable {
        for (int from = 0; from < all.size(); from += PAGE) {
            look.at(page(from, PAGE));
        }
    }
}
