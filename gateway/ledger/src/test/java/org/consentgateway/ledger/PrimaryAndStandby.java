package org.consentgateway.ledger;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.testkit.FreePort;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one test. Two real servers, of which the second follows the first by streaming
 * replication. The standby is a copy of the stopped primary: the servers of the tests come without
 * pg_basebackup.
 */
final class PrimaryAndStandby implements AutoCloseable {
    /** Of the standby, by which the primary knows it. */
    private static final String STANDBY = "standby";

    static final Map<String, String> WAITS = Map.of("synchronous_standby_names", STANDBY);
    static final Map<String, String> DOES_NOT_WAIT = Map.of();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static @Nullable Path template;

    private final Path first;
    private final Path second;
    private final int firstPort = FreePort.next();
    private final int secondPort = FreePort.next();
    private @Nullable EmbeddedPostgres primary;
    private @Nullable EmbeddedPostgres standby;

    /**
     * @param primary its settings, besides the usual ones
     */
    PrimaryAndStandby(Path directory, Map<String, String> primary) throws Exception {
        first = directory.resolve("first");
        second = directory.resolve("second");
        copy(template(), first);
        copy(template(), second);
        Files.createFile(second.resolve("standby.signal"));
        Files.writeString(
                second.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=%s'%n"
                        .formatted(firstPort, STANDBY),
                StandardOpenOption.APPEND);
        startFirst(primary);
        startSecond();
        awaitStandby();
    }

    /** Made once: that takes as long as all the rest. */
    private static synchronized Path template() throws IOException {
        if (template == null) {
            Path made = Files.createTempDirectory("primary");
            EmbeddedPostgres.builder()
                    .setDataDirectory(made)
                    .setCleanDataDirectory(false)
                    .start()
                    .close();
            template = made;
        }
        return template;
    }

    /** Both, the first one first, as an operator would write it. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?user=postgres&targetServerType=primary"
                .formatted(firstPort, secondPort);
    }

    String urlOfFirst() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(firstPort);
    }

    void startFirst(Map<String, String> settings) throws IOException {
        primary = start(first, firstPort, settings);
    }

    void startSecond() throws IOException {
        standby = start(second, secondPort, DOES_NOT_WAIT);
    }

    void stopSecond() throws IOException {
        close(standby);
        standby = null;
    }

    void stopFirst() throws IOException {
        close(primary);
        primary = null;
    }

    private static void close(@Nullable EmbeddedPostgres server) throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static EmbeddedPostgres start(Path data, int port, Map<String, String> settings)
            throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setPort(port);
        settings.forEach(builder::setServerConfig);
        return builder.start();
    }

    /** Until the standby follows. */
    void awaitStandby() {
        await("a standby")
                .atMost(PATIENCE)
                .until(() ->
                        ask(firstPort, "SELECT count(*) FROM pg_stat_replication").equals("1"));
    }

    /** As if the power went: kill -9. */
    void killFirst() throws Exception {
        ProcessHandle server = postmaster();
        List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server)).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().get();
        }
        stopFirst(); // gives its directory back
    }

    /** As if the machine stood still: connections stay, and nobody answers. */
    void freezeFirst() throws Exception {
        signal("-STOP");
    }

    private void signal(String signal) throws Exception {
        ProcessHandle server = postmaster();
        for (ProcessHandle each : Stream.concat(Stream.of(server), server.descendants()).toList()) {
            new ProcessBuilder("kill", signal, Long.toString(each.pid())).start().waitFor();
        }
    }

    private ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(first.resolve("postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    void promoteSecond() throws SQLException {
        String _ = ask(secondPort, "SELECT pg_promote(true, 30)");
    }

    String askSecond(String question) throws SQLException {
        return ask(secondPort, question);
    }

    private static String ask(int port, String question) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
        try (Connection connection = java.sql.DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    @Override
    public void close() throws IOException {
        close(standby);
        close(primary);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) throws IOException {
                        Path made = to.resolve(from.relativize(directory).toString());
                        Files.createDirectory(
                                made,
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rwx------")));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
