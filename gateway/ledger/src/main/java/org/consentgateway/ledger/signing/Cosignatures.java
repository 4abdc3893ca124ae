package org.consentgateway.ledger.signing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.consentgateway.ledger.store.CommitQueue;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.store.Vendor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Keeps what witnesses have signed under our checkpoints, and publishes it. */
public final class Cosignatures {
    private static final Logger LOG = LoggerFactory.getLogger(Cosignatures.class);

    private final LedgerSettings settings;
    private final DataSource source;
    private final CommitQueue queue;
    private final Publisher publisher;

    public Cosignatures(
            LedgerSettings settings, DataSource source, CommitQueue queue, Publisher publisher) {
        this.settings = settings;
        this.source = source;
        this.queue = queue;
        this.publisher = publisher;
    }

    /**
     * Returns at once; of a log that was closed it waits for the store.
     *
     * @param line of a signed note (C2SP signed-note)
     */
    public void keep(Publisher.Signed checkpoint, String line) {
        if (checkpoint.size() == 0) {
            return; // it is not stored
        }
        // Published in the order in which they are kept, else the note without the second
        // witness's line may be the one that stays.
        CompletionStage<Optional<String>> kept =
                queue.perform(writer -> {
                    Optional<String> note = writer.cosigned(checkpoint.size(), line);
                    publish(checkpoint, note);
                    return note;
                });
        var _ =
                kept.exceptionally(failure -> {
                    if (becauseClosed(failure)) {
                        keepLast(checkpoint, line);
                    } else {
                        LOG.warn("a cosignature was not kept: {}", failure.toString());
                    }
                    return Optional.empty();
                });
    }

    private static boolean becauseClosed(Throwable failure) {
        return LedgerUnavailable.cause(failure) instanceof LedgerUnavailable unavailable
                && unavailable.reason() == LedgerUnavailable.Reason.CLOSED;
    }

    private void publish(Publisher.Signed checkpoint, Optional<String> cosigned) {
        cosigned.ifPresent(
                note -> publisher.cosigned(new Publisher.Signed(checkpoint.size(), note)));
    }

    /** Under the last checkpoint, when the writer has gone. */
    private synchronized void keepLast(Publisher.Signed checkpoint, String line) {
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).prepareWriter(connection, settings.limits().commitTimeout());
            Log log = Log.ofNode(connection, settings.node()).orElseThrow();
            connection.setAutoCommit(false);
            Optional<String> note =
                    StoredCheckpoints.cosign(connection, log, checkpoint.size(), line);
            connection.commit();
            publish(checkpoint, note);
        } catch (SQLException e) {
            LOG.warn("the last cosignature was not kept: {}", e.toString());
        }
    }
}
