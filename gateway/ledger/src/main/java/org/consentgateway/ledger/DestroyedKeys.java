package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.keys.PayloadKey;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.PayloadKeys;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
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

    DestroyedKeys(Path directory, Sealer sealer) {
        this.directory = directory;
        this.sealer = sealer;
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
     * What other nodes and commands have erased, or this one before it came to the keys.
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
            for (long index :
                    Rows.list(
                            connection,
                            "SELECT idx FROM ledger_erased WHERE log = ?",
                            row -> row.getLong(1),
                            log.id())) {
                if (keys.hasOwn(log.origin(), index)) {
                    left.add(new LogWriter.Place(log.id(), log.origin(), index));
                }
            }
        }
        return left;
    }

    /** Payloads whose keys are destroyed: an old backup has brought them back. */
    List<LogWriter.Place> revived(Connection connection) throws SQLException {
        List<LogWriter.Place> revived = new ArrayList<>();
        PayloadKeys keys = sealer.keys();
        for (Log log : Log.all(connection)) {
            List<PayloadKey.Range> ranges = new ArrayList<>();
            for (PayloadKey key : keys.keys()) {
                ranges.addAll(key.destroyed(log.origin(), log.size()));
            }
            for (int from = 0; from < ranges.size(); from += AT_ONCE) {
                revived.addAll(
                        revived(
                                connection,
                                log,
                                ranges.subList(from, Math.min(ranges.size(), from + AT_ONCE))));
            }
        }
        return revived.stream().distinct().toList();
    }

    private List<LogWriter.Place> revived(
            Connection connection, Log log, List<PayloadKey.Range> ranges) throws SQLException {
        record Row(long index, String keyId) {}
        List<Object> arguments = new ArrayList<>();
        arguments.add(log.id());
        List<String> conditions = new ArrayList<>();
        for (PayloadKey.Range range : ranges) {
            conditions.add("(idx >= ? AND idx < ?)");
            arguments.add(range.from());
            arguments.add(range.to());
        }
        return Rows.list(
                        connection,
                        "SELECT idx, key_id FROM ledger_payload WHERE log = ? AND ("
                                + String.join(" OR ", conditions)
                                + ") AND NOT EXISTS (SELECT 1 FROM ledger_erased m WHERE m.log ="
                                + " ledger_payload.log AND m.idx = ledger_payload.idx)",
                        row -> new Row(row.getLong(1), row.getString(2)),
                        arguments.toArray())
                .stream()
                .filter(row -> sealer.isDestroyed(log.origin(), row.index, row.keyId))
                .map(row -> new LogWriter.Place(log.id(), log.origin(), row.index))
                .toList();
    }
}
