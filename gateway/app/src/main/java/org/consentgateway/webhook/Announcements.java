package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Outgoing;

/** Thread-safe. Which endpoints are told of an entry, and what. */
public final class Announcements implements Announcing {
    private final List<Endpoint> endpoints;
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
    private volatile Set<String> full = Set.of();

    public Announcements(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        endpoints.forEach(each -> dropped.put(each.name(), new LongAdder()));
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public List<Outgoing> of(NewEntry entry) {
        if (endpoints.isEmpty()) {
            return List.of();
        }
        return EventBody.typeOf(entry).map(type -> told(type, entry)).orElse(List.of());
    }

    private List<Outgoing> told(EventType type, NewEntry entry) {
        List<Outgoing> messages = new ArrayList<>();
        ObjectNode data = null;
        for (Endpoint endpoint : endpoints) {
            if (!takes(endpoint, type, type.keptAnyway() || replacesAnother(entry))
                    || (entry.type() == EntryType.HOLDER_TO_TELL
                            && !endpoint.holder()
                                    .equals(entry.payload().at("/holder/name").asText()))) {
                continue;
            }
            data = data == null ? EventBody.of(type, entry) : data;
            messages.add(
                    new Outgoing(endpoint.name(), type.text(), type.urgent(), data.toString()));
        }
        return messages;
    }

    /** Nothing else tells that the other one has ended. */
    private static boolean replacesAnother(NewEntry entry) {
        return (entry.type() == EntryType.GIVEN || entry.type() == EntryType.RENEWED)
                && entry.payload().hasNonNull("refers_to");
    }

    /** Of what no entry is behind. */
    boolean takes(Endpoint endpoint, EventType type) {
        return takes(endpoint, type, type.keptAnyway());
    }

    /**
     * Counts what is dropped.
     *
     * @param always what ends a consent, or a part of one, has room in any case
     */
    private boolean takes(Endpoint endpoint, EventType type, boolean always) {
        if (!endpoint.events().contains(type)) {
            return false;
        }
        if (!always && full.contains(endpoint.name())) {
            LongAdder count = dropped.get(endpoint.name());
            if (count != null) {
                count.increment();
            }
            return false;
        }
        return true;
    }

    /** Those for whom no more is kept, until they have taken some. */
    void full(Set<String> names) {
        full = Set.copyOf(names);
    }

    long dropped(String endpoint) {
        LongAdder count = dropped.get(endpoint);
        return count == null ? 0 : count.sum();
    }

    @Override
    public List<String> holders() {
        return endpoints.stream()
                .filter(each -> each.events().contains(EventType.SUBJECT_ERASED))
                .map(Endpoint::holder)
                .distinct()
                .toList();
    }
}
