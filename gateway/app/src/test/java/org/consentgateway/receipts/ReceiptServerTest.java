package org.consentgateway.receipts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Channel;
import org.consentgateway.consent.request.SubjectRequest.Confirmation;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.PickupCode;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.web.UnfinishedForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** People fetch their receipts; others learn nothing, however long they try. */
@Timeout(60)
class ReceiptServerTest {
    private static final String NUMBER = "+4930123456";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private LedgerSettings settings;
    private Ledger ledger;
    private ReceiptServer server;
    private UUID given;
    private String code = "";

    @BeforeEach
    void aPersonHasApproved() throws Exception {
        settings = TestLedger.in(directory.resolve("data"));
        ledger = Ledger.open(settings, () -> now);
        given = gives();
        now = now.plusSeconds(60);
        code = stored().code(approved(Kind.ACCESS));
        now = now.plusSeconds(60);
        server = start(false);
    }

    @AfterEach
    void stop() {
        server.close();
        ledger.close();
    }

    private ReceiptServer start(boolean behindProxy) throws Exception {
        return ReceiptServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                behindProxy,
                new ReceiptCounter(
                        new ReleasedReceipts(ledger),
                        () -> LedgerArchive.open(settings),
                        new AccessRecords(ledger, () -> now, Duration.ofSeconds(20))),
                () -> now);
    }

    private StoredRequests stored() {
        return TestLedger.requests(settings, Clock.fixed(now, ZoneOffset.UTC));
    }

    private Subject caller() {
        return new LedgerPseudonyms(ledger.pseudonyms()).subject(NUMBER);
    }

    private UUID gives() throws Exception {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("subject").put("pseudonym", caller().pseudonym());
        payload.putObject("notice").put("id", "booking").put("language", "de");
        payload.putObject("decision").put("level", "komfort");
        return ledger.append(
                        NewEntry.of(EntryType.GIVEN, "call-1", caller().pseudonym(), payload, now))
                .toCompletableFuture()
                .join()
                .entryId();
    }

    private String reference = "";

    private Approved approved(Kind kind) throws Exception {
        var request =
                new Opened(
                        EntryIds.next(now),
                        now,
                        kind,
                        Channel.TELEPHONE,
                        null,
                        "Ada",
                        caller(),
                        now.plus(Duration.ofDays(30)),
                        Confirmation.NOT_NEEDED);
        reference = request.reference().digits();
        return stored().answering(answers -> {
            answers.open(request);
            return answers.approveAccess(request, new Answer("Ada", "called back"));
        });
    }

    private HttpResponse<String> post(String... fields) throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&").append(fields[i]).append('=');
            body.append(URLEncoder.encode(fields[i + 1], UTF_8));
        }
        return CLIENT.send(
                HttpRequest.newBuilder(at("/?language=de"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private List<Entry> looks(EntryType type) throws Exception {
        return ledger.reader().ofType(type, 100);
    }

    @Test
    void withNumberAndCodeTheReceiptsAreReadAndEachLookIsRecorded() throws Exception {
        HttpResponse<String> list =
                post("number", reference, "code", code.toLowerCase(Locale.ROOT));
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.body()).contains("Sie haben eingewilligt", given.toString());
        assertThat(list.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(list.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("frame-ancestors 'none'");

        HttpResponse<String> page =
                post("number", reference, "code", code, "id", given.toString(), "as", "html");
        CheckResult check =
                ReceiptCheck.of(
                        Files.writeString(directory.resolve("receipt.html"), page.body()),
                        KeyFiles.verifiers(settings.keys().resolve("verifier.keys")),
                        TrustPolicy.NONE);
        assertThat(check.passed()).as(check.toString()).isTrue();
        HttpResponse<String> json =
                post("number", reference, "code", code, "id", given.toString(), "as", "json");
        assertThat(json.body()).startsWith("{").contains(given.toString());

        assertThat(looks(EntryType.ACCESSED)).hasSize(3);
        assertThat(String.valueOf(looks(EntryType.ACCESSED).getFirst().payload()))
                .contains("\"case\":\"" + reference + "\"", "\"found\":1")
                .doesNotContain(given.toString(), caller().pseudonym());
    }

    /** Who has agreed in each of very many calls reads the receipt of the first one as well. */
    @Test
    void moreReceiptsThanStandOnAPageAreOnThoseBehindIt() throws Exception {
        var all = new HashSet<String>();
        for (int i = 0; i < 120; i++) {
            all.add(gives().toString());
        }
        all.add(given.toString());
        now = now.plusSeconds(60);
        code = stored().code(approved(Kind.ACCESS));

        String first = post("number", reference, "code", code).body();
        String second = post("number", reference, "code", code, "from", "100").body();

        assertThat(first)
                .contains("Das sind noch nicht alle Belege.", "name=\"from\" value=\"100\"")
                .doesNotContain(given.toString());
        assertThat(second).contains(given.toString()).doesNotContain("noch nicht alle");
        assertThat(all).allMatch(id -> first.contains(id) || second.contains(id));
        assertThat(post("number", reference, "code", code, "id", given.toString()).statusCode())
                .isEqualTo(200);
    }

    /** Nobody fills the disk with files that nobody asked for. */
    @Test
    void aFormInPartsIsRefusedBeforeItIsRead() throws Exception {
        UnfinishedForm.Outcome sent = UnfinishedForm.to(server.port(), "/");
        assertThat(sent.files()).isEmpty();
        assertThat(sent.answer()).startsWith("HTTP/1.1 415 ");
    }

    /** The log is nobody's to fill with what they say of a body. */
    @ParameterizedTest
    @ValueSource(strings = {"; charset=klingon", "; charset=\"a b\"", "; charset=", "; charset"})
    void anEncodingThatNobodyKnowsIsNoFailureOfOurs(String parameter) throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger("org.consentgateway");
        root.addAppender(log);
        HttpResponse<String> said =
                CLIENT.send(
                        HttpRequest.newBuilder(at("/?language=de"))
                                .header(
                                        "Content-Type",
                                        "application/x-www-form-urlencoded" + parameter)
                                .POST(HttpRequest.BodyPublishers.ofString("number=1"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        root.detachAppender(log);
        assertThat(said.statusCode()).isEqualTo(415);
        assertThat(said.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    }

    /** What was agreed to later may be another's, who has the number now. */
    @Test
    void onlyWhatWasThereWhenItWasApprovedIsShown() throws Exception {
        UUID later = gives();
        HttpResponse<String> list = post("number", reference, "code", code);
        assertThat(list.body()).contains(given.toString()).doesNotContain(later.toString());
        assertThat(post("number", reference, "code", code, "id", later.toString()).statusCode())
                .isEqualTo(404);
        UUID strangers =
                ledger.append(
                                NewEntry.of(
                                        EntryType.GIVEN,
                                        "call-2",
                                        ledger.pseudonyms().subject("+49301").current(),
                                        JsonNodeFactory.instance.objectNode(),
                                        now))
                        .toCompletableFuture()
                        .join()
                        .entryId();
        assertThat(post("number", reference, "code", code, "id", strangers.toString()).statusCode())
                .isEqualTo(404);
    }

    /** A call of whoever has the number now relies on the same consent, until somebody notices. */
    @Test
    void whatBecameOfItSinceTheApprovalIsNotInTheReceipt() throws Exception {
        String[] wanted = {"number", reference, "code", code, "id", given.toString(), "as", "json"};
        assertThat(post(wanted).body()).contains("as_of");
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("refers_to", given.toString()).put("assistant", "another-persons");
        var _ =
                ledger.append(
                                NewEntry.of(
                                        EntryType.ASSISTANT_OPENED,
                                        "call-2",
                                        caller().pseudonym(),
                                        payload,
                                        now))
                        .toCompletableFuture()
                        .join();

        HttpResponse<String> receipt = post(wanted);

        assertThat(receipt.statusCode()).isEqualTo(200);
        assertThat(receipt.body())
                .contains(given.toString())
                .doesNotContain("another-persons", "since", "as_of", "statement");
    }

    @Test
    void whatIsWrongIsToldInTheSameWordsWhateverItIs() throws Exception {
        HttpResponse<String> wrongCode = post("number", reference, "code", "0000-0000-0000");
        assertThat(wrongCode.statusCode()).isEqualTo(404);
        String other = reference.equals("123456") ? "654321" : "123456";
        for (HttpResponse<String> each :
                List.of(
                        post("number", other, "code", code),
                        post("number", "x", "code", code),
                        post("number", reference, "code", ""),
                        post("number", reference),
                        post("number", "' OR 1=1", "code", "\"><script>"))) {
            assertThat(each.statusCode()).isEqualTo(404);
            assertThat(each.body()).isEqualTo(wrongCode.body());
        }
        assertThat(looks(EntryType.ACCESSED)).isEmpty();
        await().untilAsserted(() -> assertThat(looks(EntryType.ACCESS_REFUSED)).hasSize(6));
        for (Entry refused : looks(EntryType.ACCESS_REFUSED)) {
            assertThat(Objects.requireNonNull(refused.payload()).at("/access").toString())
                    .doesNotContain(reference, other);
        }

        now = now.plus(Duration.ofDays(31));
        assertThat(post("number", reference, "code", code).body())
                .as("after thirty days")
                .isEqualTo(wrongCode.body());
    }

    @Test
    void anErasureOrAnotherRequestOpensNothing() throws Exception {
        Approved erasure = approved(Kind.ERASURE);
        assertThat(post("number", reference, "code", stored().code(erasure)).statusCode())
                .as("of a request for erasure")
                .isEqualTo(404);
        now = now.plusSeconds(10);
        String access = stored().code(approved(Kind.ACCESS));
        now = now.plusSeconds(10);
        assertThat(post("number", reference, "code", code).statusCode())
                .as("the code of another request of the same caller")
                .isEqualTo(404);
        assertThat(post("number", reference, "code", access).statusCode()).isEqualTo(200);
        stored().erase(NUMBER, "Ada", "asked");
        now = now.plusSeconds(10);
        assertThat(post("number", reference, "code", access).statusCode())
                .as("after the erasure")
                .isEqualTo(404);
    }

    @Test
    void whoeverGuessesIsStoppedByTheNumberAndByWhereItComesFrom() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(post("number", reference, "code", "000" + i).statusCode()).isEqualTo(404);
        }
        HttpResponse<String> stopped = post("number", reference, "code", code);
        assertThat(stopped.statusCode()).as("even with the right one").isEqualTo(429);
        for (int i = 0; i < 5; i++) {
            int _ = post("number", "000001", "code", "x").statusCode();
        }
        assertThat(post("number", "000001", "code", "x").body())
                .as("a number that there is not is told the same")
                .isEqualTo(stopped.body());
        for (int i = 0; i < 30; i++) {
            int _ = post("number", "00001" + i % 10, "code", "x").statusCode();
        }
        assertThat(post("number", "000099", "code", "x").statusCode())
                .as("by one source")
                .isEqualTo(429);
        now = now.plus(Duration.ofMinutes(10));
        assertThat(post("number", reference, "code", code).statusCode())
                .as("nobody is locked out for good")
                .isEqualTo(200);
    }

    /** The number is spoken aloud, and its code has sixty bits: guesses of others are no danger. */
    @Test
    void whoKnowsANumberKeepsItsOwnerFromNothing() throws Exception {
        server.close();
        server = start(true);
        for (int i = 0; i < 6; i++) {
            int _ = shown("198.51.100.1", "number=" + reference + "&code=x");
        }
        String right = "number=" + reference + "&code=" + code;
        assertThat(shown("198.51.100.1", right)).as("who guesses").isEqualTo(429);
        assertThat(shown("192.0.2.1", right)).as("who was given the code").isEqualTo(200);
    }

    /** The last address is the proxy's own word; those before are the visitor's. */
    @Test
    void behindAProxyVisitorsAreToldApartByWhatItAdds() throws Exception {
        server.close();
        server = start(true);
        for (int i = 0; i < 31; i++) {
            int _ = from("198.51.100." + i + ", 192.0.2.1", i);
        }
        assertThat(from("198.51.100.99, 192.0.2.1", 40)).isEqualTo(429);
        assertThat(from("192.0.2.2", 41)).isEqualTo(404);
        assertThat(from("198.51.100.98", 42, "192.0.2.1")).as("a line of its own").isEqualTo(429);
        for (int i = 0; i < 31; i++) {
            int _ = from("2001:db8:1:2::" + i, 50 + i);
        }
        assertThat(from("2001:db8:1:2:ffff::1", 99)).as("one network").isEqualTo(429);
    }

    private int from(String forwarded, int number, String... more) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at("/"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("X-Forwarded-For", forwarded);
        for (String each : more) {
            request.header("X-Forwarded-For", each);
        }
        request.POST(HttpRequest.BodyPublishers.ofString("number=%06d&code=x".formatted(number)));
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private int shown(String forwarded, String form) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(at("/"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("X-Forwarded-For", forwarded)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @Test
    void neitherNumberNorCodeStandsInAnAddressOrALog() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var ours = (Logger) LoggerFactory.getLogger("org.consentgateway");
        root.addAppender(lines);
        ours.setLevel(Level.TRACE);
        try {
            String list = post("number", reference, "code", code).body();
            assertThat(list.replaceAll("value=\"[^\"]*\"", ""))
                    .as("but in fields of forms")
                    .doesNotContain(reference, code);
            assertThat(list).doesNotContain("<script", "method=\"get\"");
            int _ = post("number", "999999", "code", "WRONGWRONG").statusCode();
        } finally {
            ours.setLevel(null);
            root.detachAppender(lines);
        }
        assertThat(lines.list.toString())
                .doesNotContain(reference, code, "999999", "WRONGWRONG", NUMBER.substring(1));
        var asked = HttpRequest.newBuilder(at("/?number=" + reference + "&code=" + code)).build();
        assertThat(CLIENT.send(asked, HttpResponse.BodyHandlers.ofString()).body())
                .as("an address opens nothing")
                .doesNotContain(given.toString());
    }

    @Test
    void bothLanguagesSayTheSame() {
        assertThat(ReceiptForms.in("de", null).words())
                .containsOnlyKeys(ReceiptForms.in("en", null).words().keySet());
        assertThat(ReceiptForms.in(null, "fr-FR,de;q=0.5").language()).isEqualTo("en");
        assertThat(ReceiptForms.in(null, null).language()).isEqualTo("de");
    }

    @Test
    void aCodeHasSixtyBitsAndIsOfOneApprovalAlone() {
        assertThat(code).matches("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}");
        UUID one = new UUID(1, 1);
        String right = PickupCode.of(ledger.pseudonyms(), one);
        assertThat(PickupCode.matches(ledger.pseudonyms(), one, right.replace("-", " "))).isTrue();
        assertThat(PickupCode.matches(ledger.pseudonyms(), new UUID(1, 2), right)).isFalse();
        assertThat(PickupCode.matches(ledger.pseudonyms(), one, right.substring(1))).isFalse();
    }
}
