package org.consentgateway.ledger.number;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one question. What decides on the consents of a number that has too many entries to
 * read them all while a caller waits: a switchboard, a call centre, somebody who calls again and
 * again under a number that is not theirs. Each kind is asked for by an index of it, so that what
 * is read grows with what decides, and not with how often somebody called.
 */
public final class DecidingEntries {
    /** A consent for one call counts no longer than any talk lasts. */
    private static final Duration LONGEST_TALK = Duration.ofHours(12);

    /** By which the clocks of nodes differ at most. */
    static final Duration CLOCKS = Duration.ofHours(1);

    private static final int AT_ONCE = 200;

    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparing(Entry::time)
                    .reversed()
                    .thenComparing(Entry::log)
                    .thenComparing(Comparator.comparingLong(Entry::index).reversed());

    private static final String ROW =
            "SELECT log, idx, time_ms, subject, notice FROM ledger_lookup WHERE ";

    private static final String NEWEST = " ORDER BY time_ms DESC, log, idx DESC LIMIT ?";

    /** An index of some rows is used where its own condition is asked for word by word. */
    private static final String LASTING =
            "subject = ? AND until_ms IS NOT NULL AND type IN ('Given', 'Renewed', 'Imported')";

    /** Of one notice: whose newest decides. */
    static final String NEWEST_CONSENTS = ROW + LASTING + " AND notice = ?" + NEWEST;

    private static final String IN_FORCE_OF_ANY = ROW + LASTING + " AND until_ms > ? LIMIT ?";

    private static final String IN_FORCE_OF_ONE =
            ROW + LASTING + " AND until_ms > ? AND notice = ? LIMIT ?";

    /** Of those the ones that nothing has ended that is known as a consent for later calls. */
    private static final String NOT_ENDED =
            "SELECT s.log, s.idx, s.time_ms, s.subject, s.notice FROM (%s) s JOIN ledger_entry g ON"
                + " g.log = s.log AND g.idx = s.idx WHERE NOT EXISTS (SELECT 1 FROM ledger_lookup"
                + " WHERE refers = g.entry_id AND "
                    + LogReader.ENDING
                    + "(type IN ('Withdrawn', 'Expired', 'Renewed')"
                    + " OR (type = 'Given' AND until_ms IS NOT NULL)))"
                    + " ORDER BY s.time_ms DESC, s.log, s.idx DESC LIMIT ?";

    static final String IN_FORCE = NOT_ENDED.formatted(IN_FORCE_OF_ANY);

    static final String IN_FORCE_OF_NOTICE = NOT_ENDED.formatted(IN_FORCE_OF_ONE);

    static final String IDS_IN_FORCE =
            "SELECT e.entry_id FROM ("
                    + IN_FORCE
                    + ") u JOIN ledger_entry e ON e.log = u.log AND e.idx = u.idx"
                    + " ORDER BY u.time_ms DESC, u.log, u.idx DESC";

    private static final String LATELY =
            "SELECT log, idx, time_ms, subject, notice, type, refers, call_id FROM ledger_lookup"
                    + " WHERE subject = ? AND time_ms > ?"
                    + NEWEST;

    /** Of one call there are few entries; of one consent as many as there were talks under it. */
    private static final String GOES_ON =
            " WHERE o.type = 'AssistantOpened' AND NOT EXISTS (SELECT 1"
                    + " FROM ledger_lookup c WHERE c.call_id = o.call_id AND c.type ="
                    + " 'AssistantCut' AND c.refers || '' = o.refers)";

    static final String TALKS =
            "SELECT o.log, o.idx, o.time_ms, o.subject, o.notice FROM ("
                    + LATELY
                    + ") o"
                    + GOES_ON
                    + " ORDER BY o.time_ms DESC, o.log, o.idx DESC LIMIT ?";

    static final String IDS_TALKED_UNDER =
            "SELECT DISTINCT o.refers FROM (" + LATELY + ") o" + GOES_ON;

    private final LogReader reader;
    private final Connection connection;
    private final PseudonymousSubject subject;
    private final Set<String> names;
    private final Instant now;
    private final Decisive.Most most;
    private final Map<UUID, Entry> found = new LinkedHashMap<>();
    private final Set<UUID> uncertain = new HashSet<>();
    private boolean complete = true;

    private DecidingEntries(
            LogReader reader,
            Connection connection,
            PseudonymousSubject subject,
            Instant now,
            Decisive.Most most) {
        this.reader = reader;
        this.connection = connection;
        this.subject = subject;
        this.names = new LinkedHashSet<>(subject.pseudonyms());
        this.now = now;
        this.most = most;
    }

    /** What decides on a consent to a notice: of most callers all that there is. */
    public static Decisive of(
            LogReader reader,
            PseudonymousSubject subject,
            String notice,
            Instant now,
            Decisive.Most most)
            throws LedgerUnavailable {
        long there = count(reader, subject, most);
        if (there == 0) {
            return Decisive.whole(List.of()); // as of most callers, while it rings
        }
        return there <= most.whole()
                ? Decisive.whole(reader.ofSubject(subject, notice, most.whole()))
                : reader.ask(connection ->
                        new DecidingEntries(reader, connection, subject, now, most).of(notice));
    }

    /** What there is to be ended, to whatever notice: of most callers all that there is. */
    public static Decisive ofAll(
            LogReader reader, PseudonymousSubject subject, Instant now, Decisive.Most most)
            throws LedgerUnavailable {
        if (count(reader, subject, most) <= most.whole()) {
            FoundEntries all = FoundEntries.of(reader, subject);
            return Decisive.whole(all.page(0, all.size()));
        }
        return reader.ask(
                connection -> new DecidingEntries(reader, connection, subject, now, most).ofAll());
    }

    private static long count(LogReader reader, PseudonymousSubject subject, Decisive.Most most)
            throws LedgerUnavailable {
        return reader.ask(connection -> SubjectRows.count(connection, subject, most.whole() + 1));
    }

    /** Consents of this caller for later calls that nothing has ended, newest first. */
    public static List<Entry> inForce(LogReader reader, PseudonymousSubject subject, Instant now)
            throws LedgerUnavailable {
        List<Entry> all = new ArrayList<>();
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            reader.ask(connection ->
                            reader.claimed(
                                    connection,
                                    subject,
                                    IN_FORCE,
                                    name,
                                    now.toEpochMilli(),
                                    Integer.MAX_VALUE,
                                    Integer.MAX_VALUE))
                    .forEach(row -> all.add(row.entry()));
        }
        return all.stream().sorted(NEWEST_FIRST).toList();
    }

    /**
     * Which consents there are to be ended, to whatever notice and however many: those for later
     * calls that nothing has ended, and those that a talk goes on under.
     *
     * @return their ids, each once
     */
    public static List<UUID> idsInForce(LogReader reader, PseudonymousSubject subject, Instant now)
            throws LedgerUnavailable {
        return reader.ask(connection -> {
            Set<UUID> all = new LinkedHashSet<>();
            for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
                all.addAll(
                        Rows.list(
                                connection,
                                IDS_IN_FORCE,
                                row -> UUID.fromString(row.getString(1)),
                                name,
                                now.toEpochMilli(),
                                Decisive.Most.ALL.looked(),
                                Decisive.Most.ALL.consents()));
                all.addAll(
                        Rows.list(
                                connection,
                                IDS_TALKED_UNDER,
                                row -> UUID.fromString(row.getString(1)),
                                name,
                                now.minus(LONGEST_TALK).toEpochMilli(),
                                Decisive.Most.ALL.looked()));
            }
            return List.copyOf(all);
        });
    }

    /**
     * These consents, what has ended them, and of those of one call the talks under them.
     *
     * @param consents some hundred of this caller
     */
    public static List<Entry> ofThese(
            LogReader reader, PseudonymousSubject subject, Collection<UUID> consents, Instant now)
            throws LedgerUnavailable {
        return reader.ask(connection ->
                        new DecidingEntries(reader, connection, subject, now, Decisive.Most.ALL)
                                .ofThese(Set.copyOf(consents)))
                .entries();
    }

    private Decisive ofThese(Set<UUID> consents) throws SQLException {
        byId(consents);
        Set<UUID> ofOneCall =
                consents.stream()
                        .filter(id -> found.containsKey(id) && !lasts(found.get(id)))
                        .collect(Collectors.toSet());
        decisive();
        addAll(ofOneCall, ids -> ofTalks(ids, "'AssistantOpened', 'AssistantCut'"));
        return result();
    }

    private static String ofTalks(int consents, String types) {
        return ROW
                + "refers IN ("
                + Rows.places(consents)
                + ") AND type IN ("
                + types
                + ")"
                + NEWEST;
    }

    /** All that there is to be ended: consents in force, to whatever notice. */
    private Decisive ofAll() throws SQLException {
        inForce(null);
        Set<UUID> forOneCall = talking();
        decisive();
        addAll(forOneCall, ids -> ofTalks(ids, "'AssistantCut'"));
        return result();
    }

    /**
     * Where consent to a notice stands: the consents that last, what ended them, and what was said
     * since.
     *
     * @param notice lineage
     */
    private Decisive of(String notice) throws SQLException {
        int read = 0;
        for (String name : names) {
            List<LogReader.Claimed> rows =
                    reader.claimed(
                            connection, subject, NEWEST_CONSENTS, name, notice, most.consents());
            rows.forEach(this::add);
            read = Math.max(read, rows.size());
        }
        if (read >= most.consents()) {
            inForce(notice);
        }
        decisive();
        List<Entry> deciding = deciding();
        if (!deciding.isEmpty()) {
            said(notice, deciding);
        }
        return result();
    }

    private Decisive result() {
        // In whose place came what is not to be relied on holds no more, either.
        List.copyOf(uncertain).forEach(id -> addBefore(id, uncertain));
        return new Decisive(
                found.values().stream().sorted(NEWEST_FIRST).toList(), false, uncertain, complete);
    }

    private void add(LogReader.Claimed row) {
        found.putIfAbsent(row.entry().id(), row.entry());
    }

    private List<Entry> consents() {
        return found.values().stream()
                .filter(entry -> entry.type().isConsent())
                .sorted(NEWEST_FIRST)
                .toList();
    }

    // ------------------------------------------------------------------ consents

    private void inForce(@Nullable String notice) throws SQLException {
        for (String name : names) {
            List<Object> arguments = new ArrayList<>(List.of(name, now.toEpochMilli()));
            if (notice != null) {
                arguments.add(notice);
            }
            arguments.add(most.looked() + 1);
            String inForce = notice == null ? IN_FORCE_OF_ANY : IN_FORCE_OF_ONE;
            complete &= count(inForce, arguments) <= most.looked();
            arguments.add(most.consents() + 1);
            List<LogReader.Claimed> rows =
                    reader.claimed(
                            connection,
                            subject,
                            notice == null ? IN_FORCE : IN_FORCE_OF_NOTICE,
                            arguments.toArray());
            complete &= rows.size() <= most.consents();
            rows.forEach(this::add);
        }
    }

    private long count(String rows, List<Object> arguments) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT COUNT(*) FROM (" + rows + ") n",
                        row -> row.getLong(1),
                        arguments.toArray())
                .orElse(0L);
    }

    /**
     * Who talks at this moment, and under which consents.
     *
     * @return those that hold for their call only
     */
    private Set<UUID> talking() throws SQLException {
        Set<UUID> grants = new LinkedHashSet<>();
        long since = now.minus(LONGEST_TALK).toEpochMilli();
        for (String name : names) {
            List<Object> arguments = new ArrayList<>(List.of(name, since, most.looked() + 1));
            complete &= count(LATELY, arguments) <= most.looked();
            arguments.add(most.consents() + 1);
            List<LogReader.Claimed> talks =
                    reader.claimed(connection, subject, TALKS, arguments.toArray());
            complete &= talks.size() <= most.consents();
            talks.forEach(this::add);
            talks.forEach(talk -> refers(talk.entry()).ifPresent(grants::add));
        }
        byId(grants);
        return grants.stream()
                .filter(id -> found.containsKey(id) && !lasts(found.get(id)))
                .collect(Collectors.toSet());
    }

    private static boolean lasts(@Nullable Entry consent) {
        ObjectNode payload = consent == null ? null : consent.payload();
        return payload != null && Facts.of(payload).untilMillis() != null;
    }

    /** Of this caller; what was found before is not read again. */
    private void byId(Set<UUID> ids) throws SQLException {
        Set<UUID> missing = new LinkedHashSet<>(ids);
        missing.removeAll(found.keySet());
        addAll(
                missing,
                n ->
                        "SELECT k.log, k.idx, k.time_ms, k.subject, k.notice FROM ledger_entry g"
                                + " JOIN ledger_lookup k ON k.log = g.log AND k.idx = g.idx"
                                + " WHERE g.entry_id IN ("
                                + Rows.places(n)
                                + ") ORDER BY k.time_ms DESC, k.log, k.idx DESC LIMIT ?");
    }

    // ------------------------------------------------------------------ what ended them

    /** What is asked of so many at once, in SQL. */
    private interface ByIds {
        String of(int ids);
    }

    /**
     * @return false where there are more than are read
     */
    private boolean addAll(Collection<UUID> ids, ByIds question) throws SQLException {
        List<UUID> all = List.copyOf(ids);
        boolean enough = true;
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<UUID> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            List<Object> arguments = new ArrayList<>();
            some.forEach(id -> arguments.add(id.toString()));
            arguments.add(most.ends() + 1);
            List<LogReader.Claimed> rows =
                    reader.claimed(
                            connection, subject, question.of(some.size()), arguments.toArray());
            enough &= rows.size() <= most.ends();
            rows.stream().filter(row -> names.contains(row.subject())).forEach(this::add);
        }
        return enough;
    }

    static String endings(int consents, String types) {
        return ROW
                + LogReader.ENDING
                + "refers IN ("
                + Rows.places(consents)
                + ") AND type IN ("
                + types
                + ")"
                + NEWEST;
    }

    /**
     * What ends a consent as a whole: as a rule there is one of it. What came in the place of one
     * is a consent as well, and may have ended itself.
     */
    private void decisive() throws SQLException {
        Set<UUID> asked = new HashSet<>();
        for (Set<UUID> next = consentsBut(asked); !next.isEmpty(); next = consentsBut(asked)) {
            if (!addAll(next, n -> endings(n, "'Withdrawn', 'Expired', 'Renewed', 'Given'"))) {
                uncertain.addAll(next);
            }
            asked.addAll(next);
        }
    }

    private Set<UUID> consentsBut(Set<UUID> asked) {
        return consents().stream()
                .map(Entry::id)
                .filter(id -> !asked.contains(id))
                .collect(Collectors.toSet());
    }

    /**
     * Those that may hold, and the newest that was not replaced, of which nobody withdrew; and
     * those from elsewhere, of which whatever was withdrawn decides whether they count at all.
     */
    private List<Entry> deciding() {
        Set<UUID> replaced = new HashSet<>();
        Set<UUID> ended = new HashSet<>();
        for (Entry entry : found.values()) {
            boolean replaces =
                    entry.type() == EntryType.RENEWED
                            || (entry.type() == EntryType.GIVEN && lasts(entry));
            if (replaces) {
                refers(entry).ifPresent(replaced::add);
            }
            if (replaces || entry.type() == EntryType.WITHDRAWN) {
                refers(entry).ifPresent(ended::add);
            }
        }
        List<Entry> deciding = new ArrayList<>();
        boolean newest = true;
        for (Entry consent : consents()) {
            boolean first =
                    newest
                            && lasts(consent)
                            && consent.type() != EntryType.IMPORTED
                            && !replaced.contains(consent.id());
            newest &= !first;
            boolean mayCount = !ended.contains(consent.id()) && (first || holds(consent));
            if (mayCount || consent.type() == EntryType.IMPORTED) {
                deciding.add(consent);
            }
        }
        return deciding;
    }

    /** For later calls; also where it cannot be read: then nothing is relied on. */
    private boolean holds(Entry consent) {
        ObjectNode payload = consent.payload();
        if (payload == null) {
            return true;
        }
        Long until = Facts.of(payload).untilMillis();
        return until != null && until > now.toEpochMilli();
    }

    // ------------------------------------------------------------------ what was said since

    private void said(String notice, List<Entry> deciding) throws SQLException {
        Set<UUID> ids = deciding.stream().map(Entry::id).collect(Collectors.toSet());
        Set<UUID> withBefore = new LinkedHashSet<>(ids);
        ids.forEach(id -> addBefore(id, withBefore));
        if (!addAll(withBefore, n -> endings(n, "'Refused', 'PurposeDecided'"))) {
            uncertain.addAll(ids);
        }
        Set<UUID> ended = since("Withdrawn", notice, deciding);
        byId(ended);
        Set<UUID> refused =
                found.values().stream()
                        .filter(entry -> entry.type() == EntryType.REFUSED)
                        .flatMap(entry -> refers(entry).stream())
                        .collect(Collectors.toSet());
        if (!refused.containsAll(ids)) { // those of earlier versions do not say to which consent
            Set<UUID> _ = since("Refused", notice, deciding);
        }
        List<Entry> elsewhere =
                deciding.stream().filter(one -> one.type() == EntryType.IMPORTED).toList();
        if (!elsewhere.isEmpty()) { // which any purpose ends that was ended since
            Set<UUID> _ = since("PurposeDecided", null, elsewhere);
            if (!complete) { // what is not read may be what somebody on this number said no to
                uncertain.addAll(ids);
            }
        }
    }

    /** In whose place it came, and so on. */
    private void addBefore(UUID consent, Set<UUID> to) {
        Optional<UUID> before = Optional.of(consent);
        while (before.isPresent()) {
            Entry entry = found.get(before.get());
            before =
                    entry == null || !entry.type().isConsent()
                            ? Optional.empty()
                            : refers(entry).filter(to::add);
        }
    }

    static String saidOf(String type) {
        return ROW
                + LogReader.SAID
                + "subject = ? AND type = '"
                + type
                + "' AND time_ms > ?"
                + NEWEST;
    }

    /**
     * What was said after the first of these was given, of whichever consent.
     *
     * @param notice null for any
     * @return what it was said of
     */
    private Set<UUID> since(String type, @Nullable String notice, List<Entry> given)
            throws SQLException {
        Instant first = given.stream().map(Entry::from).min(Instant::compareTo).orElseThrow();
        Set<UUID> of = new LinkedHashSet<>();
        for (String name : names) {
            List<LogReader.Claimed> rows =
                    reader.claimed(
                            connection,
                            subject,
                            saidOf(type),
                            name,
                            first.minus(CLOCKS).toEpochMilli(),
                            most.ends() + 1);
            for (LogReader.Claimed row : rows) {
                if (notice == null || notice.equals(row.notice())) {
                    add(row);
                    refers(row.entry()).ifPresent(of::add);
                }
            }
            if (rows.size() > most.ends()) { // of those that are older than these it is not known
                Instant known = rows.getLast().entry().time().plus(CLOCKS);
                given.stream()
                        .filter(one -> one.from().isBefore(known))
                        .forEach(one -> uncertain.add(one.id()));
            }
        }
        return of;
    }

    private static Optional<UUID> refers(Entry entry) {
        ObjectNode payload = entry.payload();
        String refers = payload == null ? null : Facts.of(payload).refers();
        return refers == null ? Optional.empty() : Optional.of(UUID.fromString(refers));
    }
}
