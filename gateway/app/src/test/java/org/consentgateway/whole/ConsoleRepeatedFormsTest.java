package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.ConsoleServer;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.console.page.RequestPages;
import org.consentgateway.console.page.call.CallPages;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each form of the pages Requests and Calls that is sent to an API of which nobody knows whether it
 * has done it. What the API says stands in these tests; the console before it is the real one.
 */
@Timeout(60)
class ConsoleRepeatedFormsTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String ID = UUID.randomUUID().toString();
    private static final String DONE = "{\"holders_to_tell\": 1, \"call_records\": true}";

    @TempDir private Path directory;

    /** What is asked of it, as its path, its Idempotency-Key and its body. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private volatile int status = 201;
    private volatile String answer = DONE;
    private HttpServer api;
    private Ledger ledger;
    private ConsoleServer console;
    private ConsoleVisitor admin;

    @BeforeEach
    void start() throws Exception {
        api = HttpServer.create(ANY_PORT, 0);
        api.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    if (exchange.getRequestMethod().equals("POST")) {
                        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
                        asked.add(exchange.getRequestURI() + " " + key + " " + body);
                    }
                    byte[] octets = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, octets.length);
                    exchange.getResponseBody().write(octets);
                    exchange.close();
                });
        api.start();
        ledger = Ledger.open(TestLedger.in(directory), CLOCK);
        var accounts = new AccountFile(directory.resolve("accounts.json"));
        TotpSecret totp = ConsoleVisitor.add(accounts, "ada", ConsoleRole.ADMIN);
        console =
                ConsoleServer.start(
                        ANY_PORT,
                        new ConsoleServer.Terms(Optional.empty(), false, HOUR, HOUR),
                        new ConsoleServer.Inside(
                                accounts,
                                new AccessRecords(ledger, CLOCK, Duration.ofSeconds(5)),
                                new SessionTokens(),
                                api.getAddress(),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(new RequestPages(CLOCK), new CallPages()),
                        CLOCK,
                        CLOCK);
        admin = new ConsoleVisitor(URI.create("http://127.0.0.1:" + console.port()));
        String code = ConsoleVisitor.code(totp);
        assertThat(admin.signIn("ada", ConsoleVisitor.PASSWORD, code).statusCode()).isEqualTo(303);
    }

    @AfterEach
    void end() throws Exception {
        console.close();
        ledger.close();
        api.stop(0);
    }

    /** A form that changes something, and where it leads to once that is done. */
    private record Form(String path, Map<String, String> fields, String leadsTo) {
        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Form> forms() {
        var answering = Map.of("request", ID, "ground", "said \"so\" &\nmore");
        var closing = Map.of("task", ID, "result", "<b>done</b>");
        return Stream.of(
                new Form(
                        "/requests/open",
                        Map.of(
                                "number",
                                "+49 171 0000904",
                                "kind",
                                "ERASURE",
                                "channel",
                                "LETTER",
                                "received",
                                "2026-11-30"),
                        "/requests?done=open"),
                new Form("/requests/approval", answering, "/requests?done=approval"),
                new Form("/requests/refusal", answering, "/requests?done=refusal"),
                new Form("/requests/extension", answering, "/requests?done=extension"),
                new Form("/requests/callbacks", closing, "/requests?done=callbacks"),
                new Form("/requests/complaints", closing, "/requests?done=complaints"),
                new Form("/calls/end", Map.of("call", ID), "/calls"));
    }

    private HttpResponse<String> sent(Form form, String language) throws Exception {
        return admin.post(form.path() + language, form.fields());
    }

    private void says(int status, String kind) {
        this.status = status;
        this.answer =
                "{\"type\": \"urn:consentgateway:problem:%s\", \"detail\": \"why\"}"
                        .formatted(kind);
    }

    private Form complete(Form form) throws Exception {
        var fields = new LinkedHashMap<>(form.fields());
        fields.put("once", "o-1");
        fields.put("token", admin.token());
        return new Form(form.path(), fields, form.leadsTo());
    }

    /** As a page shows it. */
    private static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                .formatted(name, value.replace("&", "&amp;").replace("\"", "&#34;"));
    }

    /**
     * A browser shows the answer to what was sent last: what is still to be done, such as whom to
     * tell of an erasure (Art. 19 DSGVO), is told by the answer to the same form again.
     */
    @ParameterizedTest
    @MethodSource("forms")
    void theFormComesBackWhereItMayBeDoneOrNotAndLeadsOnWhenItIsSentAgain(Form empty)
            throws Exception {
        Form form = complete(empty);
        for (String kind : List.of("unavailable", "under-way")) {
            int told = kind.equals("under-way") ? 409 : 503;
            says(told, kind);
            HttpResponse<String> english = sent(form, "?language=en");
            HttpResponse<String> german = sent(form, "?language=de");

            assertThat(english.statusCode()).as(english.body()).isEqualTo(told);
            assertThat(english.body())
                    .contains("<form method=\"post\" action=\"" + form.path() + "\">")
                    .contains("role=\"alert\"", "not certain", "send it again")
                    .doesNotContain("<b>");
            form.fields()
                    .forEach((name, value) ->
                            assertThat(english.body().replace("&lt;", "<"))
                                    .contains(hidden(name, value)));
            assertThat(german.body()).contains("nicht sicher", "Noch einmal senden");
        }

        status = 201;
        answer = DONE;
        HttpResponse<String> again = sent(form, "");

        assertThat(again.statusCode()).isEqualTo(303);
        String hints = form.path().startsWith("/requests") ? "&holders=yes&calls=yes" : "";
        assertThat(again.headers().firstValue("Location").orElseThrow())
                .endsWith(form.leadsTo() + hints);
        assertThat(asked).hasSize(5);
        assertThat(List.copyOf(asked).stream().distinct()).as("the same request").hasSize(1);
    }

    /** To send it again would be answered the same for ever. */
    @ParameterizedTest
    @MethodSource("forms")
    void theFormDoesNotComeBackWhereItIsCertainlyNotDone(Form empty) throws Exception {
        Form form = complete(empty);
        says(409, "conflict");

        HttpResponse<String> said = sent(form, "");

        assertThat(said.statusCode()).isEqualTo(409);
        assertThat(said.body()).contains("cannot be done now").doesNotContain(form.path());
    }
}
