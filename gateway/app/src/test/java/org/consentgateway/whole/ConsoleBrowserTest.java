package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.tally.DayCount;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every page as each role sees it, in German and English, on a telephone and on a desk, in a real
 * browser: no violation that axe finds, nothing wider than the screen, nothing that the browser
 * complains of, nothing asked of anybody else. The pictures stay in target/console. But for the
 * nightly walk, axe looks at a page in German on the telephone and in English on the desk.
 */
@Timeout(900)
@Nightly("40 s of the processor for Chromium; ConsoleTest asks for the same pages in each run")
class ConsoleBrowserTest {
    private static final boolean NIGHTLY = System.getProperty("nightly") != null;

    /** Whom each run walks as: all are a nightly walk, and what each may do is in ConsoleTest. */
    private static final List<ConsoleRole> ROLES =
            NIGHTLY
                    ? List.of(ConsoleRole.values())
                    : List.of(ConsoleRole.ADMIN, ConsoleRole.SERVICE);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final String VARIANT = "/texts/demo/en/2026-11/variant";
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/calls",
                    "/consents",
                    "/requests",
                    "/proof",
                    "/trunks",
                    "/help",
                    "/help/service-desk",
                    "/texts",
                    "/texts/demo/en/2026-11",
                    VARIANT,
                    "/experiments",
                    "/settings");

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, yaml -> ConsoleVisitor.LISTEN + yaml);

    @TempDir private Path directory;

    @Test
    void everyPageIsFitForEverybody() throws Exception {
        calls();
        requests();
        experiment();
        String call = gateway.callIds("+491710000911").getFirst();
        List<JsonNode> said = walk(call);

        List<String> wrong = new ArrayList<>();
        int pages = 0;
        for (JsonNode each : said) {
            if (each.has("live")) {
                assertThat(each.path("live").asText()).isEqualTo("Paused.");
                continue;
            }
            pages++;
            String what =
                    "%s as %s, %s, %d px"
                            .formatted(
                                    each.path("path").asText(),
                                    each.path("role").asText(),
                                    each.path("language").asText(),
                                    each.path("width").asInt());
            each.path("violations").forEach(one -> wrong.add(what + ": " + one.asText()));
            each.path("errors").forEach(one -> wrong.add(what + ": " + one.asText()));
            if (each.path("wide").asInt() > 0) {
                wrong.add(what + ": wider than the screen by " + each.path("wide"));
            }
            if (!each.path("lang").asText().equals(each.path("language").asText())) {
                wrong.add(what + ": in another language");
            }
        }
        assertThat(wrong).isEmpty();
        int walked = ROLES.stream().mapToInt(role -> paths(role).size()).sum();
        assertThat(pages).isEqualTo(walked * 2 * 2 + 2 * 2 + 3 * 2);
    }

    /** What the role opens, and one page that it does not: all of those are the same. */
    private static List<String> paths(ConsoleRole role) {
        List<String> opened =
                new ArrayList<>(PATHS.stream().filter(path -> opens(role, path)).toList());
        PATHS.stream().filter(path -> !opens(role, path)).findFirst().ifPresent(opened::add);
        return opened;
    }

    private static boolean opens(ConsoleRole role, String path) {
        if (path.equals(VARIANT)) {
            return role.scopes().contains(ApiScope.NOTICES_DRAFT);
        }
        return Arrays.stream(ConsoleSection.values())
                .filter(each -> path.equals(each.path()) || path.startsWith(each.path() + "/"))
                .anyMatch(each -> role.scopes().contains(each.scope()));
    }

    /** That there is something to see: one who agreed, one who refused, one who talks. */
    private static void calls() throws Exception {
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491710000911")
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491710000912")
                .talks()
                .hears("question-keys.assistant")
                .presses("2")
                .hears("human")
                .hangsUp();
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491710000913")
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant");
    }

    /** What waits: one request to be told, one to be erased, and one that was answered. */
    private static void requests() throws Exception {
        var visitor = ConsoleVisitor.signedIn(gateway, "writes.letters", ConsoleRole.ADMIN);
        for (String each : List.of("ACCESS +491710000911", "ERASURE +491710000914")) {
            String[] parts = each.split(" ", 2);
            visitor.postWithToken(
                    "/requests/open",
                    Map.of(
                            "kind", parts[0], "number", parts[1], "channel", "EMAIL", "once",
                            parts[0]));
        }
    }

    /** Two variants, as if some thousand callers had heard them. */
    private static void experiment() throws Exception {
        Path spoken = gateway.prompts().notices().resolve("demo/en/2026-11.yaml");
        Files.writeString(
                spoken.resolveSibling("2026-11.b.yaml"),
                Files.readString(spoken)
                        .replace("variant: a", "variant: b")
                        .replace("weight: 1", "weight: 0"));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        JsonNode read =
                gateway.reloadWith(
                        "lines:\n",
                        """
                        experiments:
                          - {name: shorter, line: remember, language: en, version: 2026-11, start: %s, end: %s}
                        lines:
                        """
                                .formatted(today, today.plusDays(27)));
        assertThat(read.path("done").asBoolean()).as(read.toString()).isTrue();
        List<DayCount> counts = new ArrayList<>();
        Map.of("new/given", 840, "new/refused", 250, "new/unanswered/NO_INPUT", 110)
                .forEach((value, many) -> {
                    counts.add(counted(today, "decision", "a", value, many));
                    long other = value.equals("new/given") ? 930 : many - 45L;
                    counts.add(counted(today, "decision", "b", value, other));
                });
        for (String variant : List.of("a", "b")) {
            counts.add(counted(today, "consent", variant, "", 900));
            counts.add(counted(today, "decided-after", variant, "new/14", 1200));
        }
        try (Connection store = DriverManager.getConnection(gateway.ledger().url());
                PreparedStatement insert =
                        store.prepareStatement("INSERT INTO ledger_tally VALUES (?, ?, ?, ?)")) {
            for (DayCount each : counts) {
                insert.setString(1, each.day().toString());
                insert.setString(2, each.name());
                insert.setString(3, each.labels());
                insert.setLong(4, each.amount());
                assertThat(insert.executeUpdate()).isOne();
            }
        }
    }

    private static DayCount counted(
            LocalDate day, String what, String variant, String value, long many) {
        ArrayNode labels = JSON.createArrayNode();
        for (String each : List.of("remember", "demo", "2026-11", "en", variant, value)) {
            labels.add(each);
        }
        return new DayCount(day, what, labels.toString(), many);
    }

    /** What is old is never said to be kept up to date, and nothing that came is lost. */
    @Test
    void aPageSaysWhetherItIsKeptUpToDate() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway, "looks.on", ConsoleRole.VIEWER);
        ObjectNode settings =
                JSON.createObjectNode()
                        .put("base", "http://127.0.0.1:" + gateway.gateway().consolePort())
                        .put("browser", browser())
                        .put("name", "looks.on")
                        .put("password", ConsoleVisitor.PASSWORD)
                        .put("totp", totp.base32());
        String on = "Kept up to date.";
        String waits = "Something new waits until you leave this part of the page.";
        String lost = "Not connected: what you see is old.";

        assertThat(said("live-walk.mjs", settings))
                .extracting(each ->
                        "%s: %s %s %s"
                                .formatted(
                                        each.path("step").asText(),
                                        each.at("/shown/0").asText(),
                                        each.path("open").asInt() == 1 ? "open" : "closed",
                                        each.path("state").asText()))
                .containsExactly(
                        "shown: one closed " + on,
                        "held: one open " + waits,
                        "still held: one open " + waits,
                        "broken while held: one open " + lost,
                        "left while broken: two open " + lost,
                        "there again: two open " + on,
                        "left: three closed " + on,
                        "quiet for seven seconds: three closed " + on,
                        "quiet for eleven seconds: three closed " + lost,
                        "heard again: four closed " + on,
                        "refused: four closed " + lost);
    }

    private List<JsonNode> walk(String call) throws IOException {
        ObjectNode settings = JSON.createObjectNode();
        settings.put("base", "http://127.0.0.1:" + gateway.gateway().consolePort());
        settings.put("browser", browser());
        settings.put("shots", PROJECT.resolve("gateway/app/target/console").toString());
        settings.put("all", NIGHTLY);
        settings.putArray("picture").add("admin").add("dpo").add("service");
        settings.put("search", "+49 171 0000911");
        settings.put("call", "/calls/" + call);
        settings.put("variant", VARIANT);
        ArrayNode accounts = settings.putArray("accounts");
        for (ConsoleRole role : ROLES) {
            TotpSecret totp = ConsoleVisitor.add(gateway, "walks." + role.text(), role);
            ObjectNode account = accounts.addObject();
            paths(role).forEach(account.putArray("paths")::add);
            account.put("role", role.text())
                    .put("name", "walks." + role.text())
                    .put("password", ConsoleVisitor.PASSWORD)
                    .put("totp", totp.base32());
        }
        return said("console-walk.mjs", settings);
    }

    /** Each line that a program of ours prints. */
    private List<JsonNode> said(String walk, ObjectNode settings) throws IOException {
        Path told = directory.resolve("settings.json");
        Files.writeString(told, JSON.writeValueAsString(settings));
        Path program =
                Npm.installed(PROJECT, "npm-console")
                        .beside(
                                Files.createDirectory(directory.resolve("node")),
                                PROJECT.resolve("gateway/testkit/npm-console").resolve(walk));
        Npm.Result result = Npm.run(directory, "node", program.toString(), told.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        List<JsonNode> said = new ArrayList<>();
        for (String line : result.output().lines().toList()) {
            said.add(JSON.readTree(line));
        }
        return said;
    }

    /** Debian's; scripts/test installs it. */
    static String browser() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .stream()
                .filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Chromium: apt-get install chromium"));
    }
}
