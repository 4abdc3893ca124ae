package org.consentgateway;

import java.io.IOException;
import java.time.Duration;
import org.consentgateway.cdr.CallDetailRecords;
import org.consentgateway.ledger.number.NamedCalls;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.reporting.NamesBesideLog;
import org.consentgateway.statistics.CountKeeping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Counts for the monthly report, as long as the gateway runs, and the names that call
 * detail records have of callers.
 */
record Counting(PeriodicTasks tasks, PeriodicTasks naming, CountKeeping keeping)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    /** What is lost of calls where the process dies. */
    private static final Duration KEEP = Duration.ofMinutes(1);

    /**
     * What a report has to count by itself of the log, or lacks. Records live for days at least:
     * none is gone before it is counted.
     */
    private static final Duration COUNT = Duration.ofSeconds(15);

    /** Until a caller who was erased has no name in call detail records either. */
    private static final Duration NAMES = Duration.ofSeconds(5);

    static Counting open(Startup startup, Proof proof, CallListeners listeners) {
        var keeping = new CountKeeping(proof.ledger(), listeners.counts(), startup.expected());
        var tasks = new PeriodicTasks("counts");
        tasks.every(KEEP, "counts of calls", keeping::keepCalls);
        tasks.every(KEEP, COUNT, "counts of the log", keeping::countLog);
        // By itself: it reads the files of months, and asks the store about all calls in them.
        var naming = new PeriodicTasks("names of callers");
        listeners
                .records()
                .ifPresent(records ->
                        naming.every(
                                NAMES,
                                "names in call detail records",
                                names(startup, proof, records)::look));
        return new Counting(tasks, naming, keeping);
    }

    private static NamesBesideLog names(Startup startup, Proof proof, CallDetailRecords records) {
        LogReader log = proof.ledger().reader();
        return new NamesBesideLog(
                log,
                startup.expected(),
                () -> {
                    records.forget(calls -> {
                        try {
                            return NamedCalls.of(log, calls);
                        } catch (LedgerUnavailable e) {
                            throw new IOException(e.getMessage(), e);
                        }
                    });
                    return true;
                });
    }

    /** The counts of the last calls are kept as well. */
    @Override
    public void close() {
        tasks.close();
        naming.close();
        try {
            keeping.keepCalls();
        } catch (LedgerUnavailable e) {
            LOG.warn("counts of the last calls are lost: {}", e.getMessage());
        }
    }
}
