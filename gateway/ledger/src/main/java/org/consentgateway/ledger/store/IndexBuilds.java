package org.consentgateway.ledger.store;

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
final class IndexBuilds implements Callback {
    /**
     * For each transaction that began before a build: it waits for all of them, of readers as well
     * (an auditor's, a backup's, VACUUM), and keeps nobody waiting meanwhile. A start waits with
     * it.
     */
    static final Duration USUAL = Duration.ofMinutes(1);

    static final String SCRIPTS = "db/migration";

    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilds.class);

    private static final Pattern BUILT =
            Pattern.compile("CREATE (?:UNIQUE )?INDEX \\$\\{concurrently} (\\w+)");

    private final Vendor vendor;
    private final Duration patience;

    /**
     * @param patience for each transaction that began before a build
     */
    IndexBuilds(Vendor vendor, Duration patience) {
        this.vendor = vendor;
        this.patience = patience;
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
            vendor.waitForLocks(connection, indexes.isEmpty() ? Vendor.TABLE_LOCK : patience);
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
            statement.execute("DROP INDEX " + vendor.concurrently() + " IF EXISTS " + index);
        }
    }

    /** The names of those that a script builds beside their writers. */
    static List<String> built(String script) throws IOException {
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
