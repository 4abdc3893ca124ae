package org.consentgateway.ledger.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before each migration that builds an index beside its writers. Such a build is in no transaction,
 * so one that failed leaves an index that is never used, and one whose node was killed an index of
 * which the history of migrations knows nothing: what is there of that name is dropped, and built
 * anew. It runs under the lock of the history, where no other node builds.
 */
public final class IndexBuilds implements Callback {
    /**
     * For each transaction that began before a build: it waits for all of them, of readers as well
     * (an auditor's, a backup's, VACUUM), and keeps nobody waiting meanwhile. A start waits with
     * it.
     */
    public static final Duration USUAL = Duration.ofMinutes(1);

    public static final String SCRIPTS = "db/migration";

    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilds.class);

    private static final Pattern BUILT =
            Pattern.compile("CREATE (?:UNIQUE )?INDEX \\$\\{concurrently} (\\w+)");

    private final String concurrently;
    private final Locks locks;
    private final Duration ofAChange;
    private final Duration ofABuild;

    /** How long a connection waits for a lock that somebody else keeps, from now on. */
    public interface Locks {
        void waitFor(Connection connection, Duration most) throws SQLException;
    }

    /**
     * @param concurrently what has an index built while rows are written, in SQL
     * @param ofAChange for the lock on a table that is changed
     * @param ofABuild for each transaction that began before an index is built
     */
    public IndexBuilds(String concurrently, Locks locks, Duration ofAChange, Duration ofABuild) {
        this.concurrently = concurrently;
        this.locks = locks;
        this.ofAChange = ofAChange;
        this.ofABuild = ofABuild;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        try {
            Connection connection = context.getConnection();
            List<String> indexes = built(context.getMigrationInfo().getScript());
            locks.waitFor(connection, indexes.isEmpty() ? ofAChange : ofABuild);
            for (String index : indexes) {
                LOG.info(
                        "the index {} is built beside those who write, behind each transaction"
                                + " that began before",
                        index);
                drop(connection, index);
            }
        } catch (SQLException | IOException e) {
            throw new FlywayException(e.getMessage(), e);
        }
    }

    private void drop(Connection connection, String index) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP INDEX " + concurrently + " IF EXISTS " + index);
        }
    }

    /** The names of those that a script builds beside their writers. */
    public static List<String> built(String script) throws IOException {
        try (InputStream sql =
                IndexBuilds.class.getResourceAsStream("/" + SCRIPTS + "/" + script)) {
            if (sql == null) {
                throw new IOException("no script " + script);
            }
            return BUILT.matcher(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    @Override
    public String getCallbackName() {
        return "index-builds";
    }
}
