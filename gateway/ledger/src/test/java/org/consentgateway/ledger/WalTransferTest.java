package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.consentgateway.ledger.server.WalTransfer;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's write-ahead log is moved into the database beside the commits, not by them. */
class WalTransferTest {
    private static final int ENTRIES = 20;

    @TempDir private Path data;

    private static long entries(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM ledger_entry")) {
            return row.getLong(1);
        }
    }

    /** The database's own file as it is now, without the log beside it. */
    private long moved() throws Exception {
        Path alone = data.resolve("alone.db");
        Files.copy(data.resolve("ledger.db"), alone, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(data.resolve("alone.db-wal"));
        Files.deleteIfExists(data.resolve("alone.db-shm"));
        return entries(alone);
    }

    @Test
    void whatIsCommittedIsInTheDatabaseSecondsLater() throws Exception {
        LedgerSettings settings = TestSettings.inDirectory(data);
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            long before = ledger.health().size();
            Records.append(
                    ledger,
                    IntStream.range(0, ENTRIES)
                            .mapToObj(call -> Records.given("call-" + call, null))
                            .toList());
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (moved() < before + ENTRIES && System.nanoTime() < end) {
                Thread.sleep(100);
            }
            assertThat(moved()).isGreaterThanOrEqualTo(before + ENTRIES);
        }
    }

    /** SQLite would do it at 1,000 pages, 4 MiB. */
    @Test
    void noCommitOfTheWritersMovesIt() throws Exception {
        Path database = data.resolve("plain.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            WalTransfer.relieve(connection);
            statement.execute("CREATE TABLE filler (octets BLOB)");
            for (int mebibyte = 0; mebibyte < 8; mebibyte++) {
                statement.execute("INSERT INTO filler VALUES (randomblob(1048576))");
            }
            assertThat(Files.size(database)).isLessThan(1 << 20);
        }
    }
}
