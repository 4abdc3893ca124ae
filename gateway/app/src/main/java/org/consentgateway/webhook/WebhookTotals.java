package org.consentgateway.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.consentgateway.ledger.outbox.EventOutbox;

/** Thread-safe. What became of messages since the start, and how much waits. */
public final class WebhookTotals {
    /** What can become of an attempt. */
    public static final List<String> RESULTS =
            List.of("delivered", "failed", "refused", "gone", "not_wanted");

    private record Count(String endpoint, String result) {}

    private final Announcements announcements;
    private final Map<Count, LongAdder> attempts = new ConcurrentHashMap<>();
    private final Map<String, EventOutbox.Backlog> standings = new ConcurrentHashMap<>();
    private volatile Set<String> full = Set.of();

    WebhookTotals(Announcements announcements) {
        this.announcements = announcements;
        announcements
                .endpoints()
                .forEach(each ->
                        RESULTS.forEach(result ->
                                attempts.put(new Count(each.name(), result), new LongAdder())));
    }

    void count(String endpoint, String result) {
        attempts.computeIfAbsent(new Count(endpoint, result), _ -> new LongAdder()).increment();
    }

    void standing(EventOutbox.Backlog standing) {
        standings.put(standing.recipient(), standing);
    }

    boolean wasFull(String endpoint) {
        return full.contains(endpoint);
    }

    void full(Set<String> names) {
        full = Set.copyOf(names);
    }

    public List<String> endpoints() {
        return announcements.endpoints().stream().map(Endpoint::name).toList();
    }

    /**
     * @param result one of {@link #RESULTS}
     */
    public long attempts(String endpoint, String result) {
        LongAdder count = attempts.get(new Count(endpoint, result));
        return count == null ? 0 : count.sum();
    }

    /** Messages for which there was no room. */
    public long dropped(String endpoint) {
        return announcements.dropped(endpoint);
    }

    /** Messages that it refused for good and that nobody has sent again since. */
    public long givenUp(String endpoint) {
        EventOutbox.Backlog standing = standings.get(endpoint);
        return standing == null ? 0 : standing.givenUp();
    }

    public long waiting(String endpoint) {
        EventOutbox.Backlog standing = standings.get(endpoint);
        return standing == null ? 0 : standing.waiting();
    }

    /** Of the oldest message that waits, in seconds; 0 where none does. */
    public double age(String endpoint, Instant now) {
        EventOutbox.Backlog standing = standings.get(endpoint);
        return standing == null || standing.waiting() == 0
                ? 0
                : Math.max(0, now.toEpochMilli() - standing.oldest().toEpochMilli()) / 1000.0;
    }

    public boolean disabled(String endpoint) {
        EventOutbox.Backlog standing = standings.get(endpoint);
        return standing != null && !standing.disabled().isEmpty();
    }
}
