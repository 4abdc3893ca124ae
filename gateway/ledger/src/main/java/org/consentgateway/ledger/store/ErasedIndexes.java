package org.consentgateway.ledger.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.keys.Sealer;

/**
 * Confined to one verification. Which payloads may be missing. An Erased entry says how many it
 * destroyed and not which: a list would show all calls of one person to whoever knows the case. In
 * place of each payload stays a mark, sealed and bound to that place, that tells nothing else; only
 * who has the payload key can make one.
 */
public final class ErasedIndexes {
    private static final byte[] MARK = "erased".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Set<Long>> byLog = new HashMap<>();
    private long told;
    private long marked;
    private boolean unreadable;

    /** An Erased entry, completed. */
    static ObjectNode counted(ObjectNode payload, int entries) {
        return payload.deepCopy().put("erased", entries);
    }

    /**
     * An Erased entry for what can be left no mark, since another one stands there. It says nothing
     * else, so that nobody learns whose they were.
     */
    static ObjectNode listed(List<LogWriter.Place> places) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("reason", "erased where a mark stands that is none of ours");
        ObjectNode erased = payload.putObject("erased");
        for (LogWriter.Place place : places) {
            (erased.get(place.origin()) instanceof ArrayNode there
                            ? there
                            : erased.putArray(place.origin()))
                    .add(place.index());
        }
        return payload;
    }

    static Sealer.Opened mark(byte[] salt) {
        return new Sealer.Opened(salt, MARK);
    }

    /**
     * What an Erased entry says: how many it destroyed, or which ({@code {LOG: [INDEX, …]}}), as
     * those of older gateways do and those of what could be left no mark.
     */
    public void add(ObjectNode payload) {
        JsonNode erased = payload.path("erased");
        if (erased.isNumber()) {
            told += erased.longValue();
        }
        for (Map.Entry<String, JsonNode> log : erased.properties()) {
            Set<Long> indexes = of(log.getKey());
            log.getValue().forEach(index -> indexes.add(index.longValue()));
        }
    }

    /**
     * Reads the marks of a log.
     *
     * @return where there is one that we did not make there
     */
    public List<Long> addMarks(Connection connection, Log log, Sealer sealer) throws SQLException {
        return addMarks(connection, log, sealer, 0, log.size());
    }

    /** Those of entries from the first index to before the second. */
    public List<Long> addMarks(Connection connection, Log log, Sealer sealer, long from, long to)
            throws SQLException {
        record Mark(long index, boolean readable, boolean ours) {}
        List<Long> wrong = new ArrayList<>();
        for (Mark mark :
                Rows.list(
                        connection,
                        "SELECT idx, key_id, sealed FROM ledger_erased WHERE log = ?"
                                + " AND idx >= ? AND idx < ?",
                        row ->
                                new Mark(
                                        row.getLong(1),
                                        sealer.keys().byId(row.getString(2)).isPresent(),
                                        isMark(
                                                new LogWriter.Place(
                                                        log.id(), log.origin(), row.getLong(1)),
                                                row.getString(2),
                                                row.getBytes(3),
                                                sealer)),
                        log.id(),
                        from,
                        to)) {
            if (!mark.readable) {
                unreadable();
                of(log.origin()).add(mark.index);
            } else if (mark.ours) {
                of(log.origin()).add(mark.index);
                marked++;
            } else {
                wrong.add(mark.index);
            }
        }
        return wrong;
    }

    /** Whether a mark that we have made stands in place of this payload. */
    public static boolean isMarked(Connection connection, LogWriter.Place place, Sealer sealer)
            throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT key_id, sealed FROM ledger_erased WHERE log = ? AND idx = ?",
                        row -> isMark(place, row.getString(1), row.getBytes(2), sealer),
                        place.log(),
                        place.index())
                .orElse(false);
    }

    /** Whether it is one that we have made, for this place. */
    public static boolean isMark(
            LogWriter.Place place, String keyId, byte[] sealed, Sealer sealer) {
        return sealer.openMark(place.origin(), place.index(), keyId, sealed)
                .filter(opened -> Arrays.equals(opened.payload(), MARK))
                .isPresent();
    }

    /** What the Erased entries of a log say. */
    public void addListed(Connection connection, Log log, Sealer sealer) throws SQLException {
        Rows.list(
                        connection,
                        "SELECT e.idx, p.key_id, p.sealed FROM ledger_entry e JOIN ledger_payload p"
                                + " ON p.log = e.log AND p.idx = e.idx"
                                + " WHERE e.log = ? AND e.type = 'Erased'",
                        row ->
                                sealer.open(
                                                log.origin(),
                                                row.getLong(1),
                                                row.getString(2),
                                                row.getBytes(3))
                                        .map(opened -> LogReader.parse(opened.payload())),
                        log.id())
                .forEach(listing -> listing.ifPresent(this::add));
    }

    private Set<Long> of(String log) {
        return byLog.computeIfAbsent(log, _ -> new HashSet<>());
    }

    public boolean covers(String log, long index) {
        Set<Long> indexes = byLog.get(log);
        return indexes != null && indexes.contains(index);
    }

    /** Something of it is sealed under a key that is not here: nobody can count. */
    public void unreadable() {
        unreadable = true;
    }

    /** Marks that no Erased entry speaks of; negative where marks are missing. */
    public long untold() {
        return unreadable ? 0 : marked - told;
    }
}
