package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** Real calls, and what another system is told of them. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WebhooksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<JsonNode> TOLD = new CopyOnWriteArrayList<>();
    private static final HttpServer CRM = crm();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, WebhooksTest::withACrm);

    private static HttpServer crm() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/hooks", WebhooksTest::takes);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void takes(HttpExchange exchange) throws IOException {
        TOLD.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @AfterAll
    static void stop() {
        CRM.stop(0);
    }

    private static String withACrm(String yaml) {
        byte[] secret = "a secret of thirty-two octets, so".getBytes(StandardCharsets.US_ASCII);
        return """
        webhooks:
          endpoints:
            - name: crm
              url: http://127.0.0.1:%d/hooks
              private-addresses: true
              secret: whsec_%s
        """
                        .formatted(
                                CRM.getAddress().getPort(),
                                Base64.getEncoder().encodeToString(secret))
                + yaml;
    }

    /** Each once, in the order in which they came. */
    private static List<JsonNode> told(String type, String field, String value) {
        return TOLD.stream()
                .filter(event ->
                        event.path("type").asText().equals("org.consentgateway." + type + ".v1"))
                .filter(event -> event.path("data").path(field).toString().contains(value))
                .toList();
    }

    private static JsonNode awaited(String type, String field, String value) {
        await().atMost(PATIENCE).until(() -> !told(type, field, value).isEmpty());
        return told(type, field, value).getFirst();
    }

    private static List<Entry> confirmations() throws Exception {
        return gateway.archive().reader().ofType(EntryType.HOLDER_TOLD, 100);
    }

    @Story
    void aCallIsToldAndTheCrmsReceiptOfAWithdrawalIsRecorded() throws Exception {
        String number = "+491710000401";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        String call = gateway.callIds(number).getFirst();
        JsonNode given = awaited("consent.given", "call_id", call);
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        String consent = given.at("/data/consent_id").asText();
        JsonNode withdrawn = awaited("consent.withdrawn", "consent_id", consent);
        JsonNode ended = awaited("call.ended", "call_id", call);

        assertThat(given.at("/data/purposes").toString()).contains("assistant");
        assertThat(withdrawn.at("/data/method").asText()).isEqualTo("KEY");
        assertThat(withdrawn.path("sequence").asText())
                .isGreaterThan(given.path("sequence").asText());
        assertThat(ended.at("/data/outcome").asText()).isEqualTo("withdrew");
        assertThat(awaited("consent.served", "call_id", call).at("/data/part").asText())
                .isEqualTo("opening");
        await().atMost(PATIENCE)
                .until(() -> confirmations().stream().anyMatch(one -> isOf(one, consent)));
        assertThat(TOLD.toString()).doesNotContain(number, number.substring(1));
        assertThat(gateway.http("/metrics"))
                .contains(
                        "consent_webhook_deliveries_total{endpoint=\"crm\",result=\"delivered\"}");
    }

    private static boolean isOf(Entry confirmation, String consent) {
        JsonNode payload = TestGateway.payload(confirmation);
        return payload.path("refers_to").asText().equals(consent)
                && payload.at("/holder/name").asText().equals("crm")
                && payload.at("/holder/acknowledged_by").asText().equals("WEBHOOK 204");
    }

    @Story
    void anErasureBesideTheGatewayIsToldAndItsReceiptRecorded() throws Exception {
        String number = "+491710000402";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant").hangsUp();
        String call = gateway.callIds(number).getFirst();
        String consent = awaited("consent.given", "call_id", call).at("/data/consent_id").asText();
        awaited("call.ended", "call_id", call);
        erase(number);

        JsonNode erased = awaited("subject.erased", "consent_ids", consent);
        assertThat(erased.at("/data").has("call_id")).isFalse();
        String task = erased.at("/data/record_id").asText();
        await().atMost(PATIENCE)
                .until(() -> confirmations().stream().anyMatch(one -> isOf(one, task)));
        await().atMost(PATIENCE)
                .until(() ->
                        desk().toTell().stream().noneMatch(open -> open.holder().equals("crm")));
    }

    private static void erase(String number) throws Exception {
        CommandLine command = SubjectCommand.with(() -> announcing(), () -> desk());
        var err = new StringWriter();
        command.setErr(new PrintWriter(err)).setOut(new PrintWriter(new StringWriter()));
        assertThat(command.execute("erase", number, "--yes", "--who", "A. Holm"))
                .as(err.toString())
                .isZero();
    }

    /** As the command line has it, which reads the same configuration. */
    private static org.consentgateway.ledger.store.LedgerSettings announcing() {
        try {
            GatewayConfig config = gateway.config();
            return gateway.ledger().withAnnouncing(new PartSettings(config).announcements());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static StoredRequests desk() {
        return TestLedger.requests(announcing(), InstantSource.system());
    }
}
