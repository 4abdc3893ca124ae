package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a real process between commit and send, between claim and send, and while it
 * sends: each event arrives, those of a person in their order, and what arrives twice is known by
 * its id.
 */
@Timeout(180)
@Nightly("25 s of processes that are killed; KillTest is in each run, and WebhookSenderTest")
class WebhookKillTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Commits, or messages that have arrived, before the next kill. */
    private static final int SOME = 25;

    @TempDir private Path directory;

    /** In the order in which they came. */
    private final List<JsonNode> told = new ArrayList<>();

    /** Record to whom it is of, in the order of the log. */
    private final Map<String, String> committed = new LinkedHashMap<>();

    private final Set<String> withdrawals = new HashSet<>();
    private HttpServer receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", this::takes);
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void takes(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        JsonNode event = JSON.readTree(body);
        synchronized (told) {
            told.add(event);
            told.notifyAll();
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Test
    void noEventIsLostOnSqlite() throws Exception {
        killedAgainAndAgain("jdbc:sqlite:" + directory.resolve("ledger.db"));
    }

    @Test
    void noEventIsLostOnPostgres() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            killedAgainAndAgain(server.getJdbcUrl("postgres", "postgres"));
        }
    }

    private void killedAgainAndAgain(String url) throws Exception {
        killed(url, WebhookNode.Mode.COMMITS, lines -> read(lines, "committed", SOME));
        assertThat(told).as("killed between commit and send").isEmpty();
        killed(
                url,
                WebhookNode.Mode.CLAIMS,
                lines -> {
                    read(lines, "claimed", 3);
                    read(lines, "committed", SOME);
                });
        assertThat(told).as("killed between claim and send").isEmpty();
        killed(url, WebhookNode.Mode.SENDS, _ -> arrived(SOME));
        killed(url, WebhookNode.Mode.CATCHES_UP, lines -> read(lines, "empty", 1));

        assertThat(committed).hasSizeGreaterThan(2 * SOME);
        Map<String, JsonNode> once = new LinkedHashMap<>();
        for (JsonNode event : told) {
            JsonNode before = once.putIfAbsent(event.path("id").asText(), event);
            assertThat(before).as("what comes twice is the same").isIn(null, event);
        }
        assertThat(once.keySet()).containsAll(committed.keySet());
        assertThat(inOrder(once.keySet())).isEqualTo(inOrder(committed.keySet()));
    }

    /** Of each person what has no lane of its own. */
    private Map<String, List<String>> inOrder(Set<String> records) {
        Map<String, List<String>> ofPerson = new HashMap<>();
        for (String record : records) {
            String person = committed.get(record);
            if (person != null && !withdrawals.contains(record)) {
                ofPerson.computeIfAbsent(person, _ -> new ArrayList<>()).add(record);
            }
        }
        return ofPerson;
    }

    private interface Watch {
        void until(BufferedReader lines) throws Exception;
    }

    private void killed(String url, WebhookNode.Mode mode, Watch watch) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WebhookNode.class.getName(),
                                directory.toString(),
                                url,
                                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/",
                                mode.name())
                        .redirectError(directory.resolve("stderr").toFile())
                        .start();
        BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII);
        try {
            watch.until(lines);
        } finally {
            process.toHandle().destroyForcibly(); // SIGKILL
        }
        assertThat(process.waitFor()).isEqualTo(137);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            heed(line);
        }
    }

    private void read(BufferedReader lines, String wanted, int many) throws IOException {
        for (int found = 0; found < many; ) {
            String line = lines.readLine();
            assertThat(line).as("the process ended by itself").isNotNull();
            heed(line);
            found += line.startsWith(wanted) ? 1 : 0;
        }
    }

    /** A last line that was torn by the kill is one that nobody has acted on. */
    private void heed(String line) {
        String[] words = line.split(" ", -1);
        if (line.matches("committed [0-9a-f-]{36} person-\\d (Given|Withdrawn)")) {
            committed.put(words[1], words[2]);
            if (words[3].equals("Withdrawn")) {
                withdrawals.add(words[1]);
            }
        }
    }

    /** More than before. */
    private void arrived(int many) throws InterruptedException {
        synchronized (told) {
            Set<String> before = ids();
            while (ids().size() < before.size() + many) {
                told.wait(60_000);
            }
        }
    }

    private Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        told.forEach(event -> ids.add(event.path("id").asText()));
        return ids;
    }
}
