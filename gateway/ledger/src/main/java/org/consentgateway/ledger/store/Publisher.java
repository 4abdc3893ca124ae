package org.consentgateway.ledger.store;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Carries signed checkpoints out of the machine: to the export directory and to the
 * witness, on a thread of its own so that a slow disk or peer delays no commit. Where checkpoints
 * come faster than they leave, only the newest leaves: it covers the others.
 */
public final class Publisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final long CLOSE_SECONDS = 10;

    public record Signed(long size, String note) {}

    private final LedgerSettings settings;
    private final @Nullable Witness witness;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    work -> Thread.ofPlatform().name("ledger-checkpoints").unstarted(work));
    private final AtomicReference<@Nullable Signed> newest = new AtomicReference<>();
    private volatile boolean exportFailing;
    private volatile boolean witnessFailing;

    public Publisher(LedgerSettings settings, @Nullable Witness witness) {
        this.settings = settings;
        this.witness = witness;
    }

    public void publish(Signed checkpoint) {
        if (newest.getAndSet(checkpoint) == null) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(this::send, thread);
            running.exceptionally(failure -> {
                LOG.error("publishing a checkpoint failed", failure);
                return null;
            });
        }
    }

    public boolean exportFailing() {
        return exportFailing;
    }

    public boolean witnessFailing() {
        return witnessFailing;
    }

    private void send() {
        Signed checkpoint = newest.getAndSet(null);
        if (checkpoint == null) {
            return;
        }
        try {
            Exports.write(settings, checkpoint.size(), checkpoint.note());
            exportFailing = false;
        } catch (IOException e) {
            exportFailing = true;
            LOG.error(
                    "checkpoint not exported to {}: {}",
                    settings.checkpoints().exports(),
                    e.toString());
        }
        if (witness != null) {
            witnessFailing = !witness.cosign(checkpoint);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the last checkpoint has not left within {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
