package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.outbox.Settled;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code webhooks list|test|replay|disable|enable} as typed, on the shipped configuration. */
@Timeout(60)
class WebhookCommandsTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", "../.."), "config/gateway.yaml")
                    .toAbsolutePath();

    private static final byte[] SECRET =
            "a secret of thirty-two octets, so".getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path home;
    private Path config = Path.of("unset");
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private final List<String> expected = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private HttpServer crm;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void aCrm() throws IOException {
        crm = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        crm.createContext(
                "/hooks",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    signatures.add(exchange.getRequestHeaders().getFirst("webhook-signature"));
                    expected.add(
                            "v1,"
                                    + signature(
                                            exchange.getRequestHeaders().getFirst("webhook-id"),
                                            exchange.getRequestHeaders()
                                                    .getFirst("webhook-timestamp"),
                                            body));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        crm.start();
        config =
                Files.writeString(
                        home.resolve("gateway.yaml"),
                        Files.readString(SHIPPED)
                                .replace("data/", home.resolve("data") + "/")
                                .replace(": config/", ": " + SHIPPED.getParent() + "/")
                                .replace(
                                        "url: https://crm.example.com/hooks/consent",
                                        "url: http://127.0.0.1:%d/hooks"
                                                .formatted(crm.getAddress().getPort()))
                                .replaceFirst(
                                        "enabled: false # nothing is sent", "enabled: true # it is")
                                .replaceFirst("private-addresses: false", "private-addresses: true")
                                .replaceFirst(
                                        "      secret: #",
                                        "      secret: whsec_"
                                                + Base64.getEncoder().encodeToString(SECRET)
                                                + " #"));
    }

    private static String signature(String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        crm.stop(0);
    }

    private Ran webhooks(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(
                                Stream.of(
                                                Stream.of("webhooks"),
                                                Stream.of(arguments),
                                                Stream.of("--config", config.toString()))
                                        .flatMap(each -> each)
                                        .toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private interface Work<T> {
        T with(Ledger ledger) throws Exception;
    }

    /** As the gateway has it. */
    private <T> T store(Work<T> work) throws Exception {
        var settings = new PartSettings(GatewayConfig.load(config, home));
        try (Ledger ledger =
                Ledger.open(
                        settings.ledger().withAnnouncing(settings.announcements()),
                        InstantSource.system())) {
            return work.with(ledger);
        }
    }

    private static NewEntry given(Instant now) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "demo");
        return new NewEntry(
                EntryIds.next(now),
                EntryType.GIVEN,
                UUID.randomUUID().toString(),
                "somebody",
                payload);
    }

    private List<Message> claimed() throws Exception {
        return store(ledger ->
                ledger.outbox()
                        .claim(
                                List.of(new EventOutbox.Wanted("crm", false, 10, false)),
                                "test",
                                InstantSource.system().instant(),
                                Duration.ofMillis(1)));
    }

    @Test
    void whatWaitsIsListedAndSentAgainWhereItWasDelivered() throws Exception {
        assertThat(webhooks("list").out()).contains("crm", "enabled", " 0 ");
        Instant now = InstantSource.system().instant();
        store(ledger -> ledger.append(given(now)).toCompletableFuture().join());
        assertThat(webhooks("list").out()).containsPattern("crm +enabled +1 +20");
        store(ledger -> {
            List<Message> messages =
                    ledger.outbox()
                            .claim(
                                    List.of(new EventOutbox.Wanted("crm", false, 1, false)),
                                    "test",
                                    now.plusSeconds(1),
                                    Duration.ofMinutes(1));
            ledger.outbox()
                    .settle(
                            List.of(new Settled.Delivered(messages.getFirst(), "204")),
                            "test",
                            now.plusSeconds(1));
            return messages;
        });
        assertThat(webhooks("list").out()).containsPattern("crm +enabled +0 +-");

        assertThat(webhooks("replay", "crm", "--since", "PT2H"))
                .isEqualTo(new Ran(0, "1 messages are sent again\n", ""));
        assertThat(webhooks("list").out()).containsPattern("crm +enabled +1 +20");
        assertThat(claimed()).hasSize(1);
        assertThat(webhooks("replay", "crm", "--since", now.plusSeconds(3600).toString()).out())
                .isEqualTo("0 messages are sent again\n");
        Ran wrong = webhooks("replay", "crm", "--since", "yesterday");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("--since must be a time such as 2026-11-27T09:00:00Z");
    }

    @Test
    void aTestIsSignedAndSaysWhatCameBack() {
        Ran taken = webhooks("test", "crm");
        assertThat(taken.code()).as(taken.err()).isZero();
        assertThat(taken.out()).contains("public key  whpk_", "answer      204");
        assertThat(signatures.getFirst()).startsWith(expected.getFirst() + " v1a,");

        status = 503;
        Ran refused = webhooks("test", "crm");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("answer      503");
        crm.stop(0);
        assertThat(webhooks("test", "crm").out()).contains("answer      not connected");
    }

    /** The number of a request by text message, and never the code that opens the receipts. */
    @Test
    void anSmsGatewayIsToldTheNumberOfARequestAndNothingOfAConsent() {
        String mapping = SHIPPED.resolveSibling("webhooks/mappings/sms.jsonata").toString();
        Ran told = webhooks("map", "--mapping", mapping, "--example", "request.opened");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out())
                .contains("POST https://platform.example/messages", "\"K-4711\"", "482913")
                .contains("Wir antworten bis 2026-12-28");
        assertThat(webhooks("map", "--mapping", mapping, "--example", "all").out())
                .contains("# consent.given\nnothing is sent", "# call.ended\nnothing is sent")
                .containsOnlyOnce("POST ");
    }

    @Test
    void whatAMappingWouldSendIsShownAndNotSent() throws IOException {
        Path mapping = SHIPPED.resolveSibling("webhooks/mappings/hubspot.jsonata");
        Ran ran = webhooks("map", "--mapping", mapping.toString(), "--example", "consent.given");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith(
                        "# consent.given\nPOST https://platform.example/crm/objects/2026-03/"
                                + "p_telephone_consent/batch/upsert\n"
                                + "content-type: application/json\n")
                .contains("\"customer_reference\" : \"K-4711\"");
        assertThat(webhooks("map", "--mapping", mapping.toString(), "--example", "all").out())
                .contains("# ledger.alarm\nnothing is sent");
        assertThat(webhooks("map", "crm").err()).contains("crm has no mapping");
        assertThat(webhooks("map", "--mapping", mapping.toString(), "--example", "x").err())
                .contains("no event x; there are [consent.served");

        Path token = Files.writeString(home.resolve("crm.token"), "very-secret\n");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("      mapping: #", "      mapping: " + mapping + " #")
                        .replaceFirst("      token-file: #", "      token-file: " + token + " #"));
        Ran configured = webhooks("map", "crm", "--example", "consent.withdrawn");
        assertThat(configured.code()).as(configured.err()).isZero();
        assertThat(configured.out())
                .contains("POST http://127.0.0.1:", "/hooks/crm/objects", "\"withdrawn\"")
                .doesNotContain("very-secret");
        assertThat(signatures).as("nothing was sent").isEmpty();
        assertThat(webhooks("test", "crm").out())
                .contains("its mapping makes nothing of endpoint.test");
    }

    @Test
    void aMappingOrTokenThatIsOfNoUseIsToldWithItsPlace() throws IOException {
        Path bad = Files.writeString(home.resolve("bad.jsonata"), "(\n  $a := 1;\n  {\"x\": \n)");
        Path half =
                Files.writeString(
                        home.resolve("half.jsonata"),
                        "event = 'consent.given' ? {'body': data} : null");
        Path empty = Files.writeString(home.resolve("empty.token"), "\n");
        String shipped = Files.readString(config);
        Files.writeString(
                config, shipped.replaceFirst("      mapping: #", "      mapping: " + bad + " #"));
        assertThat(webhooks("list").err())
                .contains("webhooks.endpoints[0].mapping", "bad.jsonata: line 4: ");
        Files.writeString(
                config, shipped.replaceFirst("      mapping: #", "      mapping: " + half + " #"));
        assertThat(webhooks("list").err())
                .contains("tells of consent.given and not of consent.withdrawn");
        Files.writeString(
                config,
                shipped.replaceFirst("      token-file: #", "      token-file: " + empty + " #"));
        assertThat(webhooks("list").err())
                .contains("webhooks.endpoints[0].token-file", "must have a bearer token");
    }

    @Test
    void whoIsDisabledIsShownWithTheReasonUntilEnabled() {
        Ran disabled = webhooks("disable", "crm", "--why", "Meier: moves tonight");
        assertThat(disabled).isEqualTo(new Ran(0, "disabled: crm\n", ""));
        assertThat(webhooks("list").out()).contains("disabled", "because: Meier: moves tonight");

        assertThat(webhooks("enable", "crm")).isEqualTo(new Ran(0, "enabled: crm\n", ""));
        assertThat(webhooks("list").out()).doesNotContain("disabled", "because");
        assertThat(webhooks("disable", "crm").code()).as("without a reason").isEqualTo(2);
    }

    @Test
    void aNameThatIsNotConfiguredIsToldWithThoseThatAre() {
        for (String command : List.of("test", "enable")) {
            Ran ran = webhooks(command, "erp");
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).contains("no webhook erp is configured", "there are crm");
        }
        assertThat(webhooks("disable", "erp", "--why", "x").code()).isEqualTo(1);
        assertThat(webhooks("replay", "erp", "--since", "PT1H").code()).isEqualTo(1);
    }
}
