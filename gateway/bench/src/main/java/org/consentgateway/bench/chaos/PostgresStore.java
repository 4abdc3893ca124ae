package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of its own on loopback, which does not start as root: then it runs as Debian's user
 * {@code postgres}. Confined to the main thread.
 */
final class PostgresStore implements ChaosStore {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path programs;
    private final Path files;
    private final Path log;
    private final int port;
    private final boolean root;
    private Process server;

    /**
     * @param folder that user postgres may pass through
     */
    PostgresStore(Path folder, int port) throws IOException, InterruptedException {
        this.programs = programs();
        this.port = port;
        this.root = System.getProperty("user.name").equals("root");
        this.files = Files.createDirectory(folder.resolve("postgres"));
        this.log = folder.resolve("postgres.log");
        if (root) {
            Tool.run(List.of("chown", "postgres:", files.toString()));
        }
        String initdb = programs.resolve("initdb").toString();
        Tool.run(asOther(initdb, "--auth=trust", "--username=gateway", "-D", files.toString()));
        server = started();
        Tool.run(
                List.of(
                        programs.resolve("createdb").toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        "gateway",
                        "consent"));
    }

    /** Debian's, the newest. */
    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(each -> each.resolve("bin"))
                    .filter(each -> Files.isExecutable(each.resolve("postgres")))
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IOException("no PostgreSQL in /usr/lib/postgresql"));
        }
    }

    private List<String> asOther(String... command) {
        List<String> whole = new ArrayList<>();
        if (root) {
            whole.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres"));
            whole.add("--init-groups");
        }
        whole.addAll(List.of(command));
        return whole;
    }

    private Process started() throws IOException, InterruptedException {
        Process fresh =
                new ProcessBuilder(
                                asOther(
                                        programs.resolve("postgres").toString(),
                                        "-D",
                                        files.toString(),
                                        "-p",
                                        Integer.toString(port),
                                        "-c",
                                        "listen_addresses=127.0.0.1",
                                        "-c",
                                        "unix_socket_directories="))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        String asks = programs.resolve("pg_isready") + " -q -h 127.0.0.1 -p " + port;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Tool.runs(asks)) {
            if (!fresh.isAlive() || System.nanoTime() > end) {
                throw new IOException("PostgreSQL did not start:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
        return fresh;
    }

    @Override
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/consent?user=gateway";
    }

    private List<Long> processes() {
        return Stream.concat(Stream.of(server.toHandle()), server.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void freeze(Duration time) throws IOException, InterruptedException {
        List<Long> all = processes();
        Tool.signal("STOP", all);
        try {
            Thread.sleep(time);
        } finally {
            Tool.signal("CONT", all);
        }
    }

    @Override
    public void restart(Duration gone, boolean killed) throws IOException, InterruptedException {
        // SIGINT is its fast stop: connections are cut, what was committed is written.
        List<Long> hit = killed ? processes() : List.of(server.pid());
        Tool.signal(killed ? "KILL" : "INT", hit);
        if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("PostgreSQL did not end");
        }
        Thread.sleep(gone);
        server = started();
    }

    @Override
    public boolean isServer() {
        return true;
    }

    @Override
    public void close() {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly();
    }
}
