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
 * Thread-safe. Writes signed checkpoints to the export directory, on a thread of its own so that a
 * slow disk delays no commit. Where checkpoints come faster than they leave, only the newest
 * leaves: it covers the others.
 */
public final class Publisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final long CLOSE_SECONDS = 10;

    public record Signed(long size, String note) {}

    private final LedgerSettings settings;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    work -> Thread.ofPlatform().name("ledger-checkpoints").unstarted(work));
    private final AtomicReference<@Nullable Signed> newest = new AtomicReference<>();
    private volatile boolean exportFailing;

    /** Entries under the newest one exported; on the thread. */
    private long exported;

    public Publisher(LedgerSettings settings) {
        this.settings = settings;
    }

    public void publish(Signed checkpoint) {
        if (newest.getAndSet(checkpoint) == null) {
            perform(() -> {
                Signed due = newest.getAndSet(null);
                if (due != null) {
                    export(due);
                }
            });
        }
    }

    /** Once more, with what a witness has put under it. */
    public void cosigned(Signed checkpoint) {
        perform(() -> export(checkpoint));
    }

    private void perform(Runnable work) {
        CompletableFuture<Void> running = CompletableFuture.runAsync(work, thread);
        running.exceptionally(failure -> {
            LOG.error("publishing a checkpoint failed", failure);
            return null;
        });
    }

    public boolean exportFailing() {
        return exportFailing;
    }

    private void export(Signed checkpoint) {
        try {
            boolean isNewest = checkpoint.size() >= exported;
            Exports.write(settings, checkpoint.size(), checkpoint.note(), isNewest);
            exported = Math.max(exported, checkpoint.size());
            exportFailing = false;
        } catch (IOException e) {
            exportFailing = true;
            LOG.error(
                    "checkpoint not exported to {}: {}",
                    settings.checkpoints().exports(),
                    e.toString());
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
