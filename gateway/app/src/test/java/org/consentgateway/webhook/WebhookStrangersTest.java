package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What goes over the wire, against programs that are not ours: standardwebhooks and cloudevents
 * (npm) take every delivery, Node's crypto the public signature; receivers that misbehave.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WebhookStrangersTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] SEED =
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CURRENT =
            "the secret that signs at present".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREVIOUS =
            "the secret that signed until now".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOREIGN =
            "a secret of somebody quite other".getBytes(StandardCharsets.US_ASCII);

    private static HttpPoster poster;
    private static NpmProgram receiver;

    @BeforeAll
    static void start() throws Exception {
        poster = new HttpPoster(List.of(), InstantSource.system(), System::nanoTime);
        receiver =
                NpmProgram.start(
                        Npm.installed(PROJECT),
                        "webhook-receiver.mjs",
                        Map.of(
                                "SECRETS",
                                whsec(CURRENT) + "," + whsec(PREVIOUS) + "," + whsec(FOREIGN),
                                "PUBLIC",
                                Signatures.of(SEED).publicKey()));
    }

    @AfterAll
    static void stop() {
        receiver.close();
        poster.close();
    }

    private static String whsec(byte[] secret) {
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    private static Endpoint endpoint(String url, boolean privateAddresses, Duration timeout) {
        return new Endpoint(
                "crm",
                URI.create(url),
                EnumSet.allOf(EventType.class),
                Receiver.signed(() -> List.of(CURRENT, PREVIOUS)),
                "CRM",
                new Endpoint.Reach(privateAddresses, List.of(), timeout, 1000));
    }

    private static Endpoint stranger(int path) {
        return endpoint(
                "http://127.0.0.1:" + receiver.port() + "/" + path, true, Duration.ofSeconds(30));
    }

    private static Delivery delivery() {
        return new Delivery(
                "https://gw.example", SEED, poster, EventContext.NONE, InstantSource.system());
    }

    private static int status(Poster.Response response) {
        return response instanceof Poster.Response.HttpStatus status ? status.code() : 0;
    }

    /** One message of each type, as the outbox has it. */
    static Stream<Message> messages() {
        var announcements =
                new Announcements(List.of(endpoint("https://a.example/", false, Duration.ZERO)));
        List<Message> all = new ArrayList<>();
        for (EntryType type : EntryType.values()) {
            NewEntry entry = entry(type);
            for (Outgoing message : announcements.of(entry)) {
                all.add(message(entry.id(), message.type(), message.body()));
            }
        }
        var loose = new ArrayList<Outgoing>();
        ObjectNode ended = JsonNodeFactory.instance.objectNode();
        ended.put("call_id", UUID.randomUUID().toString())
                .put("line", "hotline")
                .put("outcome", "assisted")
                .put("seconds", 61.2);
        loose.add(new Outgoing("crm", "call.ended", false, withId(ended)));
        ObjectNode alarm = JsonNodeFactory.instance.objectNode();
        alarm.put("node", "gw1").put("trouble", "store-down").put("raised", true);
        loose.add(new Outgoing("crm", "ledger.alarm", false, withId(alarm)));
        loose.add(
                new Outgoing(
                        "crm",
                        "endpoint.test",
                        false,
                        withId(JsonNodeFactory.instance.objectNode())));
        loose.forEach(each -> all.add(message(UUID.randomUUID(), each.type(), each.body())));
        return all.stream();
    }

    private static String withId(ObjectNode data) {
        return data.put("record_id", UUID.randomUUID().toString()).toString();
    }

    private static Message message(UUID id, String type, String body) {
        return new Message(
                1,
                id,
                "crm",
                type,
                new Message.Place("consent-gateway/log/gw1", 4711),
                Instant.parse("2026-11-27T12:00:00.123Z"),
                false,
                body,
                0,
                0);
    }

    /** With umlauts, since octets are signed and not characters. */
    private static NewEntry entry(EntryType type) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "Grüße").put("answered_at", "2026-11-27T12:00:00Z");
        payload.putObject("lost").put("last_seen", "2026-11-27T12:01:00Z");
        payload.putObject("notice")
                .put("id", "demo")
                .put("version", "2026-11")
                .put("language", "de")
                .put("variant", "a")
                .put("text_sha256", "11".repeat(32));
        payload.putObject("decision")
                .put("level", "basis")
                .put("reason", "NO_INPUT")
                .put("purpose", "transcript")
                .put("outcome", "ENDED")
                .put("method", "KEY")
                .putArray("purposes")
                .add("assistant");
        payload.putObject("validity").put("from", "2026-11-27T12:00:00Z");
        payload.putObject("served").put("part", "opening").put("completed", true);
        payload.putObject("withdrawal")
                .put("reason", "CALLER")
                .put("method", "KEY")
                .put("at", "2026-11-27T12:00:00Z");
        payload.putObject("origin")
                .put("source", "WEB")
                .put("form", "newsletter")
                .put("reference", "A-1")
                .put("identified", "CODE")
                .put("same_words", true)
                .put("text_sha256", "11".repeat(32))
                .put("by", "Ada Meier");
        payload.put("refers_to", UUID.randomUUID().toString());
        payload.putObject("holder").put("name", "CRM");
        payload.putArray("consents").add(UUID.randomUUID().toString());
        payload.putObject("task").put("kind", "COMPLAINT").put("number", "+4930123456");
        payload.put("record_id", UUID.randomUUID().toString());
        payload.putObject("request")
                .put("reference", "482913")
                .put("kind", "ACCESS")
                .put("channel", "PRIVACY_LINE")
                .put("due", "2026-12-28T23:00:00Z");
        payload.putObject("report")
                .put("month", "2026-10")
                .put("way", "event")
                .put("reference", "4930123456");
        payload.putObject("subject").put("pseudonym", "c0ffee");
        return new NewEntry(
                EntryIds.next(Instant.now()),
                type,
                UUID.randomUUID().toString(),
                "c0ffee",
                payload);
    }

    @Test
    void strangersTakeEveryKindOfDelivery() {
        List<String> types = new ArrayList<>();
        messages()
                .forEach(message -> {
                    assertThat(status(delivery().of(message, stranger(0))))
                            .as("%s: %s", message.type(), receiver.said())
                            .isEqualTo(204);
                    types.add(message.type());
                });

        assertThat(types).contains("complaint.made", "endpoint.test");
        assertThat(types.stream().distinct().count())
                .as("all but callback.requested, which is told like a complaint")
                .isEqualTo(EventType.values().length - 1);
        assertThat(receiver.said()).filteredOn(line -> line.contains("\"same\":false")).isEmpty();
    }

    @Test
    void whileSecretsChangeBothAreGoodAndNoOther() {
        Message message = messages().findFirst().orElseThrow();

        assertThat(status(delivery().of(message, stranger(0)))).isEqualTo(204);
        assertThat(status(delivery().of(message, stranger(1)))).isEqualTo(204);
        assertThat(status(delivery().of(message, stranger(2)))).isEqualTo(400);
    }

    @Test
    void everyEventIsAsItsSchemaSaysAndSaysNoMore() throws Exception {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        for (Message message : messages().toList()) {
            JsonNode event = JSON.readTree(new CloudEvent("https://gw.example").of(message));
            Path file =
                    PROJECT.resolve("config/webhooks/schemas/" + message.type() + ".schema.json");
            JsonSchema schema = factory.getSchema(Files.readString(file), InputFormat.JSON);
            assertThat(schema.validate(event.get("data"))).as(message.type()).isEmpty();
            assertThat(JSON.readTree(file.toFile()).get("$id").asText())
                    .isEqualTo(event.get("dataschema").asText());
            assertThat(event.toString())
                    .as("no number, no pseudonym")
                    .doesNotContain("4930123456", "c0ffee");
            ObjectNode more = ((ObjectNode) event.get("data")).deepCopy().put("telephone", "1");
            assertThat(schema.validate(more)).as("strict: " + message.type()).isNotEmpty();
        }
        try (Stream<Path> files = Files.list(PROJECT.resolve("config/webhooks/schemas"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(EventType.values())
                                    .map(type -> type.text() + ".schema.json")
                                    .toList());
        }
    }

    /** Takes one connection, reads the request and does this. */
    private interface Behaviour {
        void with(Socket socket, CountDownLatch over) throws Exception;
    }

    private static Poster.Response posted(Behaviour behaviour, Duration timeout) throws Exception {
        var over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = server.accept()) {
                            behaviour.with(socket, over);
                        } catch (Exception e) {
                            // the other side has had enough
                        }
                    });
            Endpoint there =
                    endpoint("http://127.0.0.1:" + server.getLocalPort() + "/", true, timeout);
            return delivery().of(messages().findFirst().orElseThrow(), there);
        } finally {
            over.countDown();
        }
    }

    private static String head(String status, String... fields) {
        return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    private static Behaviour answering(String head) {
        return (socket, over) -> {
            answer(socket, head);
            boolean _ = over.await(60, TimeUnit.SECONDS);
        };
    }

    private static void answer(Socket socket, String head) throws IOException {
        byte[] request = new byte[16 * 1024];
        int read = 0;
        String soFar = "";
        while (read >= 0 && !soFar.endsWith("}")) {
            read = socket.getInputStream().read(request);
            soFar += read < 0 ? "" : new String(request, 0, read, StandardCharsets.UTF_8);
        }
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Test
    void aReceiverThatHangsIsGivenUpInTime() throws Exception {
        Behaviour silent = (_, over) -> over.await(60, TimeUnit.SECONDS);

        assertThat(posted(silent, Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.Failed("timeout"));
        assertThat(posted(answering("HTTP/1.1 200 OK\r\nContent-Le"), Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.Failed("timeout"));
    }

    @Test
    void anAnswerThatNeverEndsCountsByItsStatus() throws Exception {
        assertThat(posted(answering(head("200 OK") + "ok"), Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.HttpStatus(200, 0));
        assertThat(
                        posted(
                                answering(
                                        head("100 Continue")
                                                + head("202 Accepted", "Content-Length: 9")
                                                + "half"),
                                Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.HttpStatus(202, 0));
        assertThat(posted(answering(head("503 Later", "Retry-After: 7")), Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.HttpStatus(503, 7));
    }

    @Test
    void anAnswerThatIsResetCountsByItsStatus() throws Exception {
        Behaviour resets =
                (socket, over) -> {
                    answer(socket, head("200 OK", "Content-Length: 9") + "half");
                    boolean _ = over.await(500, TimeUnit.MILLISECONDS); // it is read by then
                    socket.setSoLinger(true, 0);
                };

        assertThat(posted(resets, Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.HttpStatus(200, 0));
    }

    @Test
    void oneThatHangsUpHasTakenNothing() throws Exception {
        assertThat(posted((socket, _) -> socket.close(), Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.Failed("connection lost"));
    }

    @Test
    void whatOnlyAnnouncesAnAnswerIsNone() throws Exception {
        String announced =
                head("100 Continue")
                        + head(
                                "103 Early Hints",
                                "Link: </style.css>; rel=preload",
                                "Retry-After: 9")
                        + head("102 Processing");
        assertThat(
                        posted(
                                answering(announced + head("202 Accepted", "Content-Length: 0")),
                                Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.HttpStatus(202, 0));
        assertThat(posted(answering(announced), Duration.ofSeconds(1)))
                .isEqualTo(new Poster.Response.Failed("timeout"));
        assertThat(
                        posted(
                                answering(
                                        head(
                                                "101 Switching Protocols",
                                                "Connection: upgrade",
                                                "Upgrade: h2c")),
                                Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.Failed("another protocol"));
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        String there = "http://127.0.0.1:" + receiver.port() + "/0";
        int before = receiver.said().size();
        Poster.Response moved =
                posted(
                        answering(
                                head(
                                        "307 Temporary Redirect",
                                        "Location: " + there,
                                        "Content-Length: 0")),
                        Duration.ofSeconds(30));

        assertThat(moved).isEqualTo(new Poster.Response.HttpStatus(307, 0));
        assertThat(receiver.said()).hasSize(before);
    }

    @Test
    void whatItAsksForIsReadAndAnEndlessAnswerIsCutOff() throws Exception {
        assertThat(
                        posted(
                                answering(
                                        head(
                                                "429 Slow Down",
                                                "Retry-After: 900",
                                                "Content-Length: 0")),
                                Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.HttpStatus(429, 900));
        assertThat(
                        posted(
                                answering(
                                        head(
                                                "503 Later",
                                                "Date: Sun, 06 Nov 1994 08:49:37 GMT",
                                                "Retry-After: Sun, 06 Nov 1994 09:49:37 GMT",
                                                "Content-Length: 0")),
                                Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.HttpStatus(503, 3600));
        assertThat(
                        posted(
                                answering(
                                        head("200 OK", "Content-Length: 100000000")
                                                + "x".repeat(200_000)),
                                Duration.ofSeconds(30)))
                .isEqualTo(new Poster.Response.HttpStatus(200, 0));
    }

    @Test
    void nobodyInsideIsAskedUnlessItIsAllowed() {
        Message message = messages().findFirst().orElseThrow();
        for (String inside :
                List.of(
                        "127.0.0.1",
                        "10.0.0.1",
                        "[::1]",
                        "192.168.1.1",
                        "[fd00::1]",
                        "localhost")) {
            assertThat(
                            delivery()
                                    .of(
                                            message,
                                            endpoint(
                                                    "http://"
                                                            + inside
                                                            + ":"
                                                            + receiver.port()
                                                            + "/0",
                                                    false,
                                                    Duration.ofSeconds(5))))
                    .as(inside)
                    .isEqualTo(new Poster.Response.Failed("address not allowed"));
        }
    }

    @Test
    void whichAddressesArePublic() {
        assertThat(allowed(false))
                .containsExactly("192.0.3.1", "8.8.8.8", "172.32.0.1", "2a00:1450::1");
        assertThat(allowed(true))
                .contains("127.0.0.1", "10.1.2.3", "fd00::1", "::1")
                .doesNotContain(
                        "169.254.169.254", "fd00:ec2::254", "0.0.0.0", "224.0.0.1", "ff02::1");
    }

    @Test
    void thisMachineIsInsideUnderEachOfItsAddresses() throws Exception {
        for (String own : List.of("8.8.8.8", "2a00:1450::1")) {
            InetAddress address = InetAddress.getByName(own);
            assertThat(Reachable.isAllowed(address, false, address::equals)).as(own).isFalse();
            assertThat(Reachable.isAllowed(address, true, address::equals)).as(own).isTrue();
            assertThat(Reachable.isOfThisMachine(address)).as(own).isFalse();
        }
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            assertThat(each.inetAddresses())
                    .as(each.getName())
                    .allMatch(Reachable::isOfThisMachine);
        }
    }

    private static List<String> allowed(boolean privateToo) {
        return Stream.of(
                        "192.0.3.1",
                        "8.8.8.8",
                        "172.32.0.1",
                        "2a00:1450::1",
                        "127.0.0.1",
                        "10.1.2.3",
                        "172.16.0.1",
                        "192.168.0.1",
                        "169.254.169.254",
                        "100.64.0.1",
                        "0.0.0.0",
                        "192.0.2.1",
                        "198.18.0.1",
                        "203.0.113.9",
                        "224.0.0.1",
                        "240.0.0.1",
                        "255.255.255.255",
                        "::1",
                        "::",
                        "fe80::1",
                        "fd00::1",
                        "fd00:ec2::254",
                        "ff02::1",
                        "::ffff:10.0.0.1",
                        "64:ff9b::a00:1",
                        "2002:a00:1::",
                        "2001:db8::1")
                .filter(text -> {
                    try {
                        return Reachable.isAllowed(InetAddress.getByName(text), privateToo);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
