package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.watch.CheckedErasure;
import org.consentgateway.ledger.watch.OlderTies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which payloads an erasure destroys, and that their octets leave the files as well. Thread-safe.
 */
final class Erasing {
    private static final Logger LOG = LoggerFactory.getLogger(Erasing.class);

    /** So that nobody waits for the store while a commit of thousands goes on. */
    static final int MAX_AT_ONCE = 4_000;

    /**
     * Entries whose time is over, looked at in one question, which has to be answered in the time
     * of a look-up; and so few that no plan reads a table from end to end for them.
     */
    private static final int LOOKED_AT = 1_000;

    /** Entries that a law keeps, looked up by one statement. */
    private static final int KEPT_AT_ONCE = 500;

    /** Which entries. */
    interface Choice {
        List<LogWriter.Place> places(Connection connection) throws SQLException;
    }

    /** Destroys the payloads of these entries in one commit with the entry that counts them. */
    interface Writing {
        Ledger.Erasure erase(NewEntry entry, Choice choice) throws LedgerUnavailable;
    }

    private final LedgerSettings settings;
    private final DataSource source;
    private final InstantSource clock;
    private final LogReader reader;
    private final Writing writing;
    private final DestroyedKeys keys;
    private final Supplier<Collection<VerifierKey>> signers;
    private final CheckedErasure checked;
    private final OlderTies ties;

    /**
     * What decides on an erasure.
     *
     * @param signers of any log
     * @param checked by what was written
     * @param ties of customers that go with a newer one
     */
    record Deciding(
            InstantSource clock,
            DestroyedKeys keys,
            Supplier<Collection<VerifierKey>> signers,
            CheckedErasure checked,
            OlderTies ties) {}

    Erasing(
            LedgerSettings settings,
            DataSource source,
            LogReader reader,
            Writing writing,
            Deciding deciding) {
        this.settings = settings;
        this.source = source;
        this.clock = deciding.clock;
        this.reader = reader;
        this.writing = writing;
        this.keys = deciding.keys;
        this.signers = deciding.signers;
        this.checked = deciding.checked;
        this.ties = deciding.ties;
    }

    /** {@link Ledger#erase}. */
    Ledger.Erasure of(
            NewEntry entry, PseudonymousSubject subject, Set<UUID> kept, Map<String, Long> until)
            throws LedgerUnavailable {
        requireNameless(entry);
        var choice = new OfSubject(new SubjectPlaces(subject, until), kept);
        int _ = reader.ask(choice::look);
        Ledger.Erasure all = writing.erase(entry, choice);
        while (reader.ask(choice::left) > 0) {
            NewEntry next = NewEntry.of(entry.type(), null, null, entry.payload(), clock.instant());
            Ledger.Erasure more = writing.erase(next, choice);
            all = new Ledger.Erasure(all.erased(), all.entries() + more.entries());
        }
        scrubQuietly();
        return all;
    }

    /**
     * All of a caller. Found and opened beside the writer, whom nobody may keep waiting, also of a
     * number with hundreds of thousands of entries: what was written does not change. The writer
     * looks at what came meanwhile, and at nothing else.
     */
    private final class OfSubject implements Choice {
        private final SubjectPlaces places;
        private final PseudonymousSubject subject;
        private final Set<UUID> kept;
        private final SequencedSet<LogWriter.Place> going = new LinkedHashSet<>();

        OfSubject(SubjectPlaces places, Set<UUID> kept) {
            this.places = places;
            this.subject = places.subject();
            this.kept = Set.copyOf(kept);
        }

        /**
         * Which of them are this caller's by what was written, and go; with what goes with them.
         */
        int look(Connection connection) throws SQLException {
            List<LogWriter.Place> found = places.found(connection);
            List<LogWriter.Place> theirs = checked.ofSubject(connection, found, subject);
            // First: where it is cut short, they are found again by the newer one alone.
            ties.of(connection, subject, theirs).stream()
                    .filter(places::wasThere)
                    .forEach(going::add);
            going.addAll(theirs);
            List<UUID> ids = List.copyOf(kept);
            for (int from = 0; from < ids.size(); from += KEPT_AT_ONCE) {
                List<UUID> some = ids.subList(from, Math.min(ids.size(), from + KEPT_AT_ONCE));
                Erasing.places(
                                connection,
                                "e.entry_id IN (" + Rows.places(some.size()) + ")",
                                some.stream().map(UUID::toString).toArray())
                        .forEach(going::remove);
            }
            return going.size();
        }

        /** Before the next ones go. */
        int left(Connection connection) throws SQLException {
            places.neededSince(connection).forEach(going::remove);
            return going.size();
        }

        @Override
        public List<LogWriter.Place> places(Connection connection) throws SQLException {
            int _ = left(connection);
            List<LogWriter.Place> next = going.stream().limit(MAX_AT_ONCE).toList();
            next.forEach(going::remove);
            return next;
        }
    }

    /** {@link Ledger#eraseOne}. */
    Ledger.Erasure one(NewEntry entry, UUID id) throws LedgerUnavailable {
        requireNameless(entry);
        Ledger.Erasure done =
                writing.erase(
                        entry,
                        connection ->
                                checked.written(
                                        connection,
                                        places(connection, "e.entry_id = ?", id.toString())));
        scrubQuietly();
        return done;
    }

    /**
     * Whose time is over, and what keeps them all the same: a later use of a consent; what they
     * refer to, so that an end of a consent never goes before the consent; and, for what was
     * played, the consent that was given then. A no to a remembered consent stays only as long as
     * that consent is in force, to tell that the number is shared. Each is looked up by its index
     * for each entry, also by a server without statistics: an offset and a sum leave it no other
     * way, such as all consents there are for the sake of some entries.
     */
    private static final String OUTDATED =
            "f.delete_ms + 0 <= ? AND NOT EXISTS (SELECT 1 FROM ledger_lookup u WHERE u.refers ="
                    + " e.entry_id AND u.type IN ('Used', 'Reaffirmed') AND u.delete_ms + 0 > ?"
                    + " LIMIT 1 OFFSET 0)"
                    + " AND NOT EXISTS (SELECT 1 FROM ledger_entry t JOIN ledger_lookup k"
                    + " ON k.log = t.log AND k.idx = t.idx WHERE t.entry_id = f.refers"
                    + " AND (f.type <> 'Refused' OR (k.until_ms > ? AND NOT EXISTS (SELECT 1"
                    + " FROM ledger_lookup w WHERE w.refers = f.refers"
                    + " AND w.type IN ('Withdrawn', 'Given', 'Renewed')))) LIMIT 1 OFFSET 0)"
                    + " AND NOT (f.type = 'Served' AND EXISTS (SELECT 1 FROM ledger_lookup g"
                    + " WHERE g.call_id = f.call_id AND g.type IN ('Given', 'Renewed',"
                    + " 'Reaffirmed', 'Used') LIMIT 1 OFFSET 0))";

    /** {@link Ledger#eraseOutdated}. */
    Optional<Ledger.Erasure> outdated() throws LedgerUnavailable {
        int _ = again();
        // Each pass lets go what the pass before has kept.
        var retention = new RetentionRun();
        while (retention.pass()) {}
        // Also for a command whose own scrubbing was in others' way.
        scrubQuietly();
        return retention.erasure();
    }

    /**
     * Confined to one thread. What is over by its own time is looked at in windows: most of it may
     * be kept by a consent for years, and no question may take longer the more of that there is.
     * Found, and opened, beside the writer, which nobody may keep waiting. What was written does
     * not change, so that the writer need not open it again.
     */
    private final class RetentionRun {
        /** Of all passes: else, what becomes over during one has another follow, for ever. */
        private final Instant now = clock.instant();

        private final List<LogWriter.Place> due = new ArrayList<>();

        /** What is not outdated, whatever its look-up row says. */
        private final Set<LogWriter.Place> kept = new HashSet<>();

        /** Whether the last pass has left some that it did not look at. */
        private boolean brokenOff;

        private Optional<Ledger.Erasure> first = Optional.empty();
        private int entries;

        /**
         * From the first window on: what ends a consent may stand long before it.
         *
         * @return whether anything went
         */
        boolean pass() throws LedgerUnavailable {
            int before = entries;
            List<Over> window = next(Over.NONE, now);
            // So many that are kept are no accident: the rest waits until somebody has looked.
            while (!window.isEmpty() && kept.size() < MAX_AT_ONCE) {
                look(window.stream().map(Over::place).toList());
                if (due.size() > MAX_AT_ONCE - LOOKED_AT) {
                    eraseDue();
                }
                window = next(window.getLast(), now);
            }
            eraseDue();
            brokenOff = !window.isEmpty();
            return entries > before;
        }

        private void look(List<LogWriter.Place> window) throws LedgerUnavailable {
            due.addAll(reader.ask(connection -> over(connection, window)));
        }

        private List<LogWriter.Place> over(Connection connection, List<LogWriter.Place> window)
                throws SQLException {
            List<LogWriter.Place> found = still(connection, window, now);
            found.removeAll(kept);
            if (found.isEmpty()) {
                return found;
            }
            List<LogWriter.Place> over = checked.outdated(connection, found, now);
            found.removeAll(Set.copyOf(over));
            // Once more: another node may have erased some since they were found.
            kept.addAll(still(connection, found, now));
            return over;
        }

        private void eraseDue() throws LedgerUnavailable {
            if (due.isEmpty()) {
                return;
            }
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            payload.put("reason", "retention");
            NewEntry entry = NewEntry.of(EntryType.ERASED, null, null, payload, clock.instant());
            List<LogWriter.Place> places = List.copyOf(due);
            Ledger.Erasure done =
                    writing.erase(entry, connection -> still(connection, places, now));
            due.clear();
            entries += done.entries();
            first = Optional.of(first.orElse(done));
        }

        Optional<Ledger.Erasure> erasure() {
            if (brokenOff) {
                throw new IllegalStateException(
                        kept.size()
                                + " entries are over by their look-up rows and not by what was"
                                + " written; what comes behind them is not looked at");
            }
            return first.map(erasure -> new Ledger.Erasure(erasure.erased(), entries));
        }
    }

    /** Whose own time is over, in the order in which they are looked at. */
    private record Over(long deleteMillis, LogWriter.Place place) {
        /** Before all of them. */
        static final Over NONE = new Over(Long.MIN_VALUE, new LogWriter.Place(-1, "", -1));
    }

    private List<Over> next(Over after, Instant now) throws LedgerUnavailable {
        return reader.ask(connection ->
                Rows.list(
                        connection,
                        // The first condition finds the place in the index.
                        "SELECT f.delete_ms, f.log, l.origin, f.idx FROM ledger_lookup f"
                                + " JOIN ledger_log l ON l.id = f.log"
                                + " WHERE f.delete_ms >= ? AND f.delete_ms <= ?"
                                + " AND (f.delete_ms, f.log, f.idx) > (?, ?, ?)"
                                + " ORDER BY f.delete_ms, f.log, f.idx LIMIT "
                                + LOOKED_AT,
                        row ->
                                new Over(
                                        row.getLong(1),
                                        new LogWriter.Place(
                                                row.getInt(2), row.getString(3), row.getLong(4))),
                        after.deleteMillis,
                        now.toEpochMilli(),
                        after.deleteMillis,
                        after.place.log(),
                        after.place.index()));
    }

    /**
     * {@link Ledger#eraseAgain}. What an old backup has brought back is known by its keys, which
     * are no more.
     */
    int again() throws LedgerUnavailable {
        keys.of(reader.ask(keys::left));
        Gap restored = reader.ask(connection -> Gap.signed(connection, signers.get()));
        List<LogWriter.Place> revived =
                reader.ask(connection -> keys.revived(connection, restored));
        if (revived.isEmpty()) {
            return 0;
        }
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("reason", "erased before the store was restored");
        for (int from = 0; from < revived.size(); from += MAX_AT_ONCE) {
            List<LogWriter.Place> places =
                    revived.subList(from, Math.min(revived.size(), from + MAX_AT_ONCE));
            NewEntry entry = NewEntry.of(EntryType.ERASED, null, null, payload, clock.instant());
            Ledger.Erasure _ = writing.erase(entry, _ -> places);
        }
        LOG.warn(
                "{} payloads were erased before the store was restored, and are erased again",
                revived.size());
        scrubQuietly();
        return revived.size();
    }

    /** Those that are outdated, and that nothing was written for meanwhile. */
    private static List<LogWriter.Place> still(
            Connection connection, List<LogWriter.Place> places, Instant now) throws SQLException {
        long millis = now.toEpochMilli();
        List<LogWriter.Place> still = new ArrayList<>();
        for (List<LogWriter.Place> part : LogWriter.Place.inParts(places)) {
            List<Object> arguments = new ArrayList<>(List.of(millis, millis, millis));
            arguments.add(part.getFirst().log());
            part.forEach(place -> arguments.add(place.index()));
            still.addAll(
                    places(
                            connection,
                            OUTDATED
                                    + " AND f.log = ? AND f.idx IN ("
                                    + Rows.places(part.size())
                                    + ")",
                            arguments.toArray()));
        }
        return still;
    }

    private static void requireNameless(NewEntry entry) {
        if (entry.type() != EntryType.ERASED || entry.subject() != null || entry.callId() != null) {
            throw new IllegalArgumentException(
                    "an Erased entry names nobody and no call: " + entry);
        }
    }

    private void scrubQuietly() {
        try {
            scrub(false);
        } catch (LedgerUnavailable e) {
            // It is erased for every reader; a gateway scrubs again with its next retention.
            LOG.warn(
                    "erased, but its bytes may lie in the files for up to an hour: {}",
                    e.getMessage());
        }
    }

    private static List<LogWriter.Place> places(
            Connection connection, String where, Object... arguments) throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, l.origin, f.idx FROM ledger_lookup f"
                        + " JOIN ledger_log l ON l.id = f.log"
                        + " JOIN ledger_entry e ON e.log = f.log AND e.idx = f.idx"
                        + " WHERE e.type <> 'Erased' AND "
                        + where,
                row -> new LogWriter.Place(row.getInt(1), row.getString(2), row.getLong(3)),
                arguments);
    }

    /** {@link Ledger#scrub}. */
    void scrub(boolean whole) throws LedgerUnavailable {
        // Not on the writer's connection: vacuuming PostgreSQL takes long and keeps nobody out.
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).scrub(connection, whole);
        } catch (SQLException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN,
                    "what was erased is not yet cut out of the files: " + e.getMessage(),
                    e);
        }
    }
}
