package org.consentgateway.whole;

import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.timing.Nightly;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The configuration is read again while calls are under way. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReloadTest {
    /** A hundred with -Dnightly: a machine that others use as well loses packets of so many. */
    private static final int CROWD = System.getProperty("nightly") == null ? 25 : 100;

    /** Milliseconds. */
    private static final long QUIET = System.getProperty("nightly") == null ? 500 : 3000;

    private static final String NEW_TRUNK = "127.0.0.4";
    private static final String TRUNKS = "trunks:\n";
    private static final String NEW =
            "trunks:\n  - {name: new, sources: [\"127.0.0.4\"], identity: [p-asserted-identity]}\n";

    @TempDir Path folder;

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static double counted(TestGateway gateway, String series) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    /** Somebody who calls from there, by hand and without a voice. */
    private static SipDialog from(SipPeer peer) {
        return new SipDialog(peer).calling(TestGateway.ONE_LEVEL);
    }

    /** Hears every packet, and how long it was without any. Thread-safe. */
    private static final class Counting implements Telephone.Listener {
        private int last = -1;
        private long lastNanos;
        private int packets;
        private int missing;
        private long longestNanos;
        private Telephone.@Nullable Outcome over;

        @Override
        public synchronized void packet(int sequence) {
            long now = System.nanoTime();
            if (last >= 0) {
                missing += Math.abs((short) (sequence - last - 1));
                longestNanos = Math.max(longestNanos, now - lastNanos);
            }
            last = sequence;
            lastNanos = now;
            packets++;
        }

        @Override
        public synchronized void over(Telephone.Outcome how) {
            over = how;
        }

        synchronized long longestMillis() {
            return TimeUnit.NANOSECONDS.toMillis(longestNanos);
        }

        synchronized void anew() {
            last = -1;
            missing = 0;
            longestNanos = 0;
            packets = 0;
        }
    }

    /** Milliseconds without a packet, of whoever waited longest. */
    private static long longestPause(List<Counting> crowd) {
        return crowd.stream().mapToLong(Counting::longestMillis).max().orElse(0);
    }

    @Test
    void whoIsCallingLosesNothingAndANewTrunkCallsAndABrokenFileIsRefused() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                yaml.replace("calls: 100,", "calls: 200,")
                                        .replace("line: 100,", "line: 200,"))) {
            List<Counting> crowd = new ArrayList<>();
            List<Telephone> telephones = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                Counting counting = new Counting();
                crowd.add(counting);
                telephones.add(
                        gateway.calls(
                                TestGateway.ONE_LEVEL,
                                "+4917400006%02d".formatted(i),
                                gateway.sip().getPort(),
                                counting));
                Thread.sleep(20);
            }
            TestCaller bridged =
                    TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, "+491740000599")
                            .hears("assistant");
            await("all talk to the assistant")
                    .pollInterval(Duration.ofMillis(800))
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        telephones.forEach(each -> each.press('1')); // once the question is put
                        assertThat(crowd).allMatch(each -> each.over == null, "goes on");
                        assertThat(gateway.assistant().calls()).hasSize(CROWD + 1);
                    });
            crowd.forEach(Counting::anew);
            Thread.sleep(QUIET); // as much before as behind
            long usual = longestPause(crowd);

            String right = Files.readString(gateway.configuration());
            JsonNode refused = gateway.reloadWith("line: 200,", "line: many,");
            assertThat(refused.path("done").asBoolean()).isFalse();
            assertThat(refused.path("refusal").asText())
                    .contains("gateway.yaml:", "limits.calls-per-line", "nothing was changed");
            assertThat(counted(gateway, "consent_config_last_reload_successful")).isZero();
            Files.writeString(gateway.configuration(), right);

            JsonNode done = gateway.reloadWith(TRUNKS, NEW);
            assertThat(done.path("refusal").asText()).isEmpty();
            assertThat(texts(done.path("changed"))).containsExactly("trunks new (new)");
            assertThat(texts(done.path("restart"))).isEmpty();
            try (SipPeer peer = SipPeer.udp(NEW_TRUNK, gateway.sip())) {
                SipDialog first = from(peer);
                first.connect();
                peer.send(first.bye());
                first.expect(200);
            }
            Thread.sleep(QUIET);

            for (Counting each : crowd) {
                synchronized (each) {
                    assertThat(each.over).isNull();
                    assertThat(each.packets).isGreaterThan(25);
                    assertThat(each.missing).isZero();
                }
            }
            System.out.printf(
                    "%d calls over two readings: no packet lost, longest pause %d ms before and"
                            + " %d ms in all%n",
                    CROWD, usual, longestPause(crowd));
            bridged.hangsUp();
            assertThat(counted(gateway, "consent_config_last_reload_successful")).isEqualTo(1);
            assertThat(counted(gateway, "consent_config_reloads_total{outcome=\"done\"}"))
                    .isEqualTo(1);
            assertThat(counted(gateway, "consent_config_reloads_total{outcome=\"refused\"}"))
                    .isEqualTo(1);
            assertThat(gateway.http("/metrics")).contains("consent_trunk_up{trunk=\"new\"}");
        }
    }

    @Test
    void aRunningCallKeepsItsLineAssistantAndTrunkAndTheNextOneGetsTheNew() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL);
                Callee other = new Callee("other", new byte[8000])) {
            TestCaller running =
                    TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491740000701").talks();
            running.hearsBeginningOf("question-keys.assistant");
            TestCaller leaving =
                    TestCaller.calls(gateway, TestGateway.LADDER, "+491740000702").talks();
            try (SipPeer narrow = SipPeer.udp(TestGateway.NARROW_TRUNK, gateway.sip())) {
                SipDialog ending = from(narrow);
                ending.connect();

                String yaml = Files.readString(gateway.configuration());
                String changed =
                        yaml.replaceAll("(?m)^  - \\{name: narrow.*\n", "")
                                .replace(
                                        "{name: assistant, uri: \"" + gateway.assistant().uri(),
                                        "{name: another, uri: \"" + other.uri())
                                .replace("    assistant: assistant\n", "    assistant: another\n")
                                .replace(TestGateway.LADDER, "+4930999");
                Files.writeString(gateway.configuration(), changed);
                JsonNode done = gateway.reload();
                assertThat(done.path("refusal").asText()).isEmpty();
                assertThat(texts(done.path("changed")))
                        .contains(
                                "trunks narrow (gone)",
                                "assistants another (new)",
                                "assistants assistant (gone)",
                                "lines one: assistant",
                                "lines ladder: numbers, assistant");

                // Whom they came in for, they still reach.
                running.presses("1").hears("assistant").hangsUp();
                leaving.hears("question-keys.assistant").hangsUp();
                SipDialog late = from(narrow);
                narrow.send(late.invite(SipDialog.OFFER));
                narrow.send(late.ackRefusal(late.expect(403)));
                narrow.send(ending.bye());
                ending.expect(200);
            }
            try (Caller late = gateway.caller(TestGateway.LADDER, "+491740000705")) {
                late.isRefused(404);
            }
            int before = gateway.assistant().calls().size();
            TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, "+491740000706");
            TestWait.until(() -> other.calls().size() == 1);
            assertThat(gateway.assistant().calls()).hasSize(before);
        }
    }

    @Test
    void aNewTextIsAskedFromTheNextCallOnAndARunningCallKeepsItsOwn() throws Exception {
        String number = "+491740000801";
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            remembers(TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks());
            TestCaller running =
                    TestCaller.calls(gateway, TestGateway.REMEMBER, "+491740000802").talks();
            running.hearsBeginningOf("question-keys.assistant");

            newVersion(gateway, "2026-12");
            JsonNode done = gateway.reload();
            assertThat(done.path("refusal").asText()).isEmpty();
            assertThat(texts(done.path("changed"))).contains("notice demo en 2026-12 a (new)");

            remembers(running);
            // Known, and asked in full again: the words have changed.
            remembers(
                    TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                            .talks()
                            .hears("opening")
                            .hears("what-changed"));
            assertThat(versions(gateway, number)).containsExactly("2026-11", "2026-12");
            assertThat(versions(gateway, "+491740000802")).containsExactly("2026-11");
            assertThat(gateway.verify().findings()).isEmpty();
        }
    }

    @Test
    @Nightly("ten seconds; CallerIdentityTest and KnownCallerTest have each half in each run")
    void whereATrunksWordOnCallersIsNoLongerTakenNobodyIsKnown() throws Exception {
        String number = "+491740000803";
        String believed = "{name: local, sources: [\"127.0.0.1\"], identity: [p-asserted-identity]";
        String unscreened = believed.replace("p-asserted-identity", "");
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            remembers(TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks());
            gateway.tellsOfTalk(number, "merken");

            gateway.reloadWith(believed, unscreened);
            TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                    .hears("opening")
                    .hears("question-keys.assistant")
                    .hangsUp();

            gateway.reloadWith(unscreened, believed);
            TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                    .hears("opening-known")
                    .hangsUp();
        }
    }

    private static void remembers(TestCaller caller) {
        caller.hears("question-keys.assistant").presses("1");
        caller.hears("remember-keys").presses("1").hears("assistant").hangsUp();
    }

    private static List<String> versions(TestGateway gateway, String number) throws Exception {
        return gateway.entries(number).stream()
                .filter(entry -> entry.type() == EntryType.GIVEN)
                .map((Entry entry) -> TestGateway.payload(entry).at("/notice/version").asText())
                .toList();
    }

    private VoiceSettings voice(TestGateway gateway) {
        return new VoiceSettings(
                gateway.prompts().prompts(), folder.resolve("cache"), false, ShippedLanguages.ALL);
    }

    /** In force since yesterday, and so different that everybody is asked again. */
    private void newVersion(TestGateway gateway, String version) throws Exception {
        StringWriter said = new StringWriter();
        CommandLine command =
                NoticesCommand.with(() ->
                        new TextSources(
                                gateway.prompts().notices(),
                                voice(gateway),
                                NoticeUse.none(LocalDate.EPOCH)));
        command.setErr(new PrintWriter(said, true));
        String yesterday = LocalDate.now(ZoneId.of("Europe/Berlin")).minusDays(1).toString();
        assertThat(
                        command.execute(
                                "new-version",
                                "demo",
                                version,
                                "--valid-from",
                                yesterday,
                                "--material"))
                .as(said.toString())
                .isZero();
        gateway.prompts().signOff(version);
    }

    @Test
    void whatIsWrongChangesNothingAndIsSaidAsAtAStart() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            String right = Files.readString(gateway.configuration());
            // A text that was spoken, edited in place; beside it a line that would be right.
            Path text = gateway.prompts().notices().resolve("common/en.yaml");
            String spoken = Files.readString(text);
            Files.writeString(text, spoken.replaceFirst("(?m)^  goodbye: .*$", "  goodbye: Bye."));
            PromptLibrary.open(voice(gateway))
                    .adopt(
                            "en",
                            "Bye.",
                            new Wav(ShortPrompts.melody("Bye.", 300), PcmFrame.SAMPLE_RATE),
                            "a test",
                            "none");
            JsonNode edited = gateway.reloadWith(TestGateway.LADDER, "+4930999");
            assertThat(edited.path("refusal").asText())
                    .contains("common/en.yaml:", "texts.goodbye: version 2026-11 was spoken since")
                    .contains("The texts and recordings have one mistake; nothing was changed.");
            Files.writeString(text, spoken);
            TestCaller.calls(gateway, TestGateway.LADDER, "+491740000901").talks().hangsUp();

            // What needs a restart is said, and does not keep the rest from counting.
            Files.writeString(
                    gateway.configuration(),
                    right.replace("node: {id: whole}", "node: {id: part}")
                            .replace(TestGateway.LADDER, "+4930999"));
            JsonNode done = gateway.reload();
            assertThat(texts(done.path("restart"))).containsExactly("node.id: whole -> part");
            assertThat(texts(done.path("changed"))).containsExactly("lines ladder: numbers");
            try (Caller late = gateway.caller(TestGateway.LADDER, "+491740000902")) {
                late.isRefused(404);
            }
        }
    }

    @Test
    void whatFilesHoldIsNamedAndAnEmptySecretIsRefused() throws Exception {
        Path password = Files.writeString(folder.resolve("assistant.password"), "one\n");
        String login =
                "{name: assistant, authentication: {user: we, password-file: \"%s\"}, "
                        .formatted(password);
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml -> yaml.replace("{name: assistant, ", login))) {
            Files.writeString(password, "two\n");
            assertThat(texts(gateway.reload().path("changed")))
                    .containsExactly(
                            "assistants assistant: authentication.password-file (other content)");
            Files.writeString(password, "");
            assertThat(gateway.reload().path("refusal").asText())
                    .contains("authentication.password-file", password.toString())
                    .doesNotContain("two");
            Files.writeString(password, "two\n");
            assertThat(texts(gateway.reload().path("changed"))).isEmpty();
        }
    }

    @Test
    void aFileThatIsReadOnceNeedsARestartUntilThereIsOne() throws Exception {
        Certificates own = Certificates.in(Files.createDirectories(folder.resolve("pem")));
        Path roots = Files.copy(own.root(), folder.resolve("roots.pem"));
        String hook =
                """
                webhooks:
                  endpoints:
                    - {name: crm, url: "https://127.0.0.1:1/hooks", private-addresses: true, secret: whsec_%s, roots: ["%s"]}
                """
                        .formatted("YQ".repeat(20), roots);
        try (TestGateway gateway =
                TestGateway.start(folder, TestGateway.Wishes.USUAL, yaml -> hook + yaml)) {
            assertThat(texts(gateway.reload().path("restart"))).isEmpty();
            Files.copy(
                    own.certificate(Certificates.STRANGER),
                    roots,
                    StandardCopyOption.REPLACE_EXISTING);
            for (String time : List.of("first", "second")) {
                JsonNode done = gateway.reload();
                assertThat(texts(done.path("restart")))
                        .as(time)
                        .containsExactly("webhooks.endpoints crm: roots (other content)");
                assertThat(texts(done.path("changed"))).isEmpty();
            }
        }
    }

    @Test
    void whereNobodyLooksAnyMoreAnAssistantThatWasDownIsDialled() throws Exception {
        int port = FreePort.next();
        String bot =
                "  - {name: bot, url: \"ws://127.0.0.1:%d%s\", dialect: twilio, socket: {auth-token: secret}}\n"
                        .formatted(port, MediaStreamBot.GREETS);
        String up = "consent_target_up{kind=\"assistant\",target=\"bot\"} ";
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                yaml.replace("sip:\n  listen:", "sip:\n  keep-alive: 1s\n  listen:")
                                                .replace("humans:\n", bot + "humans:\n")
                                        + AddedLine.to("bot", "+4930123480"))) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gateway.http("/metrics").contains(up + "0"));
            JsonNode done = gateway.reloadWith("keep-alive: 1s", "keep-alive: 0s");
            assertThat(texts(done.path("changed"))).containsExactly("sip.keep-alive: PT1S -> PT0S");
            assertThat(gateway.http("/metrics").lines().filter(line -> line.startsWith(up)))
                    .containsExactly(up + "NaN");
            var there = new MediaStreamBot(Law.MU.encode(ShortPrompts.melody("I am the bot", 500)));
            try (SocketServer _ = SocketServer.start(port, there)) {
                TestCaller.agrees(gateway, "+4930123480", "+491740001001").hears("bot").hangsUp();
            }
        }
    }

    private static final String FOR_COUNSEL = "/v1/compliance?language=en";

    private TestGateway withDocuments() throws Exception {
        String templates =
                "compliance: {directory: \"%s/config/compliance\"}\n"
                        .formatted(ShortPrompts.PROJECT);
        return TestGateway.start(
                folder, TestGateway.Wishes.USUAL, yaml -> ApiClient.LISTEN + templates + yaml);
    }

    private static ApiClient counsel(TestGateway gateway) throws Exception {
        ApiClient api = ApiClient.of(gateway);
        await("the key is known")
                .until(() -> api.send("GET", FOR_COUNSEL, "").statusCode() != HTTP_UNAUTHORIZED);
        return api;
    }

    @Test
    void counselReadsWhatIsInForce() throws Exception {
        try (TestGateway gateway = withDocuments()) {
            ApiClient api = counsel(gateway);
            assertThat(api.get(FOR_COUNSEL).toString()).doesNotContain("7 years");

            JsonNode done =
                    gateway.reloadWith(
                            "levels:\n",
                            """
                            levels:
                              - {id: kept, purposes: [assistant], retention: P7Y}
                            """);

            assertThat(texts(done.path("changed"))).containsExactly("levels kept (new)");
            assertThat(api.get(FOR_COUNSEL).toString()).contains("7 years");
        }
    }

    /** Found in the product before: the files were read anew for each look. */
    @Test
    void counselReadsNothingOfTextsThatNobodyHears() throws Exception {
        try (TestGateway gateway = withDocuments()) {
            ApiClient api = counsel(gateway);
            JsonNode heard = api.get(FOR_COUNSEL);
            assertThat(heard.toString()).contains("Northwind");
            Path text = gateway.prompts().notices().resolve("demo/en/2026-11.yaml");
            String edited = Files.readString(text).replace("Northwind", "Other Company");

            Files.writeString(text, edited);
            assertThat(gateway.reload().path("refusal").asText()).isNotEmpty();
            assertThat(api.get(FOR_COUNSEL)).as("refused").isEqualTo(heard);
            Files.writeString(text, edited.substring(0, edited.indexOf("controller:") + 20));
            assertThat(api.get(FOR_COUNSEL)).as("half saved").isEqualTo(heard);
        }
    }

    private static JsonNode takesDown(ApiClient api, String number) throws Exception {
        String letter =
                "{\"number\":\"%s\",\"kind\":\"ACCESS\",\"channel\":\"LETTER\",\"by\":\"Ada\"}";
        HttpResponse<String> said = api.send("POST", "/v1/requests", letter.formatted(number));
        assertThat(said.statusCode()).as(said.body()).isEqualTo(201);
        return new ObjectMapper().readTree(said.body());
    }

    /** Found in the product before: a law of a reload gave its time after the next start. */
    @Test
    void aRequestIsDueByTheLawsOfTheTextsThatCallersHear() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        folder, TestGateway.Wishes.USUAL, yaml -> ApiClient.LISTEN + yaml)) {
            ApiClient api = ApiClient.of(gateway);
            Instant month = due(takesDown(api, "+491740001201"));
            Path law = gateway.prompts().notices().resolve("profiles/de-2026-08.yaml");
            Files.writeString(
                    law,
                    Files.readString(law).replace("answer-within: P1M", "answer-within: P10D"));

            assertThat(due(takesDown(api, "+491740001202")))
                    .as("only saved")
                    .isAfterOrEqualTo(month);
            assertThat(gateway.reload().path("refusal").asText()).isEmpty();
            assertThat(due(takesDown(api, "+491740001203")))
                    .isBetween(month.minus(Duration.ofDays(22)), month.minus(Duration.ofDays(17)));
        }
    }

    private static Instant due(JsonNode taken) {
        return Instant.parse(taken.path("due").asText());
    }

    @Test
    void aRenewedCertificateIsShownToTheNextWhoConnects() throws Exception {
        Certificates own = Certificates.in(Files.createDirectories(folder.resolve("pem")));
        try (TestGateway gateway =
                TestGateway.start(folder, TestGateway.Wishes.USUAL.withTls(own))) {
            assertThat(shown(gateway, own)).isEqualTo("CN=gateway");
            Path certificate = own.certificate(Certificates.GATEWAY);
            // One without its key.
            Files.copy(
                    own.certificate(Certificates.OTHER),
                    certificate,
                    StandardCopyOption.REPLACE_EXISTING);
            assertThat(gateway.reload().path("refusal").asText())
                    .contains("sip.tls", "is not the key of");
            assertThat(shown(gateway, own)).isEqualTo("CN=gateway");

            Path key = own.key(Certificates.GATEWAY);
            Files.copy(own.key(Certificates.OTHER), key, StandardCopyOption.REPLACE_EXISTING);
            JsonNode done = gateway.reload();
            assertThat(texts(done.path("changed")))
                    .containsExactlyInAnyOrder(
                            "sip.tls.certificate (other content)", "sip.tls.key (other content)");
            assertThat(shown(gateway, own)).isEqualTo("CN=other");
        }
    }

    private static String shown(TestGateway gateway, Certificates own) throws Exception {
        int port = gateway.gateway().listening().getLast().getPort();
        try (SSLSocket socket =
                (SSLSocket)
                        own.context(Certificates.PROVIDER)
                                .getSocketFactory()
                                .createSocket("127.0.0.1", port)) {
            X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return first.getSubjectX500Principal().getName();
        }
    }
}
