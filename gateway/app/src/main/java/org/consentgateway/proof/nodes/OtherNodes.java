package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.nodes.LogEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Whether every other node is heard of, and what it has confirmed is in the store. Who
 * is silent may have a withdrawal that the store does not know of yet, and of whose log the store
 * has lost a part, that may have been one: nobody's earlier consent is relied on meanwhile, callers
 * are asked in full.
 */
public final class OtherNodes {
    private static final Logger LOG = LoggerFactory.getLogger(OtherNodes.class);

    /** How often a node says something to each other one, if it is only that it has nothing. */
    public static final Duration WORD = Duration.ofSeconds(2);

    /** A word may be lost, and the next come late. */
    static final Duration SILENT = Duration.ofSeconds(7);

    private final int expected;
    private final LongSupplier nanos;
    private final Store store;
    private final Map<String, LastWord> nodes = new ConcurrentHashMap<>();

    /** Nodes that have confirmed what the store did not have when it was last looked at. */
    private final Set<String> torn = ConcurrentHashMap.newKeySet();

    /** As this node reads it. */
    @FunctionalInterface
    public interface Store {
        /** Whether the log is there as far as that. */
        boolean has(LogEnd end, Duration deadline) throws JournalUnavailable;
    }

    /**
     * @param at when a node sent its newest word, by its own clock, which does not go back
     * @param nanos when that came here
     * @param confirmed null where it has not found its log in any store
     */
    private record LastWord(Instant at, long nanos, @Nullable LogEnd confirmed) {}

    /**
     * @param expected how many others there are
     */
    public OtherNodes(int expected, LongSupplier nanos, Store store) {
        this.expected = expected;
        this.nanos = nanos;
        this.store = store;
    }

    /**
     * What was sent before, and is only repeated now by somebody on the way, says nothing.
     *
     * @param confirmed how far it has confirmed its log; null where it cannot say
     */
    void heard(String node, Instant at, @Nullable LogEnd confirmed) {
        nodes.merge(
                node,
                new LastWord(at, nanos.getAsLong(), confirmed),
                (before, now) -> now.at().isAfter(before.at()) ? now : before);
    }

    /** How many are not heard of, or of whose log the store has lost what they have confirmed. */
    public int silent() {
        long heard =
                nodes.entrySet().stream()
                        .filter(each -> isNew(each.getValue()))
                        .filter(each ->
                                each.getValue().confirmed() != null
                                        && !torn.contains(each.getKey()))
                        .count();
        return (int) Math.max(0, expected - heard);
    }

    private boolean isNew(LastWord word) {
        return nanos.getAsLong() - word.nanos() < SILENT.toNanos();
    }

    /**
     * The same, by the store as it is now: one that took over may lack what was confirmed.
     *
     * @throws JournalUnavailable where it cannot be asked
     */
    public int silentNow(Duration deadline) throws JournalUnavailable {
        for (Map.Entry<String, LastWord> each : nodes.entrySet()) {
            LogEnd confirmed = each.getValue().confirmed();
            if (confirmed != null && isNew(each.getValue())) {
                note(each.getKey(), store.has(confirmed, deadline));
            }
        }
        return silent();
    }

    private void note(String node, boolean whole) {
        if (whole && torn.remove(node)) {
            LOG.info("what node {} has confirmed is in the store", node);
        } else if (!whole && torn.add(node)) {
            LOG.error(
                    "the store has not all that node {} has confirmed: its server took over without"
                            + " it, or an old backup was restored. A withdrawal may be lost, so"
                            + " callers are asked in full until that node goes on in another log"
                            + " (scripts/gateway ledger resume --after-restore, there)",
                    node);
        }
    }
}
