package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.nodes.LostCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.nodes.SeenNode;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does each second to be one of several: it says that it lives, ends its own calls
 * where it was taken for dead, and writes the ends of calls whose node died. Turns are confined to
 * one thread; what was counted is thread-safe.
 */
public final class NodeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

    /** How often a turn is due. */
    public static final Duration TURN = Duration.ofSeconds(1);

    /**
     * How often it is looked whether a call was answered of which the store knows nothing: of such
     * a one nobody would write the end, were this node to die now.
     */
    public static final Duration ANSWERED = Duration.ofMillis(100);

    /** Rows of the dead are few. */
    private static final int FORGET_AFTER = 60;

    /** The calls of this node. */
    public interface OwnCalls {
        List<CallFacts> underWay();

        /** Asks it to say goodbye. */
        void end(UUID call);
    }

    /** The registrations that the nodes share. */
    public interface OwnTrunks {
        /** Names of those that one node has to keep registered. */
        Set<String> toRegister();

        /** Keeps these registered, and no others. */
        void registerHere(Set<String> trunks);
    }

    private final Nodes nodes;
    private final NodeLife life;
    private final LostCalls lost;
    private final OwnCalls calls;
    private final OwnTrunks trunks;
    private final LongSupplier nanos;
    private final SilentNodes silent = new SilentNodes(NodeLife.LEASE.toNanos());
    private final AtomicLong nodesLost = new AtomicLong();
    private final AtomicLong callsLost = new AtomicLong();
    private int turns;
    private boolean ended;

    public NodeWatch(
            Nodes nodes,
            NodeLife life,
            LostCalls lost,
            OwnCalls calls,
            OwnTrunks trunks,
            LongSupplier nanos) {
        this.nodes = nodes;
        this.life = life;
        this.lost = lost;
        this.calls = calls;
        this.trunks = trunks;
        this.nanos = nanos;
    }

    /** Nodes that were found dead by this one. */
    public long nodesLost() {
        return nodesLost.get();
    }

    /** Calls whose end was written by this one in the place of their node. */
    public long callsLost() {
        return callsLost.get();
    }

    /** To be done once more where it fails: what was done stays done. */
    public void turn() throws LedgerUnavailable, JournalUnavailable {
        if (ended) {
            return;
        }
        try {
            beat();
            if (nodes.shared()) {
                watchOthers();
                register();
            }
            endLost();
            if (turns++ % FORGET_AFTER == 0) {
                nodes.forget();
            }
        } catch (LedgerUnavailable | JournalUnavailable e) {
            silent.blind();
            throw e;
        }
    }

    /**
     * Between two turns: tells the store of calls that were answered meanwhile. The answer itself
     * does not wait for that, so a call of the last tenth of a second stays unknown.
     */
    public void tellAnswered() throws LedgerUnavailable {
        if (!ended && nodes.shared() && life.hasNew(calls.underWay())) {
            beat();
        }
    }

    private void beat() throws LedgerUnavailable {
        List<UUID> ended = life.beat(calls.underWay());
        if (!ended.isEmpty()) {
            LOG.error(
                    "this node was taken for dead, and {} calls of it were ended in the record:"
                            + " they end now; was the machine or its way to the store stopped?",
                    ended.size());
        }
        ended.forEach(calls::end);
    }

    private void watchOthers() throws LedgerUnavailable {
        List<SeenNode> others =
                nodes.alive().stream().filter(each -> !each.node().equals(life.name())).toList();
        for (SeenNode each : silent.look(others, nanos.getAsLong())) {
            if (nodes.lose(each, NodeLife.LEASE)) {
                nodesLost.incrementAndGet();
                LOG.error("node {} is dead: its calls are ended in the record", each.node());
            }
        }
    }

    /** A store that is away takes no registration away: somebody has to be called. */
    private void register() throws LedgerUnavailable {
        Set<String> shared = trunks.toRegister();
        if (!shared.isEmpty()) {
            life.register(shared).ifPresent(trunks::registerHere);
        }
    }

    private void endLost() throws LedgerUnavailable, JournalUnavailable {
        for (LostCall each : nodes.lost()) {
            lost.end(each);
            if (nodes.settled(each)) {
                callsLost.incrementAndGet();
                LOG.warn(
                        "call=\"{}\" was lost with node {}, and is ended in the record",
                        each.call().id(),
                        each.node());
            }
        }
    }

    /** Gives the lease back; calls that have ended since the last turn are not lost. */
    public void end() throws LedgerUnavailable {
        ended = true;
        beat();
        life.end();
    }
}
