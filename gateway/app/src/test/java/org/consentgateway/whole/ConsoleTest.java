package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.consentgateway.compliance.PackDocument;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.web.UnfinishedForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who comes into the console, and what each may there: never more than the API allows. */
@Timeout(120)
class ConsoleTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, yaml -> ConsoleVisitor.LISTEN + yaml);

    private static final Set<String> PAGES =
            Set.of(
                    "/",
                    "/calls",
                    "/consents",
                    "/requests",
                    "/proof",
                    "/trunks",
                    "/help",
                    "/experiments",
                    "/texts",
                    "/settings");

    /** What each role sees in the navigation. */
    private static final Map<ConsoleRole, Set<String>> SEEN =
            Map.of(
                    ConsoleRole.VIEWER, Set.of("/", "/calls", "/help", "/experiments", "/texts"),
                    ConsoleRole.SERVICE,
                            Set.of(
                                    "/",
                                    "/consents",
                                    "/requests",
                                    "/help",
                                    "/experiments",
                                    "/texts"),
                    ConsoleRole.DPO,
                            Set.of(
                                    "/",
                                    "/calls",
                                    "/consents",
                                    "/requests",
                                    "/proof",
                                    "/help",
                                    "/experiments",
                                    "/texts"),
                    ConsoleRole.EDITOR, Set.of("/", "/help", "/experiments", "/texts"),
                    ConsoleRole.OPERATOR,
                            Set.of(
                                    "/",
                                    "/calls",
                                    "/proof",
                                    "/trunks",
                                    "/settings",
                                    "/help",
                                    "/experiments",
                                    "/texts"),
                    ConsoleRole.ADMIN, PAGES);

    private static String line(HttpResponse<String> said, String header) {
        return said.headers().firstValue(header).orElse("");
    }

    @Test
    void whoHasNotSignedInSeesTheSignInPageOnly() throws Exception {
        var visitor = new ConsoleVisitor(gateway);
        for (String path : PAGES) {
            HttpResponse<String> said = visitor.get(path);
            assertThat(said.statusCode()).as(path).isEqualTo(303);
            assertThat(line(said, "Location")).endsWith("/sign-in");
            assertThat(said.body()).isEqualTo("Redirected");
        }
        assertThat(visitor.get("/today/live").body()).isEmpty();
        assertThat(visitor.post("/calls/end", Map.of()).statusCode()).isEqualTo(401);
        assertThat(visitor.post("/sign-out", Map.of()).statusCode()).isEqualTo(303);
    }

    @Test
    void everyAnswerForbidsWhatIsNotOurs() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "headers", ConsoleRole.VIEWER);
        for (String path : List.of("/", "/sign-in", "/console.css", "/nothing", "/calls/end")) {
            HttpResponse<String> said = visitor.get(path);
            assertThat(line(said, "Content-Security-Policy"))
                    .as(path)
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                    .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
                    .doesNotContain("unsafe");
            assertThat(line(said, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(line(said, "Cache-Control")).isEqualTo("no-store");
            assertThat(line(said, "Referrer-Policy")).isEqualTo("same-origin");
            assertThat(said.headers().map()).doesNotContainKeys("server", "x-powered-by");
        }
    }

    @Test
    void theCookieIsForThisSiteAndNoScriptAndNewAtEachSignIn() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "fixed", ConsoleRole.VIEWER);
        var visitor = new ConsoleVisitor(gateway);
        visitor.cookies().put("session", "chosen-by-somebody-else");

        HttpResponse<String> said =
                visitor.signIn("fixed", ConsoleVisitor.PASSWORD, ConsoleVisitor.code(totp));

        assertThat(said.statusCode()).isEqualTo(303);
        assertThat(line(said, "Set-Cookie"))
                .contains("HttpOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("chosen-by-somebody-else", "Secure");
        var other = new ConsoleVisitor(gateway);
        other.cookies().put("session", "chosen-by-somebody-else");
        assertThat(other.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void aWrongNameAWrongPasswordAndAWrongCodeAreAnsweredAlike() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "alike", ConsoleRole.VIEWER);
        String code = ConsoleVisitor.code(totp);
        String wrongCode = code.equals("123456") ? "654321" : "123456";
        List<HttpResponse<String>> said =
                List.of(
                        new ConsoleVisitor(gateway).signIn("nobody", ConsoleVisitor.PASSWORD, code),
                        new ConsoleVisitor(gateway).signIn("alike", "wrong, and long", code),
                        new ConsoleVisitor(gateway)
                                .signIn("alike", ConsoleVisitor.PASSWORD, wrongCode));

        for (HttpResponse<String> each : said) {
            assertThat(each.statusCode()).isEqualTo(401);
            assertThat(each.body()).isEqualTo(said.getFirst().body());
            assertThat(each.headers().allValues("Set-Cookie")).isEmpty();
        }
        assertThat(refusals()).contains("console sign-in");
        assertThat(refusals()).doesNotContain("nobody", "wrong, and long");
    }

    private static String refusals() throws Exception {
        return gateway.archive().reader().ofType(EntryType.ACCESS_REFUSED, 100).stream()
                .map(ConsoleTest::payload)
                .toList()
                .toString();
    }

    private static String payload(Entry entry) {
        return TestGateway.payload(entry).toString();
    }

    @Test
    void aCodeOpensOnce() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "once", ConsoleRole.VIEWER);
        String code = ConsoleVisitor.code(totp);

        assertThat(
                        new ConsoleVisitor(gateway)
                                .signIn("once", ConsoleVisitor.PASSWORD, code)
                                .statusCode())
                .isEqualTo(303);
        assertThat(
                        new ConsoleVisitor(gateway)
                                .signIn("once", ConsoleVisitor.PASSWORD, code)
                                .statusCode())
                .isEqualTo(401);
    }

    /** Five tries are let through at once, the right one among those behind them is not. */
    @Test
    void whoGuessesIsSlowedDown() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "guessed", ConsoleRole.VIEWER);
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(
                    new ConsoleVisitor(gateway)
                            .signIn("guessed", "guess number " + i, "000000")
                            .statusCode());
        }
        HttpResponse<String> right =
                new ConsoleVisitor(gateway)
                        .signIn("guessed", ConsoleVisitor.PASSWORD, ConsoleVisitor.code(totp));

        assertThat(answers).containsOnly(401);
        assertThat(right.statusCode()).isEqualTo(429);
        assertThat(right.headers().firstValue("Retry-After")).isPresent();
    }

    /** Without a proxy the header is the visitor's own word. */
    @Test
    void whoGuessesCannotSayThatTheyAreSomebodyElse() throws Exception {
        var visitor = new ConsoleVisitor(gateway);
        InetAddress own = InetAddress.ofLiteral("127.1.1.1");
        int last = 0;
        try (HttpClient client = HttpClient.newBuilder().localAddress(own).build()) {
            for (int i = 0; i < 100 && last != 429; i++) {
                Map<String, String> form =
                        Map.of("name", "nobody" + i, "password", "wrong", "code", "000000");
                last =
                        client.send(
                                        visitor.posted("/sign-in", form)
                                                .header("Sec-Fetch-Site", "same-origin")
                                                .header("X-Forwarded-For", "192.0.2." + i)
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode();
            }
        }
        assertThat(last).isEqualTo(429);
    }

    /** Nobody has signed in yet: no file of theirs is taken. */
    @Test
    void aFormInPartsIsRefusedBeforeItIsRead() throws Exception {
        UnfinishedForm.Outcome sent =
                UnfinishedForm.to(gateway.gateway().consolePort(), "/sign-in");
        assertThat(sent.files()).isEmpty();
        assertThat(sent.answer()).startsWith("HTTP/1.1 415 ");
    }

    @Test
    void aFormFromElsewhereIsRefused() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "forged", ConsoleRole.OPERATOR);
        Map<String, String> form =
                Map.of("call", UUID.randomUUID().toString(), "token", visitor.token());

        assertThat(
                        visitor.send(
                                        visitor.posted("/calls/end", form)
                                                .header("Sec-Fetch-Site", "cross-site"))
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        visitor.send(
                                        visitor.posted("/calls/end", form)
                                                .header("Origin", "https://evil.example"))
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        visitor.send(
                                        visitor.posted("/calls/end", form)
                                                .header("Sec-Fetch-Site", "same-origin")
                                                .header("Origin", "https://evil.example"))
                                .statusCode())
                .isEqualTo(403);
        assertThat(visitor.send(visitor.posted("/calls/end", form)).statusCode()).isEqualTo(403);
        assertThat(visitor.post("/calls/end", Map.of("token", "another's")).statusCode())
                .isEqualTo(403);
        assertThat(visitor.post("/sign-out", Map.of()).statusCode()).isEqualTo(403);
        assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    }

    /** Another name that leads to this machine (DNS rebinding). */
    @Test
    void whoAsksForAnotherHostIsRefused() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "rebound", ConsoleRole.VIEWER);
        String request =
                "GET / HTTP/1.1\r\nHost: evil.example\r\nCookie: session=%s\r\nConnection: close\r\n\r\n"
                        .formatted(visitor.cookies().get("session"));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), visitor.base().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String said =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).startsWith("HTTP/1.1 421").doesNotContain("Ada");
        }
    }

    @ParameterizedTest
    @EnumSource(ConsoleRole.class)
    void eachRoleSeesWhatItsScopesOpenAndNothingElse(ConsoleRole role) throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "role-" + role.text(), role);
        String page = visitor.get("/").body();
        Set<String> seen = new HashSet<>();
        for (String path : PAGES) {
            boolean linked = page.contains("<a href=\"" + path + "\"");
            int status = visitor.get(path).statusCode();
            assertThat(status).as(path).isEqualTo(linked ? 200 : 403);
            if (linked) {
                seen.add(path);
            }
        }
        assertThat(seen).isEqualTo(SEEN.get(role));
        boolean ends = role == ConsoleRole.OPERATOR || role == ConsoleRole.ADMIN;
        assertThat(
                        visitor.postWithToken(
                                        "/calls/end",
                                        Map.of(
                                                "call",
                                                UUID.randomUUID().toString(),
                                                "once",
                                                "k" + role))
                                .statusCode())
                .isEqualTo(ends ? 404 : 403);
    }

    @Test
    @Timeout(30)
    void whoIsRemovedSeesNothingNewOnAPageThatIsOpen() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "watching", ConsoleRole.VIEWER);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Stream<String>> live =
                    client.send(
                            visitor.request("/today/live").build(),
                            HttpResponse.BodyHandlers.ofLines());
            new AccountFile(ConsoleVisitor.accounts(gateway)).remove("watching");
            assertThat(live.body()).contains("event: over");
        }
    }

    /** As an event: no script sees a comment, so a page could not tell that nothing comes. */
    @Test
    @Timeout(30)
    void aPageOnWhichNothingIsNewIsToldSo() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "waiting", ConsoleRole.VIEWER);
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> live =
                        client.send(
                                        visitor.request("/calls/live").build(),
                                        HttpResponse.BodyHandlers.ofLines())
                                .body()) {
            assertThat(live.anyMatch("event: alive"::equals)).isTrue();
        }
    }

    /** There is no body, so nothing would notice that whoever asked has gone. */
    @Test
    @Timeout(30)
    void whoAsksForWhatIsKeptUpToDateByHeadIsNotToldForEver() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "head", ConsoleRole.VIEWER);
        String session = visitor.cookies().get("session");
        String head = "%s /%s HTTP/1.1\r\nHost: %s\r\nCookie: session=%s\r\n%s\r\n";
        String host = visitor.base().getAuthority();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), visitor.base().getPort())) {
            socket.setSoTimeout(10_000);
            String both =
                    head.formatted("HEAD", "today/live", host, session, "")
                            + head.formatted("GET", "", host, session, "Connection: close\r\n");
            socket.getOutputStream().write(both.getBytes(StandardCharsets.US_ASCII));
            String said =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: text/event-stream;charset=utf-8")
                    .contains("<h1>");
        }
    }

    @Test
    void whoIsRemovedIsOutAtOnce() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "removed", ConsoleRole.ADMIN);
        assertThat(visitor.get("/").statusCode()).isEqualTo(200);

        new AccountFile(ConsoleVisitor.accounts(gateway)).remove("removed");

        assertThat(visitor.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void whoSignsOutIsOut() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "leaves", ConsoleRole.VIEWER);
        String session = visitor.cookies().get("session");

        assertThat(visitor.postWithToken("/sign-out", Map.of()).statusCode()).isEqualTo(303);

        visitor.cookies().put("session", session);
        assertThat(visitor.get("/").statusCode()).isEqualTo(303);
    }

    /**
     * A browser that follows a link of another site sends no cookie of ours, and would take an
     * answer that deletes it.
     */
    @Test
    void whoFollowsALinkFromElsewhereStaysSignedIn() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "linked", ConsoleRole.VIEWER);
        HttpResponse<String> led = new ConsoleVisitor(gateway).get("/");
        assertThat(led.statusCode()).isEqualTo(303);
        assertThat(led.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aCookieThatOpensNothingIsTaken() throws Exception {
        var visitor = new ConsoleVisitor(gateway);
        visitor.cookies().put("session", "of-a-process-before");
        assertThat(line(visitor.get("/"), "Set-Cookie")).contains("session=;", "1970");
    }

    @Test
    void everySignInStandsInTheLog() throws Exception {
        ConsoleVisitor _ = ConsoleVisitor.signedIn(gateway, "logged", ConsoleRole.DPO);

        assertThat(gateway.archive().reader().ofType(EntryType.ACCESSED, 200))
                .anySatisfy(each ->
                        assertThat(payload(each))
                                .contains("console logged", "console sign-in", "Ada dpo"));
    }

    @Test
    void aCallIsSeenStepByStepAndEndedByWhoMay() throws Exception {
        String number = "+491710000901";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        String call = gateway.callIds(number).getFirst();
        var operator = ConsoleVisitor.signedIn(gateway, "ends", ConsoleRole.OPERATOR);
        TestWait.until(() -> operator.get("/calls").body().contains("joined with the AI"));
        assertThat(operator.get("/calls").body()).contains(call).doesNotContain("491710000901");

        HttpResponse<String> ended =
                operator.postWithToken("/calls/end", Map.of("call", call, "once", "k1"));

        assertThat(ended.statusCode()).isEqualTo(303);
        caller.hears("goodbye").isOver();
        TestWait.until(() -> operator.get("/calls").body().contains("call-" + call));
        assertThat(operator.get("/calls").body())
                .contains("asked for consent", "recorded in the log");
        assertThat(operator.get("/").body()).contains("Answers in the last hour");
    }

    /** Its course, its words, its sound and its messages; the ladder for those who operate it. */
    @Test
    void aCallIsSeenAsAWhole() throws Exception {
        String number = "+491710000921";
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number)
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        String call = gateway.callIds(number).getFirst();
        var operator = ConsoleVisitor.signedIn(gateway, "whole", ConsoleRole.OPERATOR);
        TestWait.until(() -> operator.get("/calls").body().contains("call-" + call));

        String page = operator.get("/calls/" + call).body();

        assertThat(page)
                .contains("talked to the AI", "this is an AI", "agreed (key)", "from callers")
                .contains("INVITE sdp", "<svg", "As a table")
                .doesNotContain("491710000921");
        var viewer = ConsoleVisitor.signedIn(gateway, "whole-not", ConsoleRole.VIEWER);
        assertThat(viewer.get("/calls/" + call).body())
                .contains("agreed (key)")
                .doesNotContain("INVITE");
        for (String each : List.of(UUID.randomUUID().toString(), "ended", "..%2ftoday", "x")) {
            assertThat(operator.get("/calls/" + each).statusCode()).as(each).isBetween(400, 404);
        }
        assertThat(operator.get("/").body())
                .contains("Answers in the last 24 hours", "To the AI", "Half of them waited");
        assertThat(operator.get("/trunks").body()).contains("local, from callers", "MOS, median");
    }

    /** An editor writes other words; what passes is handed over, and nothing is written. */
    @Test
    void anotherWordingIsCheckedAndHandedOver() throws Exception {
        var editor = ConsoleVisitor.signedIn(gateway, "tries", ConsoleRole.EDITOR);
        String path = "/texts/demo/en/2026-11/variant";
        assertThat(editor.get("/texts/demo/en/2026-11").body()).contains("href=\"" + path);
        String form = editor.get(path).body();
        Matcher opening =
                Pattern.compile("name=\"text.opening\"[^>]*>([^<]+)</textarea>").matcher(form);
        assertThat(opening.find()).as(form).isTrue();
        String words = opening.group(1);
        Map<String, String> good =
                new HashMap<>(
                        Map.of(
                                "variant",
                                "b",
                                "name",
                                "shorter",
                                "line",
                                "one",
                                "share",
                                "50",
                                "start",
                                "2030-12-01",
                                "end",
                                "2030-12-28"));

        good.put("text.opening", words);
        assertThat(editor.postWithToken(path, good).body()).contains("No word is changed yet.");
        good.put("text.opening", words.replace("this is an AI", "here is an AI"));
        assertThat(editor.postWithToken(path, good).body())
                .contains("It would not be spoken so", "nobody has signed this text off");
        good.put("approved_by", "Ada Meier");
        String said = editor.postWithToken(path, good).body();
        assertThat(said)
                .contains("Both variants pass", "demo/en/2026-11.b.yaml", "tried: b", "line: one");
        good.put("take", "file");
        HttpResponse<String> file = editor.postWithToken(path, good);
        assertThat(line(file, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"2026-11.b.yaml\"");
        assertThat(file.body()).contains("variant: b", "weight: 0", "here is an AI");
        assertThat(gateway.prompts().notices().resolve("demo/en/2026-11.b.yaml")).doesNotExist();
        good.put("text.opening", "\"'><script>alert(1)</script>");
        String evil = editor.postWithToken(path, good).body();
        assertThat(evil).contains("It would not be spoken so").doesNotContain("<script>alert");
        good.put("line", "\"><b>");
        HttpResponse<String> wrong = editor.postWithToken(path, good);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("line: a line").doesNotContain("\"><b>");
    }

    private static String consentOf(String number) throws Exception {
        TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("remember-keys")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        return gateway.assistantOf(number).header("X-Consent-Id");
    }

    @Test
    void theServiceDeskFindsACallerAndWithdrawsOnTheirBehalf() throws Exception {
        String number = "+491710000902";
        String consent = consentOf(number);
        var desk = ConsoleVisitor.signedIn(gateway, "desk", ConsoleRole.SERVICE);

        HttpResponse<String> found =
                desk.postWithToken("/consents", Map.of("number", "+49 171 0000902"));
        assertThat(found.body()).contains(consent, "in force").doesNotContain("0000902\"");
        assertThat(desk.postWithToken("/consents", Map.of("number", "+49 (0)171 0000902")).body())
                .contains(consent);
        assertThat(
                        desk.postWithToken("/consents", Map.of("number", "+49 (0171) 0000902"))
                                .statusCode())
                .as("of nobody")
                .isEqualTo(422);
        HttpResponse<String> receipt = desk.get("/consents/" + consent + "/receipt");
        assertThat(receipt.statusCode()).isEqualTo(200);
        assertThat(line(receipt, "Content-Disposition")).startsWith("attachment");
        HttpResponse<String> printed = desk.get("/consents/" + consent + "/receipt.html");
        assertThat(line(printed, "Content-Disposition")).startsWith("attachment");
        assertThat(printed.body()).startsWith("<!DOCTYPE html>").contains(consent);
        HttpResponse<String> withdrawn =
                desk.postWithToken("/consents/withdraw", Map.of("consent", consent, "once", "w1"));

        assertThat(withdrawn.statusCode()).as(withdrawn.body()).isEqualTo(303);
        assertThat(line(withdrawn, "Location")).endsWith("/consents/" + consent);
        assertThat(desk.get("/consents/" + consent).body())
                .contains("on the person")
                .doesNotContain("Withdraw now");
        assertThat(gateway.archive().reader().ofType(EntryType.ACCESSED, 200))
                .extracting(ConsoleTest::payload)
                .anyMatch(each ->
                        each.contains("POST /v1/consents/search")
                                && each.contains("console desk")
                                && each.contains(consent))
                .anyMatch(each -> each.contains("withdrawal") && each.contains("Ada service"));
    }

    private static String requestOn(ConsoleVisitor visitor, String kind, String number)
            throws Exception {
        HttpResponse<String> taken =
                visitor.postWithToken(
                        "/requests/open",
                        Map.of(
                                "number",
                                number,
                                "kind",
                                kind,
                                "channel",
                                "LETTER",
                                "once",
                                kind + number.hashCode()));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(303);
        Matcher id =
                Pattern.compile("id=\"r-([0-9a-f-]{36})\"")
                        .matcher(visitor.get("/requests").body());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    /** From the letter to what is sent: one takes it down, another answers. */
    @Test
    void aRequestIsTakenDownByTheDeskAndAnsweredByTheDpo() throws Exception {
        String number = "+491710000904";
        String consent = consentOf(number);
        var desk = ConsoleVisitor.signedIn(gateway, "takes", ConsoleRole.SERVICE);
        var dpo = ConsoleVisitor.signedIn(gateway, "answers", ConsoleRole.DPO);

        String access = requestOn(desk, "ACCESS", "+49 171 / 000 09 04");
        assertThat(desk.get("/requests").body())
                .contains("Asked for by letter", "taken down by Ada service", "days left")
                .doesNotContain("0000904", "Approve access");
        Map<String, String> ground =
                Map.of("request", access, "ground", "wrote from\nthe known address", "once", "g1");
        assertThat(desk.postWithToken("/requests/approval", ground).statusCode()).isEqualTo(403);
        assertThat(desk.get("/requests/" + access + "/answer").statusCode()).isEqualTo(403);
        assertThat(dpo.postWithToken("/requests/extension", ground).statusCode()).isEqualTo(303);
        HttpResponse<String> approved =
                dpo.postWithToken(
                        "/requests/approval",
                        Map.of("request", access, "ground", "address fits", "once", "g2"));
        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(303);
        assertThat(line(approved, "Location")).endsWith("/requests?done=approval");
        assertThat(dpo.get("/requests?done=approval").body())
                .contains("The request is approved", "wrote from the known address");
        HttpResponse<byte[]> answer = dpo.download("/requests/" + access + "/answer");
        assertThat(names(answer.body()))
                .contains("README.txt", "export.html", "export.json")
                .contains("receipts/" + consent + ".json");

        String erasure = requestOn(desk, "ERASURE", "+49 (0)171 / 000 09 04");
        HttpResponse<String> erased =
                dpo.postWithToken(
                        "/requests/approval",
                        Map.of("request", erasure, "ground", "address fits", "once", "g3"));
        assertThat(erased.statusCode()).as(erased.body()).isEqualTo(303);
        assertThat(dpo.get("/consents/" + consent).statusCode()).isEqualTo(410);
        assertThat(gateway.archive().reader().ofType(EntryType.ACCESSED, 200))
                .extracting(ConsoleTest::payload)
                .anyMatch(each -> each.contains("GET /v1/requests\"") && each.contains(access))
                .anyMatch(each -> each.contains("/answer") && each.contains("console answers"))
                .anyMatch(each -> each.contains("/approval") && each.contains("Ada dpo"));
    }

    private static List<String> names(byte[] archive) throws Exception {
        List<String> names = new ArrayList<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                names.add(each.getName());
            }
        }
        return names;
    }

    /** Word by word beside another version, with the sound that callers hear. */
    @Test
    void aTextIsReadComparedAndHeard() throws Exception {
        var editor = ConsoleVisitor.signedIn(gateway, "writes", ConsoleRole.EDITOR);
        Matcher path =
                Pattern.compile("href=\"(/texts/[a-z]+/en/[^\"]+)\"")
                        .matcher(editor.get("/texts").body());
        assertThat(path.find()).isTrue();
        String page = editor.get(path.group(1)).body();
        assertThat(page).contains("class=\"spoken\"", " words, longest sentence ");
        Matcher sound = Pattern.compile("src=\"(/texts/sounds/[^\"]+)\"").matcher(page);
        assertThat(sound.find()).isTrue();
        HttpResponse<byte[]> heard = editor.download(sound.group(1));
        assertThat(heard.statusCode()).isEqualTo(200);
        assertThat(heard.headers().firstValue("Content-Type")).contains("audio/wav");
        assertThat(heard.body()).startsWith('R', 'I', 'F', 'F').hasSizeGreaterThan(1_000);
        for (String each :
                List.of(
                        path.group(1) + "?with=nothing",
                        "/texts/demo/de/..%2f..",
                        "/texts/sounds/" + "0".repeat(64) + "/opening",
                        "/texts/sounds/x/opening")) {
            assertThat(editor.get(each).statusCode()).as(each).isBetween(400, 404);
        }
    }

    /** Where each thing comes from; the accounts' file is no secret, what is in it is. */
    @Test
    void settingsAreShownWithTheirSource() throws Exception {
        var operator = ConsoleVisitor.signedIn(gateway, "sets", ConsoleRole.OPERATOR);
        String page = operator.get("/settings").body();
        assertThat(page)
                .contains("console.idle", "default")
                .containsPattern("console.accounts</th><td[^>]*><strong>data/accounts.json")
                .containsPattern("<td[^>]*>line [0-9]+</td>");
        var dpo = ConsoleVisitor.signedIn(gateway, "sets-not", ConsoleRole.DPO);
        assertThat(dpo.get("/settings").statusCode()).isEqualTo(403);
    }

    @Test
    void everybodyFindsTheGuides() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "reads", ConsoleRole.VIEWER);
        assertThat(visitor.get("/help").body())
                .contains("<a href=\"/help/service-desk#somebody-withdraws\">");
        assertThat(visitor.get("/help/service-desk").body())
                .contains("<h2 id=\"somebody-withdraws\">", "<li>");
        assertThat(visitor.get("/help/..%2f..%2fgateway.yaml").statusCode()).isBetween(400, 404);
        assertThat(visitor.get("/help/nothing").statusCode()).isEqualTo(404);
        assertThat(new ConsoleVisitor(gateway).get("/help").statusCode()).isEqualTo(303);
    }

    @Test
    void aTrunkIsAskedByWhoMay() throws Exception {
        var operator = ConsoleVisitor.signedIn(gateway, "asks", ConsoleRole.OPERATOR);
        assertThat(operator.get("/trunks").body()).contains("local", "Ask now");
        Map<String, String> form = Map.of("name", "local", "once", "p1");
        assertThat(operator.postWithToken("/trunks/probe", form).statusCode()).isEqualTo(303);
        for (String each : List.of("nobody", "../today", "local/../x", "")) {
            Map<String, String> wrong = Map.of("name", each, "once", "p2" + each);
            assertThat(operator.postWithToken("/trunks/probe", wrong).statusCode()).isEqualTo(404);
        }
        var dpo = ConsoleVisitor.signedIn(gateway, "asks-not", ConsoleRole.DPO);
        assertThat(dpo.postWithToken("/trunks/probe", form).statusCode()).isEqualTo(403);
        assertThat(dpo.get("/trunks/live").statusCode()).isEqualTo(403);
    }

    /** What an auditor takes along is a file each, and a receipt stays with those who may. */
    @Test
    void theProofIsTakenAlong() throws Exception {
        String consent = consentOf("+491710000905");
        var operator = ConsoleVisitor.signedIn(gateway, "proves", ConsoleRole.OPERATOR);

        assertThat(operator.get("/proof").body()).contains("Checkpoints (", "entry 0", ">signs<");
        HttpResponse<String> entry = operator.get("/proof/entry?id=" + consent);
        assertThat(entry.body()).startsWith("c2sp.org/tlog-proof@v1\n");
        assertThat(line(entry, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"entry-" + consent + ".tlog-proof\"");
        assertThat(operator.get("/proof/verifier.keys").body()).contains("+");
        assertThat(operator.get("/proof/policy.txt").body()).contains("quorum");
        assertThat(operator.get("/proof/receipt?id=" + consent).statusCode()).isEqualTo(403);
        for (String each :
                List.of("", "x", "..%2f..", "%0d%0aSet-Cookie:x", UUID.randomUUID() + "")) {
            assertThat(operator.get("/proof/entry?id=" + each).statusCode()).isEqualTo(404);
            assertThat(operator.get("/proof/checkpoints/" + each).statusCode()).isBetween(400, 404);
        }
        var dpo = ConsoleVisitor.signedIn(gateway, "receives", ConsoleRole.DPO);
        assertThat(line(dpo.get("/proof/receipt?id=" + consent), "Location"))
                .endsWith("/consents/" + consent + "/receipt");
    }

    /** In the language of the page, filled from this gateway, by those who answer for it. */
    @Test
    void theDocumentsForCounselAreTakenAlong() throws Exception {
        var dpo = ConsoleVisitor.signedIn(gateway, "counsels", ConsoleRole.DPO);
        String page = dpo.get("/proof").body();

        for (String name : PackDocument.NAMES) {
            assertThat(page).contains("/proof/compliance/" + name + ".html");
            HttpResponse<String> html = dpo.get("/proof/compliance/" + name + ".html");
            assertThat(html.statusCode()).as(name).isEqualTo(200);
            assertThat(line(html, "Content-Disposition")).startsWith("attachment; filename=");
            assertThat(html.body()).startsWith("<!DOCTYPE html>").doesNotContain("<script");
        }
        assertThat(dpo.get("/proof/compliance/deletion-concept.md").body())
                .startsWith("# Deletion concept")
                .contains("`retention.refused`");
        var desk = ConsoleVisitor.signedIn(gateway, "counsels-not", ConsoleRole.SERVICE);
        assertThat(desk.get("/proof/compliance/dpia.md").statusCode()).isEqualTo(403);
        for (String wrong :
                List.of("nothing.md", "dpia", "dpia.exe", "..%2fgateway.yaml", "x.md%0d")) {
            assertThat(dpo.get("/proof/compliance/" + wrong).statusCode())
                    .as(wrong)
                    .isBetween(400, 404);
        }
    }

    /** What stands in an address, or in a field that is not shown, is not believed. */
    @Test
    void noFieldOfARequestIsBelieved() throws Exception {
        var dpo = ConsoleVisitor.signedIn(gateway, "fields", ConsoleRole.DPO);

        assertThat(dpo.get("/requests?done=%3Cscript%3E&holders=x").body())
                .doesNotContain("<script>", "holders");
        for (String each : List.of("approval", "refusal", "extension")) {
            for (String id : List.of("../consents", "%2e%2e", "", UUID.randomUUID().toString())) {
                Map<String, String> form =
                        Map.of("request", id, "ground", "a good one", "once", id + each);
                assertThat(dpo.postWithToken("/requests/" + each, form).statusCode())
                        .as(each + " " + id)
                        .isEqualTo(404);
            }
        }
        HttpResponse<String> wrong =
                dpo.postWithToken(
                        "/requests/open",
                        Map.of("number", "<b>", "kind", "NONE", "channel", "LETTER", "once", "w"));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("number: a number of E.164", "kind: one of ACCESS");
    }

    /** Another's page, another's form: the role decides, not what is sent. */
    @Test
    void whoMayNotSeeConsentsSeesNoneByTheirId() throws Exception {
        String consent = consentOf("+491710000903");
        for (ConsoleRole role :
                Set.of(ConsoleRole.VIEWER, ConsoleRole.EDITOR, ConsoleRole.OPERATOR)) {
            var visitor = ConsoleVisitor.signedIn(gateway, "blind-" + role.text(), role);
            assertThat(visitor.get("/consents/" + consent).statusCode()).isEqualTo(403);
            for (String each : List.of("/receipt", "/receipt.html")) {
                assertThat(visitor.get("/consents/" + consent + each).statusCode()).isEqualTo(403);
            }
            assertThat(
                            visitor.postWithToken("/consents", Map.of("number", "+491710000903"))
                                    .statusCode())
                    .isEqualTo(403);
            assertThat(
                            visitor.postWithToken(
                                            "/consents/withdraw",
                                            Map.of("consent", consent, "once", "b" + role))
                                    .statusCode())
                    .isEqualTo(403);
        }
        var desk = ConsoleVisitor.signedIn(gateway, "sees", ConsoleRole.DPO);
        assertThat(desk.get("/consents/" + consent).body()).contains("in force");
        assertThat(desk.get("/consents/..%2f..%2fcalls").statusCode()).isBetween(400, 404);
        assertThat(desk.postWithToken("/consents", Map.of("number", "030 123")).statusCode())
                .isEqualTo(422);
        assertThat(desk.postWithToken("/consents", Map.of("reference", "a/../b")).statusCode())
                .isEqualTo(422);
    }
}
