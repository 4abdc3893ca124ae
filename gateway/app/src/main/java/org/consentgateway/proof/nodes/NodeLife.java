package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.ledger.nodes.NodeCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * That this node lives, as the store knows it. Beats are confined to one thread; {@link #holds} is
 * thread-safe.
 *
 * <p>The lease is counted here from before a beat is sent, by a clock that never goes back, and is
 * shorter than what others wait: who finds this node silent finds it after it has stopped letting
 * assistants in.
 */
public final class NodeLife {
    /** How long others wait after the last that they have heard of a node. */
    static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration MARGIN = Duration.ofSeconds(3);
    private static final long NEVER = Long.MIN_VALUE;

    private final Nodes nodes;
    private final String name;
    private final LongSupplier nanos;

    /** In the store, as far as is known here. */
    private final Map<UUID, NodeCall> written = new HashMap<>();

    /** Go on here though others have written their end. */
    private final Set<UUID> endedElsewhere = new HashSet<>();

    private @Nullable Long life;
    private volatile long heldSince = NEVER;

    public NodeLife(Nodes nodes, String name, LongSupplier nanos) {
        this.nodes = nodes;
        this.name = name;
        this.nanos = nanos;
    }

    /** Whether a consent may be given or relied on here: others take this node for alive. */
    public boolean holds() {
        if (!nodes.shared()) {
            return true;
        }
        long since = heldSince;
        return since != NEVER && nanos.getAsLong() - since < LEASE.minus(MARGIN).toNanos();
    }

    String name() {
        return name;
    }

    /**
     * Takes what no living node keeps registered.
     *
     * @return what this one is to keep registered; empty where it does not live just now
     */
    Optional<Set<String>> register(Set<String> trunks) throws LedgerUnavailable {
        Long now = life;
        return now == null ? Optional.empty() : Optional.of(nodes.register(name, now, trunks));
    }

    /** Whether the store has to be told of a call that was answered since the last beat. */
    boolean hasNew(Collection<CallFacts> underWay) {
        return running(underWay).keySet().stream()
                .anyMatch(id -> !written.containsKey(id) && !endedElsewhere.contains(id));
    }

    /**
     * Says that this node lives.
     *
     * @param underWay the calls that go on here
     * @return those of them that must not go on: this node was taken for dead, and their end is
     *     written by others
     */
    List<UUID> beat(Collection<CallFacts> underWay) throws LedgerUnavailable {
        long sent = nanos.getAsLong();
        Map<UUID, NodeCall> now = running(underWay);
        endedElsewhere.retainAll(now.keySet());
        now.keySet().removeAll(endedElsewhere);
        long current = begun();
        List<NodeCall> begun =
                now.values().stream().filter(one -> !written.containsKey(one.id())).toList();
        List<UUID> ended = written.keySet().stream().filter(id -> !now.containsKey(id)).toList();
        if (!nodes.shared() && begun.isEmpty() && ended.isEmpty()) {
            return List.of(); // nobody else looks, and each beat is a commit on the disk
        }
        if (!nodes.beat(name, current, begun, ended)) {
            return lost(now.keySet());
        }
        written.clear();
        written.putAll(now);
        heldSince = sent;
        return List.of();
    }

    private long begun() throws LedgerUnavailable {
        Long now = life;
        if (now == null) {
            now = nodes.begin(name);
            life = now;
        }
        return now;
    }

    /** To be done once more where the store does not say which. */
    private List<UUID> lost(Set<UUID> here) throws LedgerUnavailable {
        heldSince = NEVER;
        List<UUID> gone = List.copyOf(nodes.ended(here));
        life = null; // another one from the next beat on
        endedElsewhere.addAll(gone);
        written.clear();
        return gone;
    }

    /** Gives the lease back, for others to take over at once. */
    void end() throws LedgerUnavailable {
        Long now = life;
        if (now != null) {
            heldSince = NEVER;
            life = null;
            nodes.end(name, now);
        }
    }

    private static Map<UUID, NodeCall> running(Collection<CallFacts> underWay) {
        Map<UUID, NodeCall> running = new HashMap<>();
        for (CallFacts each : underWay) {
            Instant answered = each.answeredAt();
            if (answered != null) {
                running.put(
                        each.callId(),
                        new NodeCall(each.callId(), each.trunk(), each.line(), answered));
            }
        }
        return running;
    }
}
