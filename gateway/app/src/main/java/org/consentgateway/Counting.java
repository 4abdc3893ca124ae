package org.consentgateway;

import java.time.Duration;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.statistics.CountKeeping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Counts for the monthly report, as long as the gateway runs. */
record Counting(PeriodicTasks tasks, CountKeeping keeping) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    /** What is lost of calls where the process dies. */
    private static final Duration KEEP = Duration.ofMinutes(1);

    /**
     * What a report has to count by itself of the log, or lacks. Records live for days at least:
     * none is gone before it is counted.
     */
    private static final Duration COUNT = Duration.ofSeconds(15);

    static Counting open(Startup startup, Proof proof, CallListeners listeners) {
        var keeping = new CountKeeping(proof.ledger(), listeners.counts(), startup.expected());
        var tasks = new PeriodicTasks("counts");
        tasks.every(KEEP, "counts of calls", keeping::keepCalls);
        tasks.every(KEEP, COUNT, "counts of the log", keeping::countLog);
        return new Counting(tasks, keeping);
    }

    /** The counts of the last calls are kept as well. */
    @Override
    public void close() {
        tasks.close();
        try {
            keeping.keepCalls();
        } catch (LedgerUnavailable e) {
            LOG.warn("counts of the last calls are lost: {}", e.getMessage());
        }
    }
}
