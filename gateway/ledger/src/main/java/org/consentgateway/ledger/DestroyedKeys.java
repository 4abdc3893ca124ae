package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.keys.PayloadKey;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.PayloadKeys;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.ErasedIndexes;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.watch.TamperAlarm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Destroys the keys of payloads that were erased, so that no copy of the store opens
 * them. The store comes first: a key that went before its payload would be a payload lost.
 */
final class DestroyedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DestroyedKeys.class);

    /** Ranges that are looked up in one question. */
    private static final int AT_ONCE = 200;

    private final Path directory;
    private final Sealer sealer;
    private final TamperAlarm alarm;

    DestroyedKeys(Path directory, Sealer sealer, TamperAlarm alarm) {
        this.directory = directory;
        this.sealer = sealer;
        this.alarm = alarm;
    }

    /** Those of payloads that are gone from the store. */
    void of(List<LogWriter.Place> places) {
        Map<String, Set<Long>> entries = new HashMap<>();
        PayloadKeys keys = sealer.keys();
        for (LogWriter.Place place : places) {
            if (keys.hasOwn(place.origin(), place.index())) {
                entries.computeIfAbsent(place.origin(), _ -> new HashSet<>()).add(place.index());
            }
        }
        if (entries.isEmpty()) {
            return;
        }
        try {
            sealer.replace(PayloadKeyFile.destroy(directory, entries));
        } catch (IOException e) {
            LOG.error(
                    "erased, but old backups can still be opened, since the keys of what was erased"
                            + " are still in {}: {}; tried again within the hour",
                    directory,
                    e.toString());
        }
    }

    /**
     * What other nodes and commands have erased, or this one before it came to the keys. A key is
     * destroyed for good: a mark that none of us has made, or made where the payload still is, is
     * told and destroys nothing.
     *
     * @return those whose keys are still here
     */
    List<LogWriter.Place> left(Connection connection) throws SQLException {
        List<LogWriter.Place> left = new ArrayList<>();
        if (!Tables.has(connection, "ledger_erased")) {
            return left;
        }
        PayloadKeys keys = sealer.keys();
        for (Log log : Log.all(connection)) {
            List<Long> marked =
                    Rows.list(
                                    connection,
                                    "SELECT idx FROM ledger_erased WHERE log = ?",
                                    row -> row.getLong(1),
                                    log.id())
                            .stream()
                            .filter(index -> keys.hasOwn(log.origin(), index))
                            .toList();
            for (int from = 0; from < marked.size(); from += AT_ONCE) {
                left.addAll(
                        erased(
                                connection,
                                log.node(),
                                marked.subList(from, Math.min(marked.size(), from + AT_ONCE))));
            }
        }
        return left;
    }

    /** Those of these marks that say what happened. */
    private List<LogWriter.Place> erased(Connection connection, String node, List<Long> marked)
            throws SQLException {
        record Mark(LogWriter.Place place, boolean ours, boolean there) {}
        // Read again: what is marked may have been written since.
        Log log = Log.ofNode(connection, node).orElse(null);
        if (log == null) {
            return List.of();
        }
        List<Object> arguments = new ArrayList<>(List.of(log.id()));
        arguments.addAll(marked);
        List<LogWriter.Place> erased = new ArrayList<>();
        for (Mark mark :
                Rows.list(
                        connection,
                        "SELECT m.idx, m.key_id, m.sealed, p.idx FROM ledger_erased m"
                                + " LEFT JOIN ledger_payload p ON p.log = m.log AND p.idx = m.idx"
                                + " WHERE m.log = ? AND m.idx IN ("
                                + Rows.places(marked.size())
                                + ")",
                        row -> {
                            var place = new LogWriter.Place(log.id(), log.origin(), row.getLong(1));
                            return new Mark(
                                    place,
                                    ErasedIndexes.isMark(
                                            place, row.getString(2), row.getBytes(3), sealer),
                                    row.getObject(4) != null);
                        },
                        arguments.toArray())) {
            if (mark.place.index() < 0 || mark.place.index() >= log.size()) {
                raise(mark.place, "stands in ledger_erased outside of the log");
            } else if (!mark.ours) {
                foreign(mark.place);
            } else if (mark.there) {
                raise(mark.place, "its payload was erased, by an Erased entry, and is still here");
            } else {
                erased.add(mark.place);
            }
        }
        return erased;
    }

    /** Somebody has put a mark there, and not we. */
    void foreign(LogWriter.Place place) {
        raise(place, "the mark that it was erased is none of ours");
    }

    private void raise(LogWriter.Place place, String what) {
        alarm.raise(new Verification.Finding(place.origin(), place.index(), what).toString());
    }

    /**
     * Payloads whose keys are destroyed, which an old backup has brought back. Where none was
     * restored, or they are younger, somebody has put them there: to have an erasure cover that
     * they had no mark any more, and it is told instead.
     *
     * @param restored what the logs have signed of it
     */
    List<LogWriter.Place> revived(Connection connection, Gap restored) throws SQLException {
        List<LogWriter.Place> revived = new ArrayList<>();
        PayloadKeys keys = sealer.keys();
        for (Log log : Log.all(connection)) {
            List<PayloadKey.Range> ranges = new ArrayList<>();
            for (PayloadKey key : keys.keys()) {
                ranges.addAll(key.destroyed(log.origin(), log.size()));
            }
            for (int from = 0; from < ranges.size(); from += AT_ONCE) {
                for (Revived one :
                        revived(
                                connection,
                                log,
                                ranges.subList(from, Math.min(ranges.size(), from + AT_ONCE)))) {
                    if (restored.follows(log.origin(), one.id, one.time)) {
                        revived.add(one.place);
                    } else {
                        raise(
                                one.place,
                                "its payload was erased, its key destroyed, and is here again,"
                                        + " though no restore is known");
                    }
                }
            }
        }
        return revived.stream().distinct().toList();
    }

    /**
     * A payload whose key is destroyed.
     *
     * @param id of its entry
     * @param time of its entry
     */
    private record Revived(LogWriter.Place place, UUID id, Instant time) {}

    private List<Revived> revived(Connection connection, Log log, List<PayloadKey.Range> ranges)
            throws SQLException {
        record Row(long index, String keyId, UUID id, Instant time) {}
        List<Object> arguments = new ArrayList<>();
        arguments.add(log.id());
        List<String> conditions = new ArrayList<>();
        for (PayloadKey.Range range : ranges) {
            conditions.add("(p.idx >= ? AND p.idx < ?)");
            arguments.add(range.from());
            arguments.add(range.to());
        }
        return Rows.list(
                        connection,
                        "SELECT p.idx, p.key_id, e.entry_id, e.time_ms FROM ledger_payload p"
                                + " JOIN ledger_entry e ON e.log = p.log AND e.idx = p.idx"
                                + " WHERE p.log = ? AND ("
                                + String.join(" OR ", conditions)
                                + ") AND NOT EXISTS (SELECT 1 FROM ledger_erased m WHERE m.log ="
                                + " p.log AND m.idx = p.idx)",
                        row ->
                                new Row(
                                        row.getLong(1),
                                        row.getString(2),
                                        UUID.fromString(row.getString(3)),
                                        Instant.ofEpochMilli(row.getLong(4))),
                        arguments.toArray())
                .stream()
                .filter(row -> sealer.isDestroyed(log.origin(), row.index, row.keyId))
                .map(row ->
                        new Revived(
                                new LogWriter.Place(log.id(), log.origin(), row.index),
                                row.id,
                                row.time))
                .toList();
    }
}
