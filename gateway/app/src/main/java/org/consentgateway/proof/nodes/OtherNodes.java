package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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

    /** Of this process, and of no other one. */
    private final String life = UUID.randomUUID().toString();

    /** By the address of {@code node.others} at which each has answered, its name. */
    private final Map<String, String> named = new ConcurrentHashMap<>();

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
     * Immutable. What a node gives in each of its answers, and the next word to it bears: by that
     * the word was made since then, whatever any clock says, and for that node alone.
     *
     * @param life of the process that gave it
     * @param nanos when, by a clock of that process alone
     */
    record Mark(String life, long nanos) {
        /** Borne by the first word to a node, and by those of the version before. */
        static final Mark NONE = new Mark("", 0);
    }

    /**
     * @param marked of the mark that a node's newest word bears
     * @param nanos when that came here; earlier where it was held back on the way
     * @param confirmed null where it has not found its log in any store
     */
    private record LastWord(long marked, long nanos, @Nullable LogEnd confirmed) {}

    /**
     * @param expected how many others there are
     */
    public OtherNodes(int expected, LongSupplier nanos, Store store) {
        this.expected = expected;
        this.nanos = nanos;
        this.store = store;
    }

    /** For an answer to another node. */
    Mark mark() {
        return new Mark(life, nanos.getAsLong());
    }

    /**
     * What was sent before, and is only repeated now by somebody on the way, says nothing: it bears
     * no mark of this process, or one that is too old, or that another word bore before.
     *
     * @param confirmed how far it has confirmed its log; null where it cannot say
     * @return whether it is a sign that the node lives
     */
    boolean heard(String node, Mark mark, @Nullable LogEnd confirmed) {
        if (!mark.life().equals(life)) {
            return false;
        }
        long now = nanos.getAsLong();
        // A word is sent as long behind the answer before it, and seldom later.
        long heldBack = Math.max(0, now - mark.nanos() - WORD.toNanos());
        var word = new LastWord(mark.nanos(), now - heldBack, confirmed);
        LastWord newest =
                nodes.merge(
                        node,
                        word,
                        (before, next) -> next.marked() - before.marked() > 0 ? next : before);
        return newest.equals(word) && isNew(word);
    }

    /**
     * @param at of {@code node.others}
     * @param node who has answered there, sealed
     */
    void answers(String at, String node) {
        named.put(at, node);
    }

    /**
     * How many are not heard of, or of whose log the store has lost what they have confirmed. Only
     * who answers at an address of {@code node.others} counts as heard: another node that tells
     * this one, too, says nothing of those.
     */
    public int silent() {
        long heard = named.values().stream().distinct().filter(this::isHeard).count();
        return (int) (expected - heard);
    }

    private boolean isHeard(String node) {
        LastWord word = nodes.get(node);
        return word != null && isNew(word) && word.confirmed() != null && !torn.contains(node);
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
            if (confirmed != null && isNew(each.getValue()) && named.containsValue(each.getKey())) {
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
