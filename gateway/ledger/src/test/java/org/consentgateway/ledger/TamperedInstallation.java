package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.SigningKey;

/** A copy of an installation that somebody has in their hands: store, keys, exports. */
final class TamperedInstallation {
    /** Later than all that was written. */
    private static final Instant LATER = Records.START.plus(Duration.ofHours(2));

    /**
     * What there was, each in a directory.
     *
     * @param whole 300 entries under a checkpoint
     * @param early the same when there were 200
     * @param crashed a store of 305, the last 5 under no checkpoint
     * @param foreign of somebody else, with the same names
     */
    record Stages(Path whole, Path early, Path crashed, Path foreign) {
        static Stages in(Path directory) throws Exception {
            Path whole = directory.resolve("whole");
            Path early = directory.resolve("early");
            Path crashed = directory.resolve("crashed");
            Path foreign = directory.resolve("foreign");
            LedgerSettings settings = TestStore.SQLITE.settings(whole);
            write(settings, 0, 200);
            copy(whole, early);
            write(settings, 200, Tampering.ENTRIES);
            write(TestStore.SQLITE.settings(foreign), 0, Tampering.ENTRIES);
            Path open = directory.resolve("open");
            copy(whole, open);
            copy(whole, crashed);
            LedgerSettings running = TestStore.SQLITE.settings(open);
            Files.delete(crashed.resolve("ledger.db"));
            try (Ledger ledger = Ledger.open(running, InstantSource.fixed(LATER));
                    Connection connection = DriverManager.getConnection(running.url())) {
                LedgerTest.fill(ledger, 5);
                connection
                        .createStatement()
                        .execute("VACUUM INTO '" + crashed.resolve("ledger.db") + "'");
            }
            return new Stages(whole, early, crashed, foreign);
        }
    }

    private final Path directory;
    private final Stages stages;

    private TamperedInstallation(Path directory, Stages stages) {
        this.directory = directory;
        this.stages = stages;
    }

    static TamperedInstallation of(Stages stages, Path directory) throws IOException {
        copy(stages.whole, directory);
        return new TamperedInstallation(directory, stages);
    }

    /** Consents a second apart, but for one refusal and one withdrawal. */
    static void write(LedgerSettings settings, int from, int to) throws Exception {
        Instant[] now = {Records.START.plusSeconds(from)};
        InstantSource ticks = () -> now[0];
        try (Ledger ledger = Ledger.open(settings, ticks)) {
            NewEntry withdrawn = null;
            for (int i = from; i < to; i++) {
                now[0] = now[0].plusSeconds(1);
                NewEntry entry = Records.given("call-" + i, "p" + i % 7);
                if (i == Tampering.AT + 1) {
                    var payload = Records.base("hotline", "booking");
                    payload.put("refers_to", entry.id().toString());
                    withdrawn =
                            NewEntry.of(
                                    EntryType.WITHDRAWN, "call-w", "p4", payload, Records.START);
                } else if (i == Tampering.REFUSED) {
                    entry =
                            NewEntry.of(
                                    EntryType.REFUSED,
                                    "call-" + i,
                                    null,
                                    Records.base("hotline", "booking"),
                                    Records.START);
                } else if (i == 25 && withdrawn != null) {
                    entry = withdrawn;
                }
                Records.append(ledger, entry);
            }
        }
    }

    LedgerSettings settings() {
        return TestStore.SQLITE.settings(directory);
    }

    Path database() {
        return directory.resolve("ledger.db");
    }

    private Path exports() {
        return directory.resolve("checkpoints");
    }

    private Path besideKeys() {
        return directory.resolve("keys/newest-node-1.checkpoint");
    }

    void store(TamperMatrix.InStore tampering) throws Exception {
        try (Connection connection = DriverManager.getConnection(settings().url())) {
            connection.setAutoCommit(false);
            tampering.run(connection, settings());
            connection.commit();
        }
    }

    void deleteExports() throws IOException {
        delete(exports());
    }

    /** The export has the newest stored checkpoint, and no other. */
    void exportAsStored() throws Exception {
        deleteExports();
        Files.createDirectories(exports());
        Files.writeString(exports().resolve("node-1.checkpoint"), newest());
    }

    /** So has what lies beside the keys. */
    void keepAsStored() throws Exception {
        Files.writeString(besideKeys(), newest());
    }

    private String newest() throws Exception {
        try (Connection connection = DriverManager.getConnection(settings().url())) {
            return Rows.first(
                            connection,
                            "SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1",
                            row -> row.getString(1))
                    .orElseThrow();
        }
    }

    void replaceSigningKey() throws IOException {
        SigningKey other = SigningKey.create(settings().logOrigin());
        Path keys = directory.resolve("keys");
        Files.writeString(keys.resolve("verifier.keys"), other.verifier().text() + "\n");
        Path secret = keys.resolve("signing-node-1.keys");
        Files.writeString(secret, other.text() + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    /** By our own program, and without the signature that it has put under it. */
    private void write(Writing writing) throws Exception {
        Path before = directory.resolveSibling(directory.getFileName() + "-before");
        copy(directory, before);
        try (Ledger ledger = Ledger.open(settings(), InstantSource.fixed(LATER))) {
            writing.to(ledger);
        }
        for (String part : List.of("keys", "checkpoints")) {
            delete(directory.resolve(part));
            copy(before.resolve(part), directory.resolve(part));
        }
        store((connection, _) ->
                Rows.change(
                        connection,
                        "DELETE FROM ledger_checkpoint WHERE size > ?",
                        Tampering.ENTRIES));
    }

    private interface Writing {
        void to(Ledger ledger) throws Exception;
    }

    void appendForged() throws Exception {
        write(ledger -> Records.append(ledger, Records.given("call-forged", "p1")));
    }

    void eraseForged() throws Exception {
        write(ledger -> {
            LogReader reader = ledger.reader();
            var payload = Records.JSON.createObjectNode();
            var erased = NewEntry.of(EntryType.ERASED, null, null, payload, Records.START);
            Ledger.Erasure _ = ledger.eraseOne(erased, reader.latest(50).getLast().id());
        });
    }

    void cutUnsigned() throws Exception {
        delete(directory);
        copy(stages.crashed, directory);
        store((connection, _) -> Tampering.cutUnderCheckpoints(connection, 302));
    }

    void putBackStore() throws IOException {
        Files.delete(database());
        Files.copy(stages.early.resolve("ledger.db"), database());
    }

    void putBackExports() throws IOException {
        deleteExports();
        copy(stages.early.resolve("checkpoints"), exports());
    }

    void putBackAllAndGoOn() throws Exception {
        delete(directory);
        copy(stages.early, directory);
        write(settings(), 200, 250);
    }

    void goOnAndDenyIt() throws Exception {
        putBackStore();
        assertThat(
                        Resuming.run(
                                settings(),
                                Resuming.Why.RESTORED,
                                List.of(),
                                InstantSource.fixed(LATER)))
                .hasSize(1);
        store((connection, _) -> Rows.change(connection, "DELETE FROM ledger_successor"));
    }

    void foreignStore() throws IOException {
        Files.delete(database());
        Files.copy(stages.foreign.resolve("ledger.db"), database());
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
