package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.cli.report.CustomersCommand;
import org.consentgateway.cli.report.ReportsCommand;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.LetterWriter;
import org.consentgateway.report.ReportWay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year of one person, as those who answer for it see it: they have the console and nothing else,
 * and send what its forms send. The clock is set forward between the seasons. Only what other
 * systems do is not done there: the CRM says whose number it is, a timer has reports sent; and the
 * files stay the truth: what the console has drafted is put among them, recorded and read again.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PersonsYearTest {
    private static final String NUMBER = "+491710000931";
    private static final Duration NOW = Duration.ZERO;
    private static final Duration NEXT_MONTH = Duration.ofDays(35);
    private static final Duration AUTUMN = Duration.ofDays(200);
    private static final Duration WINTER = Duration.ofDays(330);
    private static final String ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static final String TEXT = "/texts/demo/en/2026-11";

    @TempDir private Path folder;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            ConsoleVisitor.LISTEN
                                    + ApiClient.LISTEN
                                    + "reports: {purpose: assistant}\n"
                                    + yaml.replace("call-back: false", "call-back: true")
                                            .replaceAll(
                                                    "(?s)(name: remember\n.*?)first-input",
                                                    "$1satisfaction: true\n    first-input"));

    private static String found(String pattern, String page) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(pattern + page).isTrue();
        return matcher.group(1);
    }

    /** Fills a form in and sends it, with what is hidden in it on its page. */
    private static void sends(ConsoleVisitor who, String path, Map<String, String> form)
            throws Exception {
        HttpResponse<String> said = who.postWithToken(path, form);
        assertThat(said.statusCode()).as(path + said.body()).isEqualTo(303);
    }

    private static void audited(EntryType type, String... parts) throws Exception {
        assertThat(gateway.archive().reader().ofType(type, 200))
                .extracting(Entry::payload)
                .extracting(Objects::toString)
                .anySatisfy(each -> assertThat(each).contains(parts));
    }

    @Test
    void everyStepIsDoneInTheConsoleAndStandsInTheAudit() throws Exception {
        anEditorTriesAnotherWording();
        String consent = agreesOnTheTelephoneAndComplains();
        theVariantThatWasHeardIsSeen(consent);
        theDeskSeesBothAndAnswersTheComplaint(consent);
        String report = theMonthlyReportIsDue();
        gateway.restartAfter(AUTUMN);
        theDpoReadsTheReport(report);
        accessIsAskedForAndHandedOver(consent);
        theDeskWithdrawsOnTheirBehalf(consent);
        gateway.restartAfter(WINTER);
        erasureIsApproved(consent);

        assertThat(gateway.verify().passed()).isTrue();
    }

    /** Written and checked in the console; its file and its block are what is put in place. */
    private void anEditorTriesAnotherWording() throws Exception {
        var editor = ConsoleVisitor.signedIn(gateway, "spring.editor", ConsoleRole.EDITOR, NOW);
        audited(EntryType.ACCESSED, "console sign-in", "console spring.editor", "Ada editor");
        String page = editor.get(TEXT + "/variant").body();
        String words = found("name=\"text.opening\"[^>]*>([^<]+)</textarea>", page);
        String other = words.replace("this is an AI", "here is an AI");
        assertThat(other).isNotEqualTo(words);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Map<String, String> form =
                new HashMap<>(
                        Map.of(
                                "variant",
                                "b",
                                "name",
                                "spring",
                                "line",
                                "remember",
                                "share",
                                "50",
                                "start",
                                today.toString(),
                                "end",
                                today.plusDays(27).toString(),
                                "approved_by",
                                "Ada dpo",
                                "text.opening",
                                other));
        HttpResponse<String> checked = editor.postWithToken(TEXT + "/variant", form);
        assertThat(checked.body()).contains("Both variants pass", "(opening)");
        String block = found("<code>(experiments:[^<]+)</code>", checked.body());
        form.put("take", "file");
        Files.writeString(
                gateway.prompts().notices().resolve("demo/en/2026-11.b.yaml"),
                editor.postWithToken(TEXT + "/variant", form).body());
        OtherWording.record(gateway, folder.resolve("cache"), other);
        JsonNode read = gateway.reloadWith("lines:\n", block + "lines:\n");
        assertThat(read.path("done").asBoolean()).as(read.toString()).isTrue();
        assertThat(editor.get("/experiments").body()).contains("spring", "Too few callers so far");
        assertThat(editor.get("/texts").body()).contains(TEXT + ".b\"", "Ada dpo");
    }

    /** By the same hand as the consent: one of the two, the words of which are told. */
    private static void theVariantThatWasHeardIsSeen(String consent) throws Exception {
        Entry given = gateway.archive().reader().entry(UUID.fromString(consent)).orElseThrow();
        String variant = TestGateway.payload(given).at("/notice/variant").asText();
        String call = TestGateway.payload(given).at("/call/gateway_call_id").asText();
        assertThat(variant).isIn("a", "b");
        var dpo = ConsoleVisitor.signedIn(gateway, "spring.dpo", ConsoleRole.DPO, NOW);
        assertThat(dpo.get("/consents/" + consent).body())
                .contains("demo 2026-11" + (variant.equals("b") ? ".b" : "") + " (en)");
        audited(EntryType.ACCESSED, "GET /v1/consents/{id}", "console spring.dpo", consent);
        assertThat(dpo.get("/calls/" + call).body())
                .contains(variant.equals("b") ? "here is an AI" : "this is an AI")
                .doesNotContain(NUMBER.substring(1));
    }

    private static String agreesOnTheTelephoneAndComplains() throws Exception {
        TestCaller caller = TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER).talks();
        caller.hears("question-keys.assistant").presses("1").hears("remember-keys").presses("1");
        caller.hears("assistant");
        String consent = gateway.assistantOf(NUMBER).header("X-Consent-Id");
        gateway.assistantOf(NUMBER).hangUp();
        caller.hears("satisfaction").presses("2").hears("helped").presses("7");
        caller.hears("call-back").presses("0").hears("complaint-noted").isOver();
        audited(EntryType.GIVEN, consent);
        audited(EntryType.TASK_OPENED, "COMPLAINT");
        return consent;
    }

    private static void theDeskSeesBothAndAnswersTheComplaint(String consent) throws Exception {
        var desk = ConsoleVisitor.signedIn(gateway, "spring", ConsoleRole.SERVICE, NOW);
        audited(EntryType.ACCESSED, "console sign-in", "console spring", "Ada service");
        assertThat(desk.postWithToken("/consents", Map.of("number", NUMBER)).body())
                .contains(consent, "in force");
        audited(EntryType.ACCESSED, "/v1/consents/search", "console spring", consent);
        String task =
                found(
                        "(?s)action=\"/requests/complaints\".*?name=\"task\" value=\"("
                                + ID
                                + ")\"",
                        desk.get("/requests").body());
        sends(
                desk,
                "/requests/complaints",
                Map.of("task", task, "result", "called and said sorry", "once", "c1"));
        audited(EntryType.TASK_CLOSED, "Ada service", "called and said sorry");
        assertThat(desk.get("/requests").body()).doesNotContain(task);
    }

    /** What the CRM and a timer do. */
    private static String theMonthlyReportIsDue() throws Exception {
        HttpResponse<String> tied =
                ApiClient.of(gateway)
                        .send("PUT", "/v1/subjects/crm-77", "{\"number\":\"" + NUMBER + "\"}");
        assertThat(tied.statusCode()).isEqualTo(204);
        Clock later = Clock.offset(Clock.systemUTC(), NEXT_MONTH);
        Path languages = Path.of(System.getProperty("project.root"), "config/languages");
        var configured =
                new CustomersCommand.Configured(
                        new CustomerReports.Terms(
                                "assistant", new LetterWriter(languages, ZoneOffset.UTC, "")),
                        ReportWay.EVENT,
                        60_000,
                        gateway.ledger(),
                        List.of("crm"),
                        () -> {
                            throw new IOException("nothing is sent by mail");
                        });
        String month = YearMonth.now(later.withZone(ZoneOffset.UTC)).minusMonths(1).toString();
        var out = new StringWriter();
        int done =
                ReportsCommand.with(gateway::ledger, () -> configured, later)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(out, true))
                        .execute("customers", "--month", month);
        assertThat(done).as(out.toString()).isZero();
        return gateway.archive()
                .reader()
                .ofType(EntryType.REPORT_DUE, 10)
                .getFirst()
                .id()
                .toString();
    }

    private static void theDpoReadsTheReport(String report) throws Exception {
        var dpo = ConsoleVisitor.signedIn(gateway, "reads", ConsoleRole.DPO, AUTUMN);
        assertThat(dpo.get("/consents").body()).contains("action=\"/consents/report\"");
        HttpResponse<String> letter = dpo.get("/consents/report?id=" + report);
        assertThat(letter.statusCode()).as(letter.body()).isEqualTo(200);
        assertThat(letter.body()).contains("<html lang=\"en\">");
        audited(EntryType.ACCESSED, "/v1/reports/customers/", "console reads");
        assertThat(dpo.get("/consents/report?id=x").statusCode()).isEqualTo(404);
    }

    private static String takenDown(ConsoleVisitor desk, String kind) throws Exception {
        sends(
                desk,
                "/requests/open",
                Map.of("number", NUMBER, "kind", kind, "channel", "LETTER", "once", kind));
        return found("id=\"r-(" + ID + ")\"", desk.get("/requests").body());
    }

    private static void accessIsAskedForAndHandedOver(String consent) throws Exception {
        var desk = ConsoleVisitor.signedIn(gateway, "takes", ConsoleRole.SERVICE, AUTUMN);
        var dpo = ConsoleVisitor.signedIn(gateway, "answers", ConsoleRole.DPO, AUTUMN);
        assertThat(desk.get("/consents/report?id=" + consent).statusCode()).isEqualTo(403);
        String request = takenDown(desk, "ACCESS");
        audited(EntryType.REQUEST_OPENED, "Ada service");
        sends(
                dpo,
                "/requests/approval",
                Map.of("request", request, "ground", "address fits", "once", "a1"));
        audited(EntryType.REQUEST_APPROVED, "Ada dpo", "address fits", request);
        assertThat(dpo.download("/requests/" + request + "/answer").statusCode()).isEqualTo(200);
        audited(EntryType.ACCESSED, "/answer", "console answers");
    }

    private static void theDeskWithdrawsOnTheirBehalf(String consent) throws Exception {
        var desk = ConsoleVisitor.signedIn(gateway, "ends", ConsoleRole.SERVICE, AUTUMN);
        sends(desk, "/consents/withdraw", Map.of("consent", consent, "once", "w1"));
        assertThat(desk.get("/consents/" + consent).body()).doesNotContain("Withdraw now");
        audited(EntryType.WITHDRAWN, consent);
        audited(EntryType.ACCESSED, "withdrawal", "console ends", "Ada service", consent);
    }

    private static void erasureIsApproved(String consent) throws Exception {
        var desk = ConsoleVisitor.signedIn(gateway, "writes", ConsoleRole.SERVICE, WINTER);
        var dpo = ConsoleVisitor.signedIn(gateway, "erases", ConsoleRole.DPO, WINTER);
        assertThat(dpo.get("/consents/" + consent).statusCode()).isEqualTo(200);
        String request = takenDown(desk, "ERASURE");
        sends(
                dpo,
                "/requests/approval",
                Map.of("request", request, "ground", "passport seen", "once", "e1"));
        audited(EntryType.ACCESSED, "/approval", "console erases", "Ada dpo");
        assertThat(gateway.archive().reader().ofType(EntryType.ERASED, 10)).isNotEmpty();
        assertThat(dpo.get("/consents/" + consent).statusCode()).isEqualTo(410);
        assertThat(dpo.postWithToken("/consents", Map.of("number", NUMBER)).body())
                .doesNotContain(consent);
    }
}
