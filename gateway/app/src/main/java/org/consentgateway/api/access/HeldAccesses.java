package org.consentgateway.api.access;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.NewEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Records of accesses that nobody waits for. What the store does not take waits in
 * memory until it is offered again; one that the store has taken without saying so is there once.
 */
final class HeldAccesses {
    private static final Logger LOG = LoggerFactory.getLogger(HeldAccesses.class);

    /** As many withdrawals as are remembered of an outage. */
    private static final int MOST = 1000;

    private final Ledger ledger;

    /** The eldest first. */
    private final List<NewEntry> held = new ArrayList<>();

    private boolean ended;

    HeldAccesses(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Returns at once. */
    void write(NewEntry access) {
        var _ =
                ledger.append(access)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                hold(access, failure);
                            }
                        });
    }

    /** What waits, to be called when the store may take it. Returns at once. */
    void offerAgain() {
        taken().forEach(this::write);
    }

    private synchronized List<NewEntry> taken() {
        List<NewEntry> all = List.copyOf(held);
        held.clear();
        return all;
    }

    /** With the process: what waits is lost, and what is not taken from now on as well. */
    synchronized void end() {
        ended = true;
        if (!held.isEmpty()) {
            LOG.warn(
                    "who asked for {} changes by the API is not recorded: the store has not taken"
                            + " it",
                    held.size());
            held.clear();
        }
    }

    private synchronized void hold(NewEntry access, Throwable failure) {
        if (held.size() < MOST && !ended) {
            held.add(access);
        } else {
            LOG.warn("a change by the API is not recorded: {}", failure.toString());
        }
    }
}
