package org.consentgateway.ledger.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. The state of the writer at one moment, for readiness and metrics.
 *
 * @param up whether entries can be made durable
 * @param since when that last changed
 * @param detail what failed, fit for a log; empty while up
 * @param queued entries waiting
 * @param size entries in this node's log
 * @param checkpointSize entries covered by the newest checkpoint
 * @param checkpointAt when it was signed; null before the first
 * @param exportFailing whether the newest checkpoint could not be written to its directory
 * @param witnesses what they have done with it
 */
public record LedgerHealth(
        boolean up,
        Instant since,
        String detail,
        int queued,
        long size,
        long checkpointSize,
        @Nullable Instant checkpointAt,
        boolean exportFailing,
        WitnessHealth witnesses) {
    /** Whether fewer than are needed have cosigned the newest checkpoint. */
    public boolean witnessFailing() {
        return !witnesses.enough();
    }
}
