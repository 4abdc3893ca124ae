package org.consentgateway.ledger.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.LogVerifier;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.proof.WholeEntry;
import org.consentgateway.ledger.store.ErasedIndexes;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What may be erased: entries are found by look-up rows, which whoever has the
 * database can change, and an erasure covers what it destroys with a mark and a count of its own.
 * So what leaf, payload and the entries that it refers to do not bear out is kept, and told.
 */
public final class CheckedErasure {
    private final Sealer sealer;
    private final TamperAlarm alarm;

    public CheckedErasure(Sealer sealer, TamperAlarm alarm) {
        this.sealer = sealer;
        this.alarm = alarm;
    }

    /**
     * Those of these whose time is over by what was written too. What keeps them and is not named
     * by them (a use, a consent in the same call) is not looked for again.
     */
    public List<LogWriter.Place> outdated(
            Connection connection, List<LogWriter.Place> places, Instant now) throws SQLException {
        var look = new Look(connection, now.toEpochMilli());
        List<LogWriter.Place> outdated = new ArrayList<>();
        for (LogWriter.Place place : places) {
            if (look.isOutdated(place)) {
                outdated.add(place);
            }
        }
        return outdated;
    }

    /** Those of these that name this caller or stem from a call that does, by their payloads. */
    public List<LogWriter.Place> ofSubject(
            Connection connection, List<LogWriter.Place> places, PseudonymousSubject subject)
            throws SQLException {
        var look = new Look(connection, 0);
        Map<LogWriter.Place, Claim> written = new HashMap<>();
        Set<String> calls = new HashSet<>();
        for (LogWriter.Place place : places) {
            Claim claim =
                    look.written(place)
                            .map(entry ->
                                    new Claim(names(entry.facts, subject), entry.facts.callId()))
                            .orElse(null);
            if (claim != null) {
                written.put(place, claim);
                if (claim.named && claim.call != null) {
                    calls.add(claim.call);
                }
            }
        }
        List<LogWriter.Place> ofSubject = new ArrayList<>();
        for (LogWriter.Place place : places) {
            Claim claim = written.get(place);
            if (claim == null) {
                continue;
            }
            if (claim.named || (claim.call != null && calls.contains(claim.call))) {
                ofSubject.add(place);
            } else {
                raise(place, "its look-up row gives it to another caller; it is not erased");
            }
        }
        return ofSubject;
    }

    /** All that is kept of an entry meanwhile: a number may have hundreds of thousands. */
    private record Claim(boolean named, @Nullable String call) {}

    private static boolean names(Facts facts, PseudonymousSubject subject) {
        return facts.subject() != null && subject.pseudonyms().contains(facts.subject());
    }

    /** Those of these that are the entries that they say. */
    public List<LogWriter.Place> written(Connection connection, List<LogWriter.Place> places)
            throws SQLException {
        var look = new Look(connection, 0);
        List<LogWriter.Place> written = new ArrayList<>();
        for (LogWriter.Place place : places) {
            if (look.written(place).isPresent()) {
                written.add(place);
            }
        }
        return written;
    }

    private void raise(LogWriter.Place place, String what) {
        alarm.raise(new Verification.Finding(place.origin(), place.index(), what).toString());
    }

    /**
     * An entry as its leaf and its payload have it.
     *
     * @param found whether its look-up row says the same
     */
    private record Written(EntryType type, Facts facts, boolean found) {}

    /** At the store as it is now. Confined to one question. */
    private final class Look {
        private final Connection connection;
        private final long millis;
        private final Map<Integer, Log> logs = new HashMap<>();

        /** By Erased entries of older gateways, which left no marks; read where one is wanted. */
        private @Nullable ErasedIndexes listed;

        Look(Connection connection, long millis) throws SQLException {
            this.connection = connection;
            this.millis = millis;
            Log.all(connection).forEach(log -> logs.put(log.id(), log));
        }

        boolean isOutdated(LogWriter.Place place) throws SQLException {
            Written entry = written(place).orElse(null);
            if (entry == null) {
                return false;
            }
            Long delete = entry.facts.deleteMillis();
            if (!entry.found || delete == null || delete > millis || isHeld(entry)) {
                raise(
                        place,
                        "its look-up row, or that of what it refers to, says that its time is"
                                + " over, and what was written does not; it is not erased");
                return false;
            }
            return true;
        }

        /** Whether what it refers to keeps it. */
        private boolean isHeld(Written entry) throws SQLException {
            String refers = entry.facts.refers();
            LogWriter.Place target =
                    refers == null
                            ? null
                            : places("SELECT log, idx FROM ledger_entry WHERE entry_id = ?", refers)
                                    .stream()
                                    .findFirst()
                                    .orElse(null);
            if (refers == null || target == null || isErased(target)) {
                return false;
            }
            if (entry.type != EntryType.REFUSED) {
                return true;
            }
            Written consent = written(target).orElse(null);
            if (consent == null) {
                return true;
            }
            Long until = consent.facts.untilMillis();
            return until != null && until > millis && !isEnded(refers);
        }

        private boolean isEnded(String consent) throws SQLException {
            for (LogWriter.Place place :
                    places(
                            "SELECT log, idx FROM ledger_lookup WHERE refers = ? AND type IN"
                                    + " ('Withdrawn', 'Given', 'Renewed')",
                            consent)) {
                Written end = written(place).orElse(null);
                if (end != null && end.found) {
                    return true;
                }
            }
            return false;
        }

        private List<LogWriter.Place> places(String sql, String id) throws SQLException {
            List<LogWriter.Place> places = new ArrayList<>();
            Rows.list(
                            connection,
                            sql,
                            row -> new LogWriter.Place(row.getInt(1), "", row.getLong(2)),
                            id)
                    .forEach(place -> {
                        Log log = logs.get(place.log());
                        if (log != null) {
                            places.add(new LogWriter.Place(log.id(), log.origin(), place.index()));
                        }
                    });
            return places;
        }

        private boolean isErased(LogWriter.Place place) throws SQLException {
            WholeEntry row = row(place).orElse(null);
            return row != null
                    && row.sealed() == null
                    && leafProblem(place, row).isEmpty()
                    && (ErasedIndexes.isMarked(connection, place, sealer)
                            || listed().covers(place.origin(), place.index()));
        }

        /** Empty where it is not what was written, which is told, or is erased meanwhile. */
        Optional<Written> written(LogWriter.Place place) throws SQLException {
            WholeEntry row = row(place).orElse(null);
            if (row == null || (row.sealed() == null && row.facts() == null)) {
                return Optional.empty();
            }
            Optional<String> problem = leafProblem(place, row);
            ObjectNode payload =
                    opened(place, row)
                            .map(opened -> LogReader.parse(opened.payload()))
                            .orElse(null);
            EntryType type = EntryType.of(row.entry().type()).orElse(null);
            if (problem.isPresent() || payload == null || type == null) {
                raise(
                        place,
                        problem.orElse("its payload is not the one its leaf commits to")
                                + "; it is not erased");
                return Optional.empty();
            }
            Facts facts = Facts.of(payload);
            boolean found =
                    facts.equals(row.facts())
                            && row.entry().type().equals(row.lookupType())
                            && row.entry().timeMillis() == row.lookupMillis();
            return Optional.of(new Written(type, facts, found));
        }

        private Optional<Sealer.Opened> opened(LogWriter.Place place, WholeEntry row) {
            String keyId = row.keyId();
            byte[] sealed = row.sealed();
            return keyId == null || sealed == null
                    ? Optional.empty()
                    : sealer.open(place.origin(), place.index(), keyId, sealed)
                            .filter(opened ->
                                    Arrays.equals(opened.commitment(), row.entry().commitment()));
        }

        private Optional<WholeEntry> row(LogWriter.Place place) throws SQLException {
            Log log = logs.get(place.log());
            return log == null
                    ? Optional.empty()
                    : WholeEntry.range(connection, log, place.index(), place.index() + 1).stream()
                            .findFirst();
        }

        private Optional<String> leafProblem(LogWriter.Place place, WholeEntry row)
                throws SQLException {
            Log log = logs.get(place.log());
            if (log == null) {
                return Optional.of("its log is not there");
            }
            byte[] before = Header.noLeaf();
            if (place.index() > 0) {
                before =
                        Log.hashes(connection, log.id())
                                .at(0, place.index() - 1, place.index())
                                .stream()
                                .findFirst()
                                .orElse(before);
            }
            return LogVerifier.leafProblem(log, row.entry(), before);
        }

        private ErasedIndexes listed() throws SQLException {
            ErasedIndexes there = listed;
            if (there == null) {
                there = new ErasedIndexes();
                for (Log log : logs.values()) {
                    there.addListed(connection, log, sealer);
                }
                listed = there;
            }
            return there;
        }
    }
}
