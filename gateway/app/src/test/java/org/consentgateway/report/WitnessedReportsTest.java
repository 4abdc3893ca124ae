package org.consentgateway.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.CosigningKey;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run of reports in a log that a witness cosigns. */
@Timeout(120)
class WitnessedReportsTest {
    @TempDir private Path directory;

    private final CosigningKey key = CosigningKey.create("witness.example/w1");

    /** Sizes of the log of commands with which the witness was asked. */
    private final Set<Long> shown = new ConcurrentSkipListSet<>();

    private HttpServer witness;
    private Customers customers;

    @BeforeEach
    void start() throws Exception {
        witness = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        witness.createContext("/w1/add-checkpoint", this::cosign);
        witness.start();
        customers = new Customers(directory, Customers.announcing(directory));
    }

    @AfterEach
    void stop() {
        customers.close();
        witness.stop(0);
    }

    private void cosign(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String note = body.substring(body.indexOf("\n\n") + 2);
        String checkpoint = SignedNote.parse(note).orElseThrow().text();
        shown.add(Long.parseLong(checkpoint.lines().toList().get(1)));
        byte[] line = key.line(checkpoint, customers.now).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, line.length);
        exchange.getResponseBody().write(line);
        exchange.close();
    }

    private LedgerSettings witnessed() {
        LedgerSettings in = customers.settings;
        var one =
                new TrustPolicy.Witness(
                        "auditor",
                        key.witness(),
                        URI.create("http://127.0.0.1:" + witness.getAddress().getPort() + "/w1"));
        LedgerSettings.Checkpoints before = in.checkpoints();
        return new LedgerSettings(
                in.url(),
                in.keys(),
                in.node(),
                in.origin(),
                new LedgerSettings.Checkpoints(
                        before.entries(),
                        before.every(),
                        before.exports(),
                        TrustPolicy.of(List.of(one), 1)),
                in.limits(),
                in.announcing(),
                in.archive());
    }

    /** Else one that hangs makes days of a run over ten thousand customers. */
    @Test
    void aWitnessIsAskedWithTheFirstNoteAndBehindTheLastHoweverManyThereAre() throws Exception {
        agree(4);
        LedgerSettings settings = witnessed();
        assertThat(
                        customers.rows(
                                ReportRun.byEvent(
                                        customers.reports(),
                                        settings,
                                        () -> customers.now,
                                        () -> {})))
                .hasSize(4);

        long size =
                customers
                        .ledger
                        .reader()
                        .sizes()
                        .getOrDefault(settings.origin() + "/node-1.cli", -1L);
        assertThat(shown)
                .as("of the empty log, of the first note, and of all")
                .hasSize(3)
                .contains(0L, size);
    }

    /** What nobody sees for more than an hour reads like tampering. */
    @Test
    void aRunOfHoursThatIsBrokenOffLeavesNothingForVerifyToFind() throws Exception {
        agree(12);
        LedgerSettings settings = witnessed();
        AtomicInteger begun = new AtomicInteger();
        ReportRun run =
                ReportRun.byEvent(
                        customers.reports(),
                        settings,
                        () -> customers.now,
                        () -> {
                            customers.now = customers.now.plus(Duration.ofMinutes(10));
                            if (begun.incrementAndGet() == 12) {
                                throw new IllegalStateException("broken off");
                            }
                        });
        assertThatThrownBy(() -> customers.rows(run)).hasMessage("broken off");

        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings())
                .filteredOn(finding -> finding.log().endsWith("/node-1.cli"))
                .isEmpty();
        assertThat(shown)
                .as("before and behind notes 1, 4, 7 and 10, which are half an hour apart")
                .containsExactly(0L, 1L, 3L, 4L, 6L, 7L, 9L, 10L);
    }

    private void agree(int many) throws Exception {
        for (int customer = 1; customer <= many; customer++) {
            String number = "+493012345" + customer;
            customers.tie("crm-" + customer, number);
            UUID _ = customers.agrees(number, "de", "assistant", "report");
        }
    }
}
