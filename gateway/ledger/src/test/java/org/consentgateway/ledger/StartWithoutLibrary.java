package org.consentgateway.ledger;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;

/**
 * A process that starts while the library of SQLite finds no room, which it does later. Says how
 * its store is, and when what its write-ahead log holds is in the database.
 */
final class StartWithoutLibrary {
    private StartWithoutLibrary() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        Path folder = data.resolve("tmp");
        System.setProperty("org.sqlite.tmpdir", folder.toString());
        try (Ledger ledger = Ledger.open(TestSettings.inDirectory(data), InstantSource.system())) {
            System.out.println("store: " + ledger.health().detail());
            Thread.sleep(2500); // the log was to be moved twice meanwhile
            Files.createDirectory(folder);
            await().until(() -> ledger.health().up());
            long index = Records.append(ledger, Records.given("call-2", "anna")).index();
            System.out.println("store: has entry " + index);
            await().until(() -> moved(data) > index);
            System.out.println("store: moved");
        }
    }

    /** Entries in the database's own file as it is now, without the log beside it. */
    private static long moved(Path data) throws IOException, SQLException {
        Path alone = data.resolve("alone.db");
        Files.copy(data.resolve("ledger.db"), alone, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(data.resolve("alone.db-wal"));
        Files.deleteIfExists(data.resolve("alone.db-shm"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + alone);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM ledger_entry")) {
            return row.getLong(1);
        }
    }
}
