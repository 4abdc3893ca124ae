package org.consentgateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.consentgateway.ledger.TilePublishing;
import org.consentgateway.metrics.Gauges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. The log as static files, kept up as long as the gateway runs. */
record PublishedTiles(PeriodicTasks tasks) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedTiles.class);

    private static final Duration FIRST = Duration.ofSeconds(5);

    /** Often enough for whoever follows: a checkpoint is signed each minute. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** Empty where none are wanted. */
    static Optional<PublishedTiles> open(Startup startup, CallListeners listeners) {
        return startup.config()
                .store()
                .tiles()
                .map(directory -> {
                    InstantSource clock = startup.expected();
                    var publishing =
                            new TilePublishing(startup.settings().ledger(), directory, clock);
                    new Gauges(listeners.meters())
                            .tiles(() ->
                                    Gauges.secondsSince(publishing.wholeAt(), clock.instant()));
                    var told = new AtomicBoolean();
                    // A thread of its own: a slow disk, such as one over the network, holds up
                    // nothing.
                    var tasks = new PeriodicTasks("tiles");
                    tasks.every(
                            FIRST,
                            PAUSE,
                            "publishing the log as static files",
                            () -> {
                                boolean whole = publishing.step();
                                if (whole && !told.getAndSet(true)) {
                                    LOG.atInfo()
                                            .addKeyValue("entries", publishing.entries())
                                            .log("the log is published as static files");
                                }
                            });
                    return new PublishedTiles(tasks);
                });
    }

    @Override
    public void close() {
        tasks.close();
    }
}
