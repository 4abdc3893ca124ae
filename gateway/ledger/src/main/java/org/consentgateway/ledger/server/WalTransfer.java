package org.consentgateway.ledger.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Has SQLite move what its write-ahead log holds into the database, once a second and
 * on a connection and a thread of its own. Left alone, SQLite does so in the commit that brings the
 * log to 1,000 pages, some forty records, and a caller waits for it.
 *
 * @see <a href="https://sqlite.org/wal.html#ckpt">SQLite: checkpointing</a>
 */
public final class WalTransfer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalTransfer.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Pages of 4 KiB at which a commit does it after all: where this thread could not. */
    private static final int AT_THE_LATEST = 16_000;

    private final DataSource source;
    private final Path log;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Connection connection;
    private @Nullable FileTime transferred;
    private boolean failing;

    private WalTransfer(DataSource source, Path log) {
        this.source = source;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("ledger-wal").unstarted(this::run);
    }

    /**
     * @param source of connections that may write
     * @param database the file; its log lies beside it
     */
    public static WalTransfer start(DataSource source, Path database) {
        var transfer = new WalTransfer(source, Path.of(database + "-wal"));
        transfer.thread.start();
        return transfer;
    }

    /** Has this connection's commits leave it to us. */
    public static void relieve(Connection writer) throws SQLException {
        pages(writer, AT_THE_LATEST);
    }

    private static void pages(Connection connection, int most) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + most);
        }
    }

    private void run() {
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop();
        }
    }

    private void turn() {
        try {
            FileTime written = Files.getLastModifiedTime(log);
            if (written.equals(transferred)) {
                return;
            }
            transfer();
            transferred = written;
            failing = false;
        } catch (IOException notThere) {
            // No log, nothing to move.
        } catch (SQLException e) {
            drop();
            if (!failing) {
                LOG.warn("the write-ahead log {} grows: {}", log, e.getMessage());
            }
            failing = true;
        }
    }

    /** PASSIVE: as much as can be moved while others read and write, and nobody waits. */
    private void transfer() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = source.getConnection();
            connection = open;
            pages(open, 0);
        }
        try (Statement statement = open.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    private void drop() {
        Connection broken = connection;
        connection = null;
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (SQLException e) {
            // Broken already: that is why it is closed.
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
