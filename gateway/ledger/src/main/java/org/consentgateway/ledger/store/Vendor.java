package org.consentgateway.ledger.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.server.OpenedFile;
import org.consentgateway.ledger.server.PoolerCheck;
import org.consentgateway.ledger.server.ServerAddresses;
import org.consentgateway.ledger.server.SqliteSource;
import org.consentgateway.ledger.server.StandbyCheck;
import org.consentgateway.ledger.server.WalTransfer;
import org.consentgateway.ledger.tree.Digests;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Where SQLite and PostgreSQL differ. */
public enum Vendor {
    SQLITE("BLOB", Connection.TRANSACTION_SERIALIZABLE, "SELECT 1;", " WITHOUT ROWID") {
        @Override
        String serial() {
            return "INTEGER PRIMARY KEY AUTOINCREMENT";
        }

        @Override
        String outboxUnsampled() {
            return "SELECT 1;";
        }

        @Override
        public String claiming() {
            return "";
        }

        @Override
        public boolean isOneWriter() {
            return true;
        }

        @Override
        public String nowMillis() {
            return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
        }

        @Override
        public DataSource open(LedgerSettings settings, boolean readOnly) throws SQLException {
            Path file = file(settings);
            SQLiteConfig config = new SQLiteConfig();
            if (readOnly) {
                if (!Files.isReadable(file)) {
                    throw new SQLException("no readable database file " + file);
                }
                config.setReadOnly(true);
            } else {
                try {
                    Path directory = file.toAbsolutePath().getParent();
                    if (directory != null) {
                        DurableFile.directory(directory, "rwx------");
                    }
                    // SQLite would make it as the umask says; its log gets what the file has.
                    DurableFile.reserve(file);
                    DurableFile.narrow(Path.of(file + "-wal"));
                    DurableFile.narrow(Path.of(file + "-shm"));
                } catch (IOException e) {
                    throw new SQLException("cannot make " + file + ": " + e, e);
                }
                // It is there by now: one that has been deleted since is not made anew, empty.
                config.resetOpenMode(SQLiteOpenMode.CREATE);
                config.setJournalMode(SQLiteConfig.JournalMode.WAL);
                config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
                // The driver begins the next transaction with each commit: an immediate one would
                // keep every other process out for good.
                config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
                // Deleted payloads are overwritten with zeros, not only unlinked.
                config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
            }
            config.setBusyTimeout(BUSY_MILLIS);
            // The driver would ask for the last rowid after each statement; nobody wants to know
            // it.
            config.setGetGeneratedKeys(false);
            return new SqliteSource(config, settings.url());
        }

        @Override
        public Optional<OpenedFile> opened(LedgerSettings settings) throws SQLException {
            return Optional.of(OpenedFile.at(file(settings)));
        }

        @Override
        public void prepareWriter(Connection connection, Duration timeout) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = " + timeout.toMillis());
            }
            WalTransfer.relieve(connection);
        }

        @Override
        public Optional<WalTransfer> transferring(LedgerSettings settings, DataSource source) {
            return Optional.of(WalTransfer.start(source, file(settings).toAbsolutePath()));
        }

        // A lock file beside the database: the system drops the lock with the process.
        @Override
        public Claim claim(LedgerSettings settings, Connection connection) throws SQLException {
            Path lock = Path.of(file(settings).toAbsolutePath() + "." + settings.node() + ".lock");
            try {
                FileChannel channel =
                        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held;
                try {
                    held = channel.tryLock();
                } catch (OverlappingFileLockException e) {
                    held = null;
                }
                if (held == null) {
                    channel.close();
                    throw new LedgerClaimed(settings.node());
                }
                return claim(channel, OpenedFile.at(lock), OpenedFile.at(file(settings)));
            } catch (IOException e) {
                throw new SQLException("cannot lock " + lock, e);
            }
        }

        private static Claim claim(FileChannel channel, OpenedFile lock, OpenedFile database) {
            return new Claim() {
                @Override
                public void release() throws IOException {
                    channel.close();
                }

                @Override
                public void requireHeld() throws SQLException {
                    database.requireThere();
                    lock.requireThere();
                }
            };
        }

        // Of a mount that is read-only it only says that it cannot open what is there.
        @Override
        SQLException explained(LedgerSettings settings, SQLException failure) {
            Path directory = file(settings).toAbsolutePath().getParent();
            if (directory == null || !Files.isDirectory(directory) || Files.isWritable(directory)) {
                return failure;
            }
            return new SQLException(
                    directory
                            + " cannot be written: mount it read-write, or give it back to the"
                            + " gateway's user ("
                            + failure.getMessage()
                            + ")",
                    failure.getSQLState(),
                    failure.getErrorCode(),
                    failure);
        }

        // Two commits: pages that are freed before the first are never written.
        @Override
        void prove(Connection connection, int log) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS ledger_trial (filler BLOB)");
                statement.execute("INSERT INTO ledger_trial VALUES (randomblob(" + TRIAL + "))");
                connection.commit();
                statement.execute("DROP TABLE ledger_trial");
                connection.commit();
            }
        }

        @Override
        public void scrub(Connection connection, boolean whole) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                if (whole) {
                    statement.execute("VACUUM");
                }
                // What was erased still stands in the write-ahead log until it is cut.
                try (ResultSet cut = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                    if (cut.next() && cut.getInt(1) != 0) {
                        throw new SQLException("others read or write the database");
                    }
                }
            }
        }
    },

    POSTGRESQL(
            "BYTEA",
            Connection.TRANSACTION_REPEATABLE_READ,
            """
            ALTER TABLE ledger_lookup ALTER COLUMN subject SET STATISTICS 0,
              ALTER COLUMN call_id SET STATISTICS 0, ALTER COLUMN sip_hash SET STATISTICS 0;
            ALTER TABLE ledger_payload ALTER COLUMN sealed SET STATISTICS 0;
            """,
            "") {
        @Override
        String serial() {
            return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        }

        @Override
        String outboxUnsampled() {
            return "ALTER TABLE ledger_outbox ALTER COLUMN body SET STATISTICS 0,"
                    + " ALTER COLUMN ordered_by SET STATISTICS 0;";
        }

        @Override
        String concurrently() {
            return "CONCURRENTLY";
        }

        // A statement may take as long as the table is long; but it must not stand before others
        // in the queue for a lock that somebody else keeps.
        @Override
        DataSource migrating(LedgerSettings settings, DataSource source) {
            PGSimpleDataSource patient = open(settings);
            patient.setSocketTimeout(0);
            patient.setOptions(OPTIONS + " -c lock_timeout=" + TABLE_LOCK.toMillis());
            return patient;
        }

        @Override
        void waitForLocks(Connection connection, Duration most) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout TO " + most.toMillis());
            }
        }

        @Override
        public String claiming() {
            return " FOR UPDATE SKIP LOCKED";
        }

        @Override
        public boolean isOneWriter() {
            return false;
        }

        @Override
        public String nowMillis() {
            return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        }

        @Override
        public DataSource open(LedgerSettings settings, boolean readOnly) {
            PGSimpleDataSource source = open(settings);
            source.setReadOnly(readOnly);
            if (!readOnly) {
                // Lookups of calls; an auditor's questions may take longer.
                source.setSocketTimeout(seconds(settings));
            }
            return source;
        }

        private static PGSimpleDataSource open(LedgerSettings settings) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(settings.url());
            source.setReWriteBatchedInserts(true);
            source.setTcpKeepAlive(true);
            int seconds = seconds(settings);
            source.setConnectTimeout(seconds);
            // Of several servers each has its turn, also behind one that takes connections and
            // says nothing: finding the primary is over when all of them were asked.
            source.setLoginTimeout(seconds * (ServerAddresses.count(settings.url()) + 1));
            source.setOptions(OPTIONS);
            // What failed is logged and shown: without the values of the row that it was about.
            source.setLogServerErrorDetail(false);
            source.setApplicationName("consent-gateway " + settings.node());
            return source;
        }

        private static int seconds(LedgerSettings settings) {
            return (int) Math.max(1, settings.limits().commitTimeout().toSeconds());
        }

        // An advisory lock of the writer's session: the server drops it with the connection.
        @Override
        public Claim claim(LedgerSettings settings, Connection connection) throws SQLException {
            byte[] hash = Digests.of(settings.logOrigin().getBytes(StandardCharsets.UTF_8));
            long id = java.nio.ByteBuffer.wrap(hash).getLong();
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
                statement.setLong(1, id);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next() || !row.getBoolean(1)) {
                        throw new LedgerClaimed(settings.node());
                    }
                }
            }
            return claim(connection, id, PoolerCheck.session(connection));
        }

        private static Claim claim(Connection connection, long id, long session) {
            return new Claim() {
                @Override
                public void release() {
                    unlock(connection, id);
                }

                @Override
                public void requireSession() throws SQLException {
                    PoolerCheck.requireSession(connection, session);
                }
            };
        }

        // By word: the server sees the end of a session later than whoever closed it.
        private static void unlock(Connection connection, long id) {
            try {
                if (connection.isClosed()) {
                    return;
                }
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                try (PreparedStatement statement =
                        connection.prepareStatement("SELECT pg_advisory_unlock(?)")) {
                    statement.setLong(1, id);
                    statement.execute();
                }
            } catch (SQLException e) {
                // Broken: the server drops the lock with the session.
            }
        }

        @Override
        public void requireFit(DataSource source) throws SQLException {
            try (Connection connection = source.getConnection()) {
                PoolerCheck.requireOwnSession(source, connection);
            }
        }

        @Override
        void tellWhatMayBeLost(LedgerSettings settings, Connection connection) throws SQLException {
            StandbyCheck.look(connection, ServerAddresses.count(settings.url()));
        }

        @Override
        public void prepareWriter(Connection connection, Duration timeout) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET synchronous_commit TO on");
                // Where the network goes away, the server must soon notice and drop our claim, or
                // we could not come back.
                statement.execute("SET tcp_keepalives_idle TO 5");
                statement.execute("SET tcp_keepalives_interval TO 2");
                statement.execute("SET tcp_keepalives_count TO 3");
                statement.execute("SET tcp_user_timeout TO 10000");
            }
            connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
        }

        // A server that has become a standby, or a role that may no longer write, refuses this.
        @Override
        void prove(Connection connection, int log) throws SQLException {
            Rows.change(connection, "UPDATE ledger_log SET size = size WHERE id = ?", log);
            connection.commit();
        }

        @Override
        public void prepareVerifying(Connection connection) throws SQLException {
            // A store just filled, or restored from a backup, has no statistics: the planner would
            // compare every row of a chunk with every other one.
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL enable_nestloop TO off");
            }
        }

        // A node that stops between two statements would keep its rows for as long as it stands:
        // others could not mark it lost, and each try would leave a session behind that waits.
        @Override
        public Optional<String> endingStopped() {
            return Optional.of("SET idle_in_transaction_session_timeout TO " + STOPPED.toMillis());
        }

        // Whoever erases must not wait for hours for another VACUUM (autovacuum that keeps
        // transaction ids from running out gives way to nobody), nor for a server that is gone.
        @Override
        public void scrub(Connection connection, boolean whole) throws SQLException {
            connection.setNetworkTimeout(Runnable::run, whole ? 0 : (int) SCRUBBED.toMillis());
            waitForLocks(connection, TABLE_LOCK);
            try (Statement statement = connection.createStatement()) {
                String how = whole ? "VACUUM (FULL) " : "VACUUM ";
                statement.execute(how + "ledger_payload");
                statement.execute(how + "ledger_lookup");
                statement.execute(how + "ledger_outbox");
            }
        }
    };

    /** Compiling a plan, and starting workers for it, takes longer than any question of a call. */
    private static final String OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0";

    /** Nothing is done here for so long in the midst of a transaction: less than a node's lease. */
    private static final Duration STOPPED = Duration.ofSeconds(10);

    /** How long scrubbing without rewriting may take: the next one comes then, and goes on. */
    private static final Duration SCRUBBED = Duration.ofHours(1);

    /** For a lock on a whole table: whoever comes later waits behind it. */
    static final Duration TABLE_LOCK = Duration.ofSeconds(3);

    /** How long readers and scrubbing wait in SQLite; a writer waits its own commit timeout. */
    private static final int BUSY_MILLIS = 2000;

    /** Octets that have to find room before a store counts as one that can be written. */
    static final int TRIAL = 65_536;

    /** Held as long as this process may write the log of its node. */
    public interface Claim {
        void release() throws IOException;

        /** Fails where the store that was claimed is not the one that others find any more. */
        default void requireHeld() throws SQLException {}

        /** Fails where the store has ended the session, or it is not the one that claimed. */
        default void requireSession() throws SQLException {}
    }

    /** Type of binary columns. */
    final String bytes;

    /** What keeps the planner from sampling personal columns, in SQL. */
    final String unsampled;

    /** What keeps a table in the order of its key, so that nobody sees what was put in together. */
    final String unordered;

    private final int isolation;

    Vendor(String bytes, int isolation, String unsampled, String unordered) {
        this.bytes = bytes;
        this.isolation = isolation;
        this.unsampled = unsampled;
        this.unordered = unordered;
    }

    public static Vendor of(LedgerSettings settings) {
        return settings.url().startsWith("jdbc:sqlite:") ? SQLITE : POSTGRESQL;
    }

    /** The database of SQLite. */
    public static Path file(LedgerSettings settings) {
        String path = settings.url().substring("jdbc:sqlite:".length());
        int query = path.indexOf('?');
        return Path.of(query < 0 ? path : path.substring(0, query));
    }

    /** Type of a key that grows with each row. */
    abstract String serial();

    /** What keeps the planner from sampling personal columns of the outbox, in SQL. */
    abstract String outboxUnsampled();

    /** Has an index built while rows are written, in SQL. */
    String concurrently() {
        return "";
    }

    /** Where tables are changed: what takes long there is no failure. */
    DataSource migrating(LedgerSettings settings, DataSource source) {
        return source;
    }

    /**
     * From now on, of this session, which nobody uses afterwards: that of a migration, or of
     * scrubbing. SQLite has one writer.
     */
    void waitForLocks(Connection connection, Duration most) throws SQLException {}

    /** Behind a selection of rows of the outbox that nobody else shall take meanwhile. */
    public abstract String claiming();

    /** Whether only the log's writer may write, since others would keep it waiting. */
    public abstract boolean isOneWriter();

    /** The store's own time in milliseconds, in SQL. */
    public abstract String nowMillis();

    public abstract DataSource open(LedgerSettings settings, boolean readOnly) throws SQLException;

    /**
     * @throws LedgerClaimed where another process has it
     */
    public abstract Claim claim(LedgerSettings settings, Connection connection) throws SQLException;

    /**
     * @return the same, or why nobody could have opened the store to write, with what is to be done
     */
    SQLException explained(LedgerSettings settings, SQLException failure) {
        return failure;
    }

    /** The file that the store is, where it is one, as soon as it has been opened. */
    public Optional<OpenedFile> opened(LedgerSettings settings) throws SQLException {
        return Optional.empty();
    }

    public void prepareWriter(Connection connection, Duration timeout) throws SQLException {}

    /** What keeps the writer's commits short beside it, until it is closed. */
    public Optional<WalTransfer> transferring(LedgerSettings settings, DataSource source) {
        return Optional.empty();
    }

    /**
     * What stands between us and the store must let one process alone write a log.
     *
     * @param source of connections to it
     */
    public void requireFit(DataSource source) throws SQLException {}

    /** In the log, where a store that can be written may yet lose what it confirms. */
    void tellWhatMayBeLost(LedgerSettings settings, Connection connection) throws SQLException {}

    /**
     * Writes, commits and leaves nothing behind: what opens need not be writable.
     *
     * @param log its id
     */
    abstract void prove(Connection connection, int log) throws SQLException;

    /** In a transaction that reads whole tables in order. */
    public void prepareVerifying(Connection connection) throws SQLException {}

    /** From here on the connection sees the store as of one moment. */
    public void snapshot(Connection connection) throws SQLException {
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(false);
    }

    /** What has the server end a session that stops in the midst of a transaction, in SQL. */
    public Optional<String> endingStopped() {
        return Optional.empty();
    }

    /**
     * Makes what was deleted unreadable also in the files.
     *
     * @param whole rewrites the tables, which keeps writers out meanwhile
     */
    public abstract void scrub(Connection connection, boolean whole) throws SQLException;
}
