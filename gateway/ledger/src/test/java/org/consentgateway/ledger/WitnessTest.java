package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Consistency;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a witness that checks as C2SP tlog-witness says. */
class WitnessTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private final SigningKey key = SigningKey.create("witness.example/w1");
    private final List<Long> seen = new ArrayList<>();
    private @Nullable Checkpoint known;
    private boolean refusing;
    private HttpServer server;

    WitnessTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/w1/add-checkpoint", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI prefix() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/w1");
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int gap = body.indexOf("\n\n");
        List<String> lines = body.substring(0, gap).lines().toList();
        SignedNote note = SignedNote.parse(body.substring(gap + 2)).orElseThrow();
        Checkpoint checkpoint = Checkpoint.parse(note.text()).orElseThrow();
        long old = Long.parseLong(lines.getFirst().substring("old ".length()));
        List<byte[]> proof =
                lines.stream().skip(1).map(line -> Base64.getDecoder().decode(line)).toList();
        Checkpoint before = known;
        long size = before == null ? 0 : before.size();
        byte[] root = before == null ? Merkle.EMPTY : before.root();
        if (refusing) {
            reply(exchange, 500, "");
        } else if (old != size) {
            reply(exchange, 409, size + "\n");
        } else if (!Consistency.holds(size, checkpoint.size(), root, checkpoint.root(), proof)) {
            reply(exchange, 422, "");
        } else {
            known = checkpoint;
            seen.add(checkpoint.size());
            reply(exchange, 200, key.line(note.text()));
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void everyCheckpointIsProvedToContinueTheLastAndComesBackCosigned() throws Exception {
        LedgerSettings settings =
                TestSettings.withWitness(TestStore.SQLITE.settings(directory), prefix());
        for (int start = 0; start < 2; start++) { // the second start learns the size by a 409
            try (Ledger ledger = Ledger.open(settings, CLOCK)) {
                for (int i = 1; i <= 3; i++) {
                    LedgerTest.fill(ledger, 3);
                    ledger.checkpoint();
                    long expected = start * 9L + i * 3L;
                    await().until(() -> seen.contains(expected));
                    await().until(() -> cosigned(settings, expected));
                }
                assertThat(ledger.health().witnessFailing()).isFalse();
            }
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @Test
    void aWitnessThatFailsIsSaidAndDelaysNoCommit() throws Exception {
        refusing = true;
        LedgerSettings settings =
                TestSettings.withWitness(TestStore.SQLITE.settings(directory), prefix());
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            await().until(() -> ledger.health().witnessFailing());
            LedgerTest.fill(ledger, 3);
            assertThat(ledger.health().up()).isTrue();
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaidAndDelaysNoCommit() throws Exception {
        Path blocked = Files.createFile(directory.resolve("blocked"));
        LedgerSettings settings = TestStore.SQLITE.settings(directory).withExports(blocked);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            await().until(() -> ledger.health().exportFailing());
            LedgerTest.fill(ledger, 3);
            assertThat(ledger.health().up()).isTrue();
        }
    }

    private boolean cosigned(LedgerSettings settings, long size) throws Exception {
        try (Connection connection = Vendor.SQLITE.open(settings, true).getConnection()) {
            return Rows.first(
                            connection,
                            "SELECT note FROM ledger_checkpoint WHERE size = ?",
                            row -> row.getString(1),
                            size)
                    .flatMap(SignedNote::parse)
                    .map(note -> note.verify(List.of(key.verifier())))
                    .filter(SignedNote.Verdict.Verified.class::isInstance)
                    .isPresent();
        }
    }
}
