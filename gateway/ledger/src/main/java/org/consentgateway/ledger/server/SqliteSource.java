package org.consentgateway.ledger.server;

import java.io.File;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Thread-safe. Connections of SQLite, once its library is there. The driver takes that out of its
 * jar, tries that once with the first connection, and fails with an Error for good where there was
 * no room then; so it is asked for before each connection. Each try that fails leaves a file.
 */
public final class SqliteSource extends SQLiteDataSource {
    /** More octets than the library has. */
    private static final int LIBRARY = 2 * 1024 * 1024;

    /** Why it cannot be loaded, room or not: asking again would fill the disk. */
    private static @Nullable String unfit;

    /**
     * @throws SQLException where its library cannot be loaded; where that only has no room yet, a
     *     connection fails
     */
    public SqliteSource(SQLiteConfig config, String url) throws SQLException {
        super(config);
        setUrl(url);
        if (hasRoom()) {
            requireLibrary();
        }
    }

    @Override
    public SQLiteConnection getConnection(@Nullable String user, @Nullable String password)
            throws SQLException {
        requireLibrary();
        return super.getConnection(user, password);
    }

    private static synchronized void requireLibrary() throws SQLException {
        if (unfit != null) {
            throw new SQLException(unfit);
        }
        if (!hasRoom()) {
            throw withoutRoom();
        }
        try {
            boolean _ = SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            if (!hasRoom()) {
                throw withoutRoom(); // others took it meanwhile
            }
            unfit =
                    "SQLite's library cannot be loaded from "
                            + folder()
                            + " (mounted noexec?): name another directory by"
                            + " -Dorg.sqlite.tmpdir=DIRECTORY and start anew ("
                            + e.getMessage()
                            + ")";
            throw new SQLException(unfit, e);
        }
    }

    private static SQLException withoutRoom() {
        return new SQLException(
                "SQLite's library cannot be put into " + folder() + ": make room there");
    }

    private static boolean hasRoom() {
        return new File(folder()).getUsableSpace() >= LIBRARY;
    }

    private static String folder() {
        return System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
    }
}
