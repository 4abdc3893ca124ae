package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Thread-safe. Events that no entry of the log is behind: kept until the store takes them, then in
 * the outbox like all others. Nobody who tells one waits. Given up: those of the last second before
 * the process dies.
 */
public final class LooseEvents {
    /** Calls of minutes without a store. */
    static final int MOST_KEPT = 10_000;

    private static final int AT_ONCE = 200;

    private final Announcements announcements;
    private final Function<Instant, UUID> ids;
    private final BlockingQueue<EventOutbox.Loose> kept = new ArrayBlockingQueue<>(MOST_KEPT);
    private final List<EventOutbox.Loose> taken = new ArrayList<>();
    private final AtomicLong lost = new AtomicLong();

    public LooseEvents(Announcements announcements) {
        this(announcements, EntryIds::next);
    }

    LooseEvents(Announcements announcements, Function<Instant, UUID> ids) {
        this.announcements = announcements;
        this.ids = ids;
    }

    /** Whether anybody wants to know. */
    public boolean wanted(EventType type) {
        return announcements.endpoints().stream().anyMatch(each -> each.events().contains(type));
    }

    /**
     * @param orderedBy what it comes one after the other with; 32 characters at most
     */
    public void tell(EventType type, ObjectNode data, String orderedBy, Instant now) {
        tell(type, ids.apply(now), data, orderedBy, now);
    }

    /** The same under an id by which receivers know it again. */
    void tell(EventType type, UUID id, ObjectNode data, String orderedBy, Instant now) {
        data.put("record_id", id.toString());
        for (Endpoint endpoint : announcements.endpoints()) {
            if (announcements.takes(endpoint, type)) {
                var message =
                        new Outgoing(endpoint.name(), type.text(), type.urgent(), data.toString());
                if (!kept.offer(new EventOutbox.Loose(id, message, orderedBy, now))) {
                    lost.incrementAndGet();
                }
            }
        }
    }

    /** Events for which there was no room. */
    public long lost() {
        return lost.get();
    }

    /** Puts what is kept into the outbox. Confined to one thread. */
    public void store(EventOutbox outbox) throws LedgerUnavailable {
        while (true) {
            kept.drainTo(taken, AT_ONCE - taken.size());
            if (taken.isEmpty()) {
                return;
            }
            outbox.add(List.copyOf(taken));
            taken.clear();
        }
    }
}
