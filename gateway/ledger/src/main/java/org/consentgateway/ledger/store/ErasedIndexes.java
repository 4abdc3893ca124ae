package org.consentgateway.ledger.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Confined to one verification. Which payloads may be missing, by what the Erased entries list:
 * {@code "erased": {LOG: [INDEX, …]}}.
 */
public final class ErasedIndexes {
    private final Map<String, Set<Long>> byLog = new HashMap<>();

    public static ObjectNode list(ObjectNode payload, List<LogWriter.Place> places) {
        ObjectNode listing = payload.deepCopy();
        ObjectNode erased = listing.putObject("erased");
        for (LogWriter.Place place : places) {
            JsonNode indexes = erased.get(place.origin());
            (indexes instanceof ArrayNode there ? there : erased.putArray(place.origin()))
                    .add(place.index());
        }
        return listing;
    }

    public void add(ObjectNode payload) {
        for (Map.Entry<String, JsonNode> log : payload.path("erased").properties()) {
            Set<Long> indexes = byLog.computeIfAbsent(log.getKey(), origin -> new HashSet<>());
            log.getValue().forEach(index -> indexes.add(index.longValue()));
        }
    }

    public boolean covers(String log, long index) {
        Set<Long> indexes = byLog.get(log);
        return indexes != null && indexes.contains(index);
    }
}
