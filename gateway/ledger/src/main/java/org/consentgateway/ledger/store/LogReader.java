package org.consentgateway.ledger.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Questions to the log, over all nodes of the store, newest first unless said
 * otherwise. A payload that does not open, or is not the one its leaf commits to, is given as
 * absent: nothing is decided on it.
 */
public final class LogReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String COLUMNS =
            "SELECT l.origin, e.idx, e.entry_id, e.type, e.time_ms, e.leaf, e.commitment,"
                    + " p.key_id, p.sealed";

    private static final String TABLES =
            " FROM ledger_entry e"
                    + " JOIN ledger_log l ON l.id = e.log"
                    + " LEFT JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx ";

    private static final String ENTRY = COLUMNS + TABLES;

    private static final String FOUND =
            ENTRY + "JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx ";

    private static final String NEWEST_FIRST =
            " ORDER BY e.time_ms DESC, e.log, e.idx DESC LIMIT ?";

    /** Of which there are few among millions: the types that the index ledger_entry_few is of. */
    static final Set<EntryType> FEW =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            EntryType.HOLDER_NOTIFIED,
                            EntryType.HOLDER_TO_TELL,
                            EntryType.HOLDER_TOLD,
                            EntryType.REQUEST_OPENED,
                            EntryType.REQUEST_APPROVED,
                            EntryType.REQUEST_REFUSED,
                            EntryType.REQUEST_EXTENDED,
                            EntryType.TASK_OPENED,
                            EntryType.TASK_CLOSED));

    // An index of some rows is used where its own condition is asked for word by word.

    /** Of rows of the look-up table: what a caller has said, by its type and time. */
    public static final String SAID =
            "type IN ('Withdrawn', 'Refused', 'PurposeDecided', 'RequestOpened', 'CallBackDue',"
                    + " 'SubjectReferenced') AND ";

    /** The same of what ends a consent, replaces it, takes a purpose of it or says no to it. */
    public static final String ENDING =
            "refers IS NOT NULL AND type IN ('Given', 'Renewed', 'Refused', 'Withdrawn',"
                    + " 'Expired', 'PurposeDecided') AND ";

    /** Of entries e: those of the {@link #FEW} types. */
    public static final String AMONG_FEW =
            FEW.stream()
                    .map(type -> "'" + type.text() + "'")
                    .collect(Collectors.joining(", ", "e.type IN (", ") AND "));

    /** Questions at the same time; others wait for one of these. */
    public static final int CONNECTIONS = 4;

    private final DataSource source;
    private final Sealer sealer;
    private final BooleanSupplier up;

    /**
     * @param up false where asking is known to be in vain: a call must not wait for that
     */
    public LogReader(DataSource source, Sealer sealer, BooleanSupplier up) {
        this.source = source;
        this.sealer = sealer;
        this.up = up;
    }

    public Optional<Entry> entry(UUID id) throws LedgerUnavailable {
        return list(ENTRY + "WHERE e.entry_id = ?", id.toString()).stream().findFirst();
    }

    /** Those of these that there are, in no order. */
    public List<Entry> entries(Collection<UUID> ids) throws LedgerUnavailable {
        List<Entry> all = new ArrayList<>();
        List<UUID> every = List.copyOf(ids);
        for (int from = 0; from < every.size(); from += AT_ONCE) {
            List<UUID> some = every.subList(from, Math.min(every.size(), from + AT_ONCE));
            all.addAll(
                    list(
                            ENTRY + "WHERE e.entry_id IN (" + Rows.places(some.size()) + ")",
                            some.stream().map(UUID::toString).toArray()));
        }
        return all;
    }

    /** Ids that are looked up by one statement. */
    public static final int AT_ONCE = 500;

    public List<Entry> latest(int limit) throws LedgerUnavailable {
        return list(ENTRY + "WHERE 1 = 1" + NEWEST_FIRST, limit);
    }

    public List<Entry> ofCall(String callId) throws LedgerUnavailable {
        return list(newest("call_id = ?"), callId, MAX_FOUND);
    }

    /**
     * Found in the look-up table alone first, with a limit: without statistics of its columns the
     * server believes that so many rows are wanted that it reads all entries for them.
     */
    private static String newest(String condition) {
        return COLUMNS
                + TABLES
                + "JOIN (SELECT log, idx, time_ms FROM ledger_lookup WHERE "
                + condition
                + " ORDER BY time_ms DESC, log, idx DESC LIMIT ?) f"
                + " ON f.log = e.log AND f.idx = e.idx"
                + " ORDER BY f.time_ms DESC, f.log, f.idx DESC";
    }

    /**
     * @param hashes {@link Pseudonyms#sipCallId}
     */
    public List<Entry> ofSipCall(List<String> hashes) throws LedgerUnavailable {
        List<Object> arguments = new ArrayList<>(hashes);
        arguments.add(MAX_FOUND);
        return list(
                newest("sip_hash IN (" + Rows.places(hashes.size()) + ")"), arguments.toArray());
    }

    /**
     * How many entries each log has, by its origin: what is written from now on stands behind them.
     */
    public Map<String, Long> sizes() throws LedgerUnavailable {
        return ask(connection ->
                Log.all(connection).stream()
                        .collect(Collectors.toUnmodifiableMap(Log::origin, Log::size)));
    }

    /** The same as it was at the end of a millisecond, by the clock of each log. */
    public Map<String, Long> sizesAt(Instant time) throws LedgerUnavailable {
        return ask(connection -> {
            Map<String, Long> sizes = new HashMap<>();
            for (Log log : Log.all(connection)) {
                sizes.put(log.origin(), log.firstFrom(connection, time.plusMillis(1)));
            }
            return Map.copyOf(sizes);
        });
    }

    /**
     * What names this caller under a notice, and all decisions on a purpose in the middle of a
     * talk: they name a consent and no notice, and may have ended it. A call waits for this. An
     * entry that its leaf does not hash, or that bears another caller's name, is given without its
     * payload: nothing is decided on it.
     *
     * <p>The words are compared as texts, also where SQLite holds them as octets.
     *
     * @param notice lineage
     */
    public List<Entry> ofSubject(PseudonymousSubject subject, String notice, int limit)
            throws LedgerUnavailable {
        List<Object> arguments = new ArrayList<>(subject.pseudonyms());
        arguments.add(notice);
        arguments.add(limit);
        String places =
                "SELECT log, idx, time_ms, subject, notice FROM ledger_lookup WHERE subject IN ("
                        + Rows.places(subject.pseudonyms().size())
                        + ") AND (notice || '' = ? OR type || '' = 'PurposeDecided')"
                        + " ORDER BY time_ms DESC, log, idx DESC LIMIT ?";
        return ask(connection -> claimed(connection, subject, places, arguments.toArray())).stream()
                .map(Claimed::entry)
                .toList();
    }

    /**
     * An entry as a row of the look-up table gives it to a caller.
     *
     * @param entry without its payload where the row is not what was written, or not of this caller
     */
    public record Claimed(Entry entry, @Nullable String subject, @Nullable String notice) {}

    /**
     * Found in the look-up table alone first, newest first.
     *
     * @param places log, idx, time_ms, subject and notice of its rows, with a limit
     */
    public List<Claimed> claimed(
            Connection connection, PseudonymousSubject subject, String places, Object... arguments)
            throws SQLException {
        return Rows.list(
                connection,
                COLUMNS
                        + ", b.leaf, e.log, f.subject, f.notice"
                        + TABLES
                        + "LEFT JOIN ledger_entry b ON b.log = e.log AND b.idx = e.idx - 1 "
                        + "JOIN ("
                        + places
                        + ") f ON f.log = e.log AND f.idx = e.idx"
                        + " ORDER BY f.time_ms DESC, f.log, f.idx DESC",
                row ->
                        new Claimed(
                                chained(connection, row, subject),
                                row.getString(12),
                                row.getString(13)),
                arguments);
    }

    /** Without its payload where the row is not what was written, or not of this caller. */
    private Entry chained(Connection connection, ResultSet row, PseudonymousSubject subject)
            throws SQLException {
        Entry entry = read(row);
        byte[] before = row.getBytes(10);
        if (before == null && entry.index() > 0) { // taken to the archive, which leaves its leaf
            before =
                    Log.hashes(connection, row.getInt(11))
                            .at(0, entry.index() - 1, entry.index())
                            .stream()
                            .findFirst()
                            .orElse(null);
        }
        var header =
                new Header(
                        entry.log(),
                        entry.index(),
                        entry.id(),
                        entry.type(),
                        entry.time(),
                        row.getBytes(7),
                        before == null ? Header.noLeaf() : before);
        ObjectNode payload = entry.payload();
        boolean right =
                payload != null
                        && Digests.hex(header.leaf()).equals(entry.leafHash())
                        && subject.pseudonyms().contains(Facts.of(payload).subject());
        return right ? entry : entry.withoutPayload();
    }

    /** How many entries end a consent, as its row counts them; nothing where a row has no count. */
    public Map<UUID, String> endings(Collection<UUID> ids) throws LedgerUnavailable {
        Map<UUID, String> counts = new HashMap<>();
        var _ =
                ask(connection ->
                        Rows.list(
                                connection,
                                "SELECT e.entry_id, f.endings FROM ledger_entry e"
                                        + " JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx"
                                        + " WHERE f.endings IS NOT NULL AND e.entry_id IN ("
                                        + Rows.places(ids.size())
                                        + ")",
                                row ->
                                        counts.put(
                                                UUID.fromString(row.getString(1)),
                                                row.getString(2)),
                                ids.stream().map(UUID::toString).toArray()));
        return counts;
    }

    /**
     * Consents whose validity ends between these times and that no later entry has ended or
     * replaced, soonest first. Where an assistant was connected under one and not cut off again,
     * that call goes on, unless it began longer ago than any lasts: then its node has died.
     */
    public List<Entry> endingBetween(Instant after, Instant time, int limit)
            throws LedgerUnavailable {
        return list(
                FOUND
                        + "WHERE f.until_ms > ? AND f.until_ms <= ? AND f.type IN ('Given',"
                        + " 'Renewed', 'Imported') AND NOT EXISTS (SELECT 1 FROM ledger_lookup x"
                        + " WHERE x.refers = e.entry_id AND x.type IN ('Given', 'Renewed',"
                        + " 'Withdrawn', 'Expired')) AND NOT EXISTS (SELECT 1 FROM ledger_lookup o"
                        + " WHERE o.refers = e.entry_id AND o.type = 'AssistantOpened' AND"
                        + " o.time_ms > ? AND NOT EXISTS (SELECT 1 FROM ledger_lookup c WHERE"
                        // By the call: of one consent there may be a hundred thousand talks.
                        + " c.refers || '' = o.refers AND c.call_id = o.call_id AND c.type ="
                        + " 'AssistantCut')) ORDER BY f.until_ms LIMIT ?",
                after.toEpochMilli(),
                time.toEpochMilli(),
                time.minus(LONGEST_TALK).toEpochMilli(),
                limit);
    }

    /**
     * By when the validity of so many more consents ends, ended ones too.
     *
     * @return empty where fewer end between these times
     */
    public Optional<Instant> endOf(int consents, Instant after, Instant time)
            throws LedgerUnavailable {
        return ask(connection ->
                Rows.first(
                        connection,
                        "SELECT until_ms FROM ledger_lookup WHERE until_ms > ? AND until_ms <= ?"
                                + " ORDER BY until_ms LIMIT 1 OFFSET ?",
                        row -> Instant.ofEpochMilli(row.getLong(1)),
                        after.toEpochMilli(),
                        time.toEpochMilli(),
                        consents));
    }

    /** Entries that withdraw or replace one of these consents, or may end a purpose of it. */
    public List<Entry> endingsOf(Collection<UUID> grants) throws LedgerUnavailable {
        return list(
                ENTRY
                        + "JOIN (SELECT log, idx FROM ledger_lookup WHERE "
                        + ENDING
                        + "refers IN ("
                        + Rows.places(grants.size())
                        + ") AND type IN ('Given', 'Renewed', 'Withdrawn', 'PurposeDecided')) f"
                        + " ON f.log = e.log AND f.idx = e.idx",
                grants.stream().map(UUID::toString).toArray());
    }

    /**
     * Withdrawals between these times of consents with a talk in which its assistant was not told
     * since; in the order of their ids, which is that of time. Of several talks with one assistant
     * it is told in one, so who is left is known by name only, which is sealed here. A log that was
     * written while its node's clock was ahead bears that time until all clocks have caught up: its
     * entries are in time by their ids, or written by that clock as well, and whoever was told
     * since says so with any time.
     *
     * @param behind the last one of the page before; null for the first page
     */
    public List<Entry> untold(Instant after, Instant until, @Nullable UUID behind, int limit)
            throws LedgerUnavailable {
        Instant ahead = until.plus(CLOCKS_DIFFER);
        return list(
                FOUND
                        + "WHERE e.type = 'Withdrawn' AND e.entry_id > ? AND e.time_ms > ?"
                        + " AND (e.time_ms <= ? OR e.time_ms > ?)"
                        + " AND (e.entry_id < ? OR e.entry_id >= ?)"
                        + " AND EXISTS (SELECT 1 FROM ledger_lookup o"
                        + " WHERE o.refers = f.refers AND o.type = 'AssistantOpened'"
                        + " AND NOT EXISTS (SELECT 1 FROM ledger_lookup n"
                        // By the call: of one consent there may be a hundred thousand talks; and
                        // who was told besides, by a webhook, was told in none.
                        + " WHERE n.refers || '' = o.refers AND n.call_id = o.call_id"
                        + " AND n.type = 'HolderNotified'"
                        + " AND (n.time_ms >= e.time_ms OR e.time_ms > ?)))"
                        + " ORDER BY e.entry_id LIMIT ?",
                behind == null ? idsFrom(after) : behind.toString(),
                after.toEpochMilli(),
                until.toEpochMilli(),
                ahead.toEpochMilli(),
                idsFrom(until.plusMillis(1)),
                idsFrom(ahead),
                ahead.toEpochMilli(),
                limit);
    }

    /** Far less than a clock is wrong by where somebody notices. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /** The least id of that time (RFC 9562 §5.7): ids have an index, times have none. */
    private static String idsFrom(Instant time) {
        return new UUID(time.toEpochMilli() << 16, 0).toString();
    }

    /** Requests of callers that no later entry answers, oldest first. */
    public List<Entry> unansweredRequests(int limit) throws LedgerUnavailable {
        return list(
                FOUND
                        + "WHERE e.type = 'RequestOpened' AND NOT EXISTS (SELECT 1 FROM"
                        + " ledger_lookup x WHERE x.refers = e.entry_id AND x.type IN"
                        + " ('RequestApproved', 'RequestRefused', 'RequestUnconfirmed')) ORDER BY"
                        + " e.time_ms LIMIT ?",
                limit);
    }

    /** The same of one caller: however much else there is of the number. */
    public List<Entry> unansweredRequests(PseudonymousSubject subject, int limit)
            throws LedgerUnavailable {
        List<Entry> all = new ArrayList<>();
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            all.addAll(list(UNANSWERED_OF, name, limit));
        }
        all.sort(Comparator.comparing(Entry::time));
        return List.copyOf(all);
    }

    static final String UNANSWERED_OF =
            ENTRY
                    + "JOIN (SELECT log, idx, time_ms FROM ledger_lookup WHERE "
                    + SAID
                    + "subject = ? AND type = 'RequestOpened') f"
                    + " ON f.log = e.log AND f.idx = e.idx WHERE NOT EXISTS (SELECT 1 FROM"
                    + " ledger_lookup x WHERE x.refers = e.entry_id AND x.type IN"
                    + " ('RequestApproved', 'RequestRefused', 'RequestUnconfirmed'))"
                    + " ORDER BY f.time_ms LIMIT ?";

    /** How often this caller was to be called back since then. */
    public int callBacksDue(PseudonymousSubject subject, Instant since) throws LedgerUnavailable {
        int due = 0;
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            due +=
                    ask(connection ->
                            Rows.first(
                                            connection,
                                            CALL_BACKS_OF,
                                            row -> row.getInt(1),
                                            name,
                                            since.toEpochMilli())
                                    .orElse(0));
        }
        return due;
    }

    static final String CALL_BACKS_OF =
            "SELECT COUNT(*) FROM ledger_lookup WHERE "
                    + SAID
                    + "subject = ? AND type = 'CallBackDue' AND time_ms > ?";

    /** What callers left to be done and no later entry closes, oldest first. */
    public List<Entry> openTasks(int limit) throws LedgerUnavailable {
        return list(
                FOUND
                        + "WHERE e.type = 'TaskOpened' AND NOT EXISTS (SELECT 1 FROM"
                        + " ledger_lookup x WHERE x.refers = e.entry_id AND x.type = 'TaskClosed')"
                        + " ORDER BY e.time_ms LIMIT ?",
                limit);
    }

    /**
     * Entries by an id that stands behind their columns.
     *
     * @param rest of the statement, behind the tables
     */
    public Map<UUID, List<Entry>> grouped(String id, String rest, Object... arguments)
            throws LedgerUnavailable {
        return ask(connection -> {
            Map<UUID, List<Entry>> all = new HashMap<>();
            Rows.each(
                    connection,
                    by(id, rest),
                    row ->
                            all.computeIfAbsent(
                                            UUID.fromString(row.getString(10)),
                                            _ -> new ArrayList<>())
                                    .add(read(row)),
                    arguments);
            return all;
        });
    }

    /** What {@link #grouped} asks. */
    public static String by(String id, String rest) {
        return COLUMNS + ", " + id + TABLES + rest;
    }

    /** Callers whom other systems call so, the newest first. */
    public List<Entry> ofReference(List<UUID> hashes) throws LedgerUnavailable {
        List<Object> arguments = new ArrayList<>();
        hashes.forEach(hash -> arguments.add(hash.toString()));
        arguments.add(MAX_FOUND);
        return list(
                FOUND
                        + "WHERE f.refers IN ("
                        + Rows.places(hashes.size())
                        + ") AND f.type = 'SubjectReferenced'"
                        + NEWEST_FIRST,
                arguments.toArray());
    }

    /**
     * What other systems call a caller, the newest first: a switchboard may be tied to thousands.
     *
     * @param pseudonym that it bears
     */
    public List<Entry> referencesOf(String pseudonym, int limit) throws LedgerUnavailable {
        return list(REFERENCES_OF, pseudonym, limit);
    }

    static final String REFERENCES_OF = newest(SAID + "subject = ? AND type = 'SubjectReferenced'");

    /** Keys that were issued and revoked, newest first. */
    public List<Entry> accessKeys(int limit) throws LedgerUnavailable {
        return list(ENTRY + "WHERE e.type IN ('KeyIssued', 'KeyRevoked')" + NEWEST_FIRST, limit);
    }

    /**
     * What comes next in each log, oldest first over all: whoever goes on where the last page ended
     * misses nothing, whatever other nodes have written meanwhile.
     *
     * @param next origin of a log to the first index that is wanted; 0 for all others
     */
    public List<Entry> from(Map<String, Long> next, int limit) throws LedgerUnavailable {
        return from(next, limit, "", List.of());
    }

    /** The same of some types only: what lies between is not opened. */
    public List<Entry> from(Map<String, Long> next, int limit, Set<EntryType> types)
            throws LedgerUnavailable {
        return from(
                next,
                limit,
                " AND e.type IN (" + Rows.places(types.size()) + ")",
                types.stream().map(EntryType::text).toList());
    }

    private List<Entry> from(
            Map<String, Long> next, int limit, String condition, List<String> types)
            throws LedgerUnavailable {
        List<Entry> all = new ArrayList<>();
        for (Log log : ask(Log::all)) {
            List<Object> arguments = new ArrayList<>();
            arguments.add(log.id());
            arguments.add(next.getOrDefault(log.origin(), 0L));
            arguments.addAll(types);
            arguments.add(limit);
            all.addAll(
                    list(
                            ENTRY
                                    + "WHERE e.log = ? AND e.idx >= ?"
                                    + condition
                                    + " ORDER BY e.idx LIMIT ?",
                            arguments.toArray()));
        }
        // Stable: the entries of one log stay in their order, whose times never go back.
        all.sort(Comparator.comparing(Entry::time));
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    /**
     * How many entries there are of a kind.
     *
     * @param line empty for those of none, and for all in {@link #countsOfTypes}
     * @param notice lineage; empty as above
     */
    public record Count(String type, String line, String notice, long entries) {
        private Count withEntries(long all) {
            return new Count(type, line, notice, all);
        }
    }

    /**
     * Of each type that was written from then to before then, also what has lost its content, and
     * by whole days in UTC what was taken to the archive.
     */
    public List<Count> countsOfTypes(Instant from, Instant to) throws LedgerUnavailable {
        List<Count> there =
                counts(
                        "SELECT type, NULL, NULL, COUNT(*) FROM ledger_entry"
                                + " WHERE log = ? AND idx >= ? AND idx < ? GROUP BY type",
                        from,
                        to);
        Map<String, Long> all = new TreeMap<>();
        there.forEach(one -> all.merge(one.type(), one.entries(), Long::sum));
        long first = Math.ceilDiv(from.toEpochMilli(), DAY_MILLIS);
        long last = Math.floorDiv(to.toEpochMilli(), DAY_MILLIS);
        List<Count> archived =
                first >= last
                        ? List.of()
                        : ask(connection ->
                                Rows.list(
                                        connection,
                                        "SELECT type, NULL, NULL, SUM(entries) FROM"
                                            + " ledger_archived_count WHERE day >= ? AND day < ?"
                                            + " GROUP BY type",
                                        LogReader::count,
                                        first,
                                        last));
        for (Count each : archived) {
            all.merge(each.type(), each.entries(), Long::sum);
        }
        return all.entrySet().stream()
                .map(each -> new Count(each.getKey(), "", "", each.getValue()))
                .toList();
    }

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** Of each type, line and notice, as far as the content is still kept. */
    public List<Count> countsOfLines(Instant from, Instant to) throws LedgerUnavailable {
        return counts(
                "SELECT type, line, notice, COUNT(*) FROM ledger_lookup"
                        + " WHERE log = ? AND idx >= ? AND idx < ? AND line IS NOT NULL"
                        + " GROUP BY type, line, notice",
                from,
                to);
    }

    /** By line, notice and type. */
    private List<Count> counts(String sql, Instant from, Instant to) throws LedgerUnavailable {
        return ask(connection -> {
            Map<Count, Long> found =
                    new TreeMap<>(
                            Comparator.comparing(Count::line)
                                    .thenComparing(Count::notice)
                                    .thenComparing(Count::type));
            for (Log log : Log.all(connection)) {
                for (Count each :
                        Rows.list(
                                connection,
                                sql,
                                LogReader::count,
                                log.id(),
                                log.firstFrom(connection, from),
                                log.firstFrom(connection, to))) {
                    found.merge(each, each.entries(), Long::sum);
                }
            }
            return found.entrySet().stream()
                    .map(each -> each.getKey().withEntries(each.getValue()))
                    .toList();
        });
    }

    private static Count count(ResultSet row) throws SQLException {
        return new Count(
                row.getString(1),
                Objects.requireNonNullElse(row.getString(2), ""),
                Objects.requireNonNullElse(row.getString(3), ""),
                row.getLong(4));
    }

    /** Of one type, newest first. */
    public List<Entry> ofType(EntryType type, int limit) throws LedgerUnavailable {
        return list(ofType(type), type.text(), limit);
    }

    static String ofType(EntryType type) {
        return ENTRY
                + "WHERE "
                + (FEW.contains(type) ? AMONG_FEW : "")
                + "e.type = ?"
                + NEWEST_FIRST;
    }

    /** Those of these entries whose payload was destroyed. */
    public Set<UUID> erased(Collection<UUID> ids) throws LedgerUnavailable {
        String sql =
                "SELECT e.entry_id FROM ledger_entry e WHERE e.entry_id IN ("
                        + Rows.places(ids.size())
                        + ") AND NOT EXISTS (SELECT 1 FROM ledger_payload p"
                        + " WHERE p.log = e.log AND p.idx = e.idx)";
        Object[] texts = ids.stream().map(UUID::toString).toArray();
        return Set.copyOf(
                ask(connection ->
                        Rows.list(
                                connection, sql, row -> UUID.fromString(row.getString(1)), texts)));
    }

    /** Longer than any call. */
    private static final Duration LONGEST_TALK = Duration.ofHours(12);

    /** At most so many entries of one call. */
    private static final int MAX_FOUND = 1000;

    /**
     * @param condition of entries {@code e}, with the tables that it joins
     */
    public List<Entry> where(Connection connection, String condition, Object... arguments)
            throws SQLException {
        return Rows.list(connection, ENTRY + condition, this::read, arguments);
    }

    private List<Entry> list(String sql, Object... arguments) throws LedgerUnavailable {
        return ask(connection -> Rows.list(connection, sql, this::read, arguments));
    }

    public interface Query<T> {
        T ask(Connection connection) throws SQLException;
    }

    /**
     * Behind a change of servers each connection that was kept says once that it is gone, which is
     * no answer: a caller would hear that nothing can be recorded, while the store is there.
     */
    public <T> T ask(Query<T> question) throws LedgerUnavailable {
        if (!up.getAsBoolean()) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, "the ledger's store is down");
        }
        try {
            return answer(question);
        } catch (SQLException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN,
                    "the ledger's store does not answer: " + e.getMessage(),
                    e);
        }
    }

    private <T> T answer(Query<T> question) throws SQLException {
        for (int gone = 0; ; gone++) {
            try (Connection connection = source.getConnection()) {
                try {
                    return question.ask(connection);
                } catch (SQLException e) {
                    if (gone == CONNECTIONS || !Rows.isConnectionLost(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    private Entry read(ResultSet row) throws SQLException {
        String log = row.getString(1);
        long index = row.getLong(2);
        String keyId = row.getString(8);
        byte[] sealed = row.getBytes(9);
        byte[] commitment = row.getBytes(7);
        return new Entry(
                log,
                index,
                UUID.fromString(row.getString(3)),
                EntryType.of(row.getString(4)).orElseThrow(() -> new SQLException("unknown type")),
                Instant.ofEpochMilli(row.getLong(5)),
                Digests.hex(row.getBytes(6)),
                keyId == null ? null : payload(log, index, keyId, sealed, commitment));
    }

    private @Nullable ObjectNode payload(
            String log, long index, String keyId, byte[] sealed, byte[] commitment) {
        return sealer.open(log, index, keyId, sealed)
                .filter(opened -> java.util.Arrays.equals(opened.commitment(), commitment))
                .map(opened -> parse(opened.payload()))
                .orElse(null);
    }

    public static @Nullable ObjectNode parse(byte[] payload) {
        try {
            return JSON.readTree(payload) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
