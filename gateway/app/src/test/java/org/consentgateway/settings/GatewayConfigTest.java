package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.consentgateway.callback.CallBackTerms;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Problem;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.ledger.tree.CosigningKey;
import org.consentgateway.settings.callback.CallBackSettings;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.IdentityHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", ".."), "config", "gateway.yaml");

    /** The least that starts; line numbers below count from its first line. */
    static final String SMALLEST =
            """
            trunks:
              - name: carrier
                sources: [203.0.113.0/24]
            assistants:
              - name: assistant
                uri: sip:assistant@192.0.2.7
            humans:
              - name: team
                uri: sip:team@192.0.2.8
            levels:
              - id: basis
                purposes: [assistant]
              - id: komfort
                purposes: [assistant, transcript]
            lines:
              - name: service
                numbers: ["+4930123456"]
                notice: demo
                levels: [basis, komfort]
                assistant: assistant
                humans: [team]
            """;

    @TempDir private Path home;

    @BeforeEach
    void anEmptyNotice() throws IOException {
        Files.writeString(home.resolve("example"), "change-me\n");
        emptyNotice("de");
        emptyNotice("en");
    }

    private void emptyNotice(String language) throws IOException {
        Path folder = home.resolve("config/notices/demo").resolve(language);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("2026-11.yaml"), "");
    }

    @Test
    void theShippedFileIsTheDemonstration() throws Exception {
        emptyNotice("fr");
        emptyNotice("tr");
        GatewayConfig config = GatewayConfig.load(SHIPPED, home);

        assertThat(config.demo().agents()).isTrue();
        assertThat(config.trunks()).extracting(TrunkConfig::name).containsExactly("local");
        assertThat(config.lines())
                .extracting(LineConfig::name, LineConfig::dialog)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("demo", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple("demo-menu", LineConfig.Dialog.MENU),
                        org.assertj.core.groups.Tuple.tuple(
                                "demo-remember", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple(
                                "demo-nobody", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple(
                                "demo-socket", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple("demo-fr", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple("demo-tr", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple(
                                "demo-languages", LineConfig.Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple("privacy", LineConfig.Dialog.PRIVACY));
        assertThat(Cautions.of(config)).isEmpty();
        assertThat(Cautions.untold(config)).isEmpty();
        assertThat(config.lines().getFirst().numbers()).containsExactly("+4930123456", "demo");
    }

    @Test
    void voicesInClearTextAreACautionWhereTheyLeaveThisMachine() throws Exception {
        String clear = "begins with ws: and leaves this machine";
        for (String away : List.of("ws://bot.example.com/media", "ws://192.0.2.9/media")) {
            assertThat(Cautions.of(withSocket(away))).anyMatch(one -> one.contains(clear));
        }
        for (String fine :
                List.of("wss://bot.example.com/a", "ws://127.0.0.1:1/a", "ws://[::1]/a")) {
            assertThat(Cautions.of(withSocket(fine))).noneMatch(one -> one.contains(clear));
        }
    }

    private GatewayConfig withSocket(String url) throws Exception {
        return load(
                SMALLEST.replace(
                        "uri: sip:assistant@192.0.2.7",
                        "url: \"" + url + "\"\n    dialect: twilio"));
    }

    @Test
    void theSmallestFileTakesEveryDefault() throws Exception {
        GatewayConfig config = load(SMALLEST);

        assertThat(config.sip().listen()).hasToString("[udp:0.0.0.0:5060, tcp:0.0.0.0:5060]");
        assertThat(config.web().listen()).hasToString("127.0.0.1:8080");
        assertThat(config.store().witnesses()).isEmpty();
        assertThat(config.demo().agents()).isFalse();
        LineConfig line = config.lines().getFirst();
        assertThat(line.firstInput()).isEqualTo(Duration.ofSeconds(6));
        assertThat(line.renewalWindow()).isEqualTo(Period.ofDays(30));
        assertThat(line.humans()).containsExactly("team");
        assertThat(line.furtherQuestions()).isEqualTo(1);
        assertThat(config.levels().getFirst().validity()).isEqualTo(new ValidityPeriod.ThisCall());
    }

    @Test
    void numbersAreCalledBackByTheAccountOfTheirTrunkOrAtItsProbe() throws Exception {
        String privacy = SMALLEST + "    dialog: privacy\n    confirm-by: call-back\n";
        CallBackTerms account =
                CallBackSettings.of(
                        load(registered(privacy, "domain: sip.example.com, user: u, password: p")));
        CallBackTerms probe =
                CallBackSettings.of(
                        load(
                                privacy.replace(
                                        "    sources: [203.0.113.0/24]\n",
                                        "    sources: [203.0.113.0/24]\n"
                                            + "    probe:"
                                            + " sip:ping@sbc.example.com:5061;transport=tcp\n")));

        assertThat(account.trunks().values())
                .containsExactly(new CallBackTerms.ByTrunk("sip.example.com", true, Srtp.OFF));
        assertThat(probe.trunks().values())
                .containsExactly(
                        new CallBackTerms.ByTrunk(
                                "sbc.example.com:5061;transport=tcp", false, Srtp.OFF));
        CallBackTerms.OfLine line = probe.lines().values().iterator().next();
        assertThat(line.prefixes()).containsExactly("+49");
        assertThat(line.hours().open(ZonedDateTime.parse("2026-11-28T08:00:00+01:00"))).isTrue();
        assertThat(line.hours().open(ZonedDateTime.parse("2026-11-28T20:00:00+01:00"))).isFalse();
        assertThat(CallBackSettings.of(load(SMALLEST)).lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "mon-fri 09:00-17:00, 0",
        "mon-fri 10:00-15:00, 0",
        "mon-fri 10:00-14:59, 68",
        "mon-thu 08:00-18:00, 86",
        "sun 12:00-13:00, 167",
    })
    void hoursInWhichACallBackIsNotMadeInTimeAreRefused(String hours, int told) throws Exception {
        String privacy = SMALLEST + "    dialog: privacy\n    confirm-by: call-back\n";
        String account =
                registered(privacy, "domain: sip.example.com, user: u, password: p")
                        + "    confirm-hours: ["
                        + hours
                        + "]\n";
        List<String> problems = problems(account).stream().map(GatewayConfigTest::brief).toList();

        assertThat(problems).hasSize(told == 0 ? 0 : 1);
        assertThat(problems)
                .allSatisfy(problem ->
                        assertThat(problem)
                                .contains(
                                        "lines[0].confirm-hours leave " + told + " hours in a row",
                                        "67 are allowed",
                                        "| confirm-hours: [mon-fri 09:00-17:00]"));
    }

    @Test
    void aConsentThatMayEndDuringATalkIsACaution() throws Exception {
        assertThat(Cautions.of(inside(withValidity("PT45M"))))
                .containsExactly(
                        "levels[0].validity: PT45M is shorter than a talk may be; a consent that"
                                + " ends during a talk holds to the end of that call.");
        assertThat(Cautions.of(inside(withValidity("PT1H")))).isEmpty();
        assertThat(Cautions.of(inside(withValidity("P1D")))).isEmpty();
    }

    @Test
    void moreCallersThanTheMachineCanListenToAreACaution() throws Exception {
        GatewayConfig shipped = load(SMALLEST);
        assertThat(Cautions.onMachine(shipped, 2)).isEmpty();
        assertThat(Cautions.onMachine(shipped, 64)).isEmpty();
        assertThat(Cautions.onMachine(shipped, 1))
                .singleElement()
                .asString()
                .startsWith("speech.max-listening: 50, and max-listening-in-talks 25:")
                .contains("1 of this machine's 1 ");
        assertThat(Cautions.onMachine(load(SMALLEST + "speech: {enabled: false}\n"), 1)).isEmpty();

        String more = "speech: {max-listening-in-talks: 100, workers: %d}\n";
        assertThat(Cautions.onMachine(load(SMALLEST + more.formatted(2)), 8))
                .as("two threads recognise")
                .isNotEmpty();
        assertThat(Cautions.onMachine(load(SMALLEST + more.formatted(8)), 8)).isEmpty();
    }

    private static String withValidity(String validity) {
        return SMALLEST.replace(
                "purposes: [assistant]\n",
                "purposes: [assistant]\n    validity: " + validity + "\n");
    }

    /** Tries are counted by where they come from: all would come from the proxy. */
    @Test
    void aReceiptsPageBehindAProxyThatTellsNobodyApartIsACaution() throws Exception {
        String proxied = "receipts: {listen: \"127.0.0.1:8084\", url: \"https://r.example\"%s}\n";
        assertThat(Cautions.of(inside(SMALLEST + proxied.formatted(""))))
                .singleElement()
                .asString()
                .startsWith("receipts.behind-proxy: false")
                .contains("X-Forwarded-For");
        for (String fine :
                List.of(
                        proxied.formatted(", behind-proxy: true"),
                        "receipts: {listen: \"127.0.0.1:8084\"}\n",
                        "")) {
            assertThat(Cautions.of(inside(SMALLEST + fine))).as(fine).isEmpty();
        }
    }

    @Test
    void aNumberThatNobodyVouchesForIsACaution() throws Exception {
        String sources = "sources: [203.0.113.0/24]";
        assertThat(Cautions.of(inside(SMALLEST.replace(sources, sources + ATTESTED + "gateway"))))
                .containsExactly(
                        "trunks[0].attestation: gateway, so a caller counts as known by a number"
                                + " that no network vouches for (TN-Validation-Passed-C).");
        assertThat(Cautions.of(inside(SMALLEST.replace(sources, sources + ATTESTED + "partial"))))
                .isEmpty();
    }

    private static final String ATTESTED = "\n    attestation: ";

    @Test
    void aPurposeThatNobodyIsAskedForIsACaution() throws Exception {
        String three = SMALLEST.replace("transcript]", "transcript, recording]");

        assertThat(Cautions.of(inside(three)))
                .containsExactly(
                        "lines[0].further-questions: 1, so nobody is asked for recording.");
        assertThat(Cautions.of(inside(three + "    further-questions: 2\n"))).isEmpty();
    }

    /** With a trunk in a private network. */
    private GatewayConfig inside(String yaml) throws Exception {
        return load(yaml.replace("203.0.113.0/24", "10.1.0.0/16"));
    }

    @Test
    void atAPublicTrunkItIsACautionNotToKnowWhereItsMediaIs() throws Exception {
        assertThat(Cautions.of(load(SMALLEST)))
                .filteredOn(one -> one.contains("media"))
                .singleElement()
                .asString()
                .startsWith("trunks[0].media-networks: are not told");
        assertThat(Cautions.of(inside(SMALLEST))).isEmpty();
        assertThat(
                        Cautions.of(
                                load(
                                        SMALLEST.replace(
                                                "sources: [203.0.113.0/24]",
                                                "sources: [203.0.113.0/24]\n    media-networks:"
                                                        + " [203.0.113.0/24]"))))
                .noneMatch(one -> one.contains("media"));
    }

    @Test
    void atAPublicTrunkItIsACautionNotToSayByWhatItComesWhereDatagramsCan() throws Exception {
        String caution = "trunks[0].transports: are not told";
        assertThat(Cautions.of(load(SMALLEST))).anyMatch(one -> one.startsWith(caution));
        String told = SMALLEST.replace("    sources:", "    transports: [tcp]\n    sources:");
        assertThat(load(told).trunks().getFirst().transports())
                .containsExactly(ListenAddress.Protocol.TCP);
        for (String fine : List.of(told, "sip: {listen: [udp:0.0.0.0:5060]}\n" + SMALLEST)) {
            assertThat(Cautions.of(load(fine))).noneMatch(one -> one.startsWith(caution));
        }
    }

    @Test
    void whatReceiptsCannotTellIsACaution() throws Exception {
        String processing =
                """
                processing:
                  purposes: [{purpose: assistant, data: [voice]}]
                  recipients: [{name: A, address: B, purposes: [assistant, transcript]}]
                """;

        assertThat(Cautions.untold(load(SMALLEST)))
                .containsExactly(
                        "processing.purposes: say nothing of assistant, transcript, so receipts do"
                                + " not tell which data are processed.",
                        "processing.recipients: nobody for assistant, transcript; is it the company"
                                + " itself that runs what hears the callers?");
        assertThat(Cautions.untold(load(SMALLEST + processing)))
                .singleElement()
                .asString()
                .startsWith("processing.purposes: say nothing of transcript,");
    }

    @Test
    void relativePathsStartAtHome() throws Exception {
        GatewayConfig config = load(SMALLEST);

        assertThat(config.store().keys()).isEqualTo(home.resolve("data/keys"));
        assertThat(config.store().url().text())
                .isEqualTo("jdbc:sqlite:" + home + "/data/ledger.db");
    }

    @Test
    void aWitnessNeedsLogsOfANameOfOnesOwn() throws Exception {
        String key = CosigningKey.create("witness.example/w1").witness().text();
        String one = "{name: auditor, url: https://witness.example/, key: \"" + key + "\"}";
        String witnesses = "witnesses: [" + one + "]";
        for (String origin : List.of("", "origin: a/b, ")) {
            assertThat(problems("store: {" + origin + witnesses + "}\n" + SMALLEST))
                    .extracting(Problem::key)
                    .contains("store.origin");
        }
        String right = "store: {origin: consent.example.com, ";
        for (Map.Entry<String, String> wrong :
                Map.of(
                                witnesses.replace(key, key.replace("/w1", "/w2")),
                                "store.witnesses[0].key",
                                witnesses.replace("https:", "ftp:"),
                                "store.witnesses[0].url",
                                "witnesses: [" + one + ", " + one + "]",
                                "store.witnesses[1].key",
                                witnesses + ", quorum: 2",
                                "store.quorum",
                                witnesses + ", quorum: most",
                                "store.quorum")
                        .entrySet()) {
            assertThat(problems(right + wrong.getKey() + "}\n" + SMALLEST))
                    .as(wrong.getKey())
                    .extracting(Problem::key)
                    .contains(wrong.getValue());
        }
        GatewayConfig config = load(right + witnesses + ", quorum: 1}\n" + SMALLEST);
        assertThat(config.store().origin()).contains("consent.example.com");
    }

    @Test
    void passwordsOfTheConsoleTravelInClearTextOnThisMachineOnly() throws Exception {
        for (String right :
                List.of(
                        "listen: \"127.0.0.1:8083\"",
                        "listen: \"127.0.0.1:8083\", url: \"http://localhost:8083\"",
                        "listen: \"0.0.0.0:8083\", url: \"https://consent.example.com\"")) {
            GatewayConfig _ = load(SMALLEST + "console: {" + right + "}\n");
        }
        assertThat(problems(SMALLEST + "console: {listen: \"0.0.0.0:8083\"}\n"))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString())
                                .contains("console.listen", "passwords travel in clear text"));
        assertThat(
                        problems(
                                SMALLEST
                                        + "console: {listen: \"127.0.0.1:8083\", url:"
                                        + " \"http://consent.example.com\"}\n"))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("console.url", "must be https"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:4318",
                "http://127.0.0.1:4318",
                "http://127.0.0.1:4318/",
                "grpc://127.0.0.1:4317/v1/traces",
                "https://user:password@collector.example.com/v1/traces"
            })
    void aCollectorIsNamedByItsWholeAddress(String endpoint) throws Exception {
        assertThat(problems("traces: {endpoint: \"" + endpoint + "\"}\n" + SMALLEST))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString())
                                .contains("traces.endpoint", "http://127.0.0.1:4318/v1/traces"));
    }

    @Test
    void aConsoleWithoutItsGuidesIsToldBeforeItStarts() throws Exception {
        Path file = home.resolve("gateway.yaml");
        Files.writeString(file, "console: {listen: \"127.0.0.1:0\", help: nowhere}\n" + SMALLEST);
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.loadToServe(file, home));

        assertThat(wrong.getMessage())
                .contains("console.help has no folder \"de\" with guides", "config/console/help")
                .contains("compliance.directory has no folder \"de\" with templates")
                .contains("directory: config/compliance");
    }

    @Test
    void whereReceiptsAreFetchedNothingTravelsInTheClear() throws Exception {
        for (String right :
                List.of(
                        "listen: \"127.0.0.1:8084\"",
                        "listen: \"0.0.0.0:8084\", url: \"https://belege.example.com\"")) {
            GatewayConfig _ = load(SMALLEST + "receipts: {" + right + "}\n");
        }
        assertThat(load(SMALLEST).receipts().page()).as("off where nobody asks for it").isEmpty();
        assertThat(receipts("listen: \"0.0.0.0:8084\""))
                .contains("receipts.listen", "codes and receipts travel in clear text");
        assertThat(receipts("listen: \"127.0.0.1:8084\", url: \"http://belege.example.com\""))
                .contains("receipts.url", "must be https");
        assertThat(receipts("url: \"https://belege.example.com\""))
                .contains("receipts.url", "receipts.listen is empty");
    }

    @Test
    void thePageOfReceiptsIsWhereABrowserFindsIt() throws Exception {
        String on = "receipts: {listen: \"%s\"}\n";
        assertThat(load(SMALLEST + on.formatted("127.0.0.1:8084")).receipts().page())
                .isEqualTo("http://127.0.0.1:8084");
        assertThat(load(SMALLEST + on.formatted("[::1]:8084")).receipts().page())
                .isEqualTo("http://[0:0:0:0:0:0:0:1]:8084");
    }

    private String receipts(String keys) throws Exception {
        return problems(SMALLEST + "receipts: {" + keys + "}\n").toString();
    }

    @Test
    void aPasswordInTheStoreUrlIsNotPrinted() throws Exception {
        GatewayConfig config =
                load(
                        "store: {url: \"jdbc:postgresql://db/ledger?user=u&password=open\"}\n"
                                + withMedia(SMALLEST));

        assertThat(config.store().url().text()).contains("password=open");
        assertThat(config.toString()).doesNotContain("open\"").doesNotContain("password=o");
    }

    private static String withMedia(String yaml) {
        return yaml.replace(
                "    sources: [203.0.113.0/24]\n",
                "    sources: [203.0.113.0/24]\n    media-networks: [203.0.113.0/24]\n");
    }

    /** The registration of a trunk, as it stands in line 4 of the smallest file. */
    private static String registered(String yaml, String keys) {
        return yaml.replace(
                "    sources: [203.0.113.0/24]\n",
                "    sources: []\n    registration: {" + keys + "}\n");
    }

    @Test
    void twoUsersOfOneRegistrarMayBeTwoTrunks() throws Exception {
        assertThat(registeredTwice("user: v").trunks()).hasSize(2);
    }

    /** As with two ways to call over it, of which one shows the caller's number. */
    @Test
    void oneUserMayBeTwoTrunksOfWhichOneRegisters() throws Exception {
        assertThat(registeredTwice("user: u, caller-id: caller, register: false").trunks())
                .hasSize(2);
    }

    /** With a second trunk of the same registration, but for these keys in place of its user. */
    private GatewayConfig registeredTwice(String keys) throws Exception {
        String first = registered(SMALLEST, "domain: a.example, user: u, password: p");
        String second =
                first.substring(first.indexOf("  - name: carrier"), first.indexOf("assistants:"))
                        .replace("carrier", "other")
                        .replace("user: u", keys);
        return load(first.replace("assistants:", second + "assistants:"));
    }

    @Test
    void aPasswordIsNeverPrinted() throws Exception {
        Files.writeString(home.resolve("trunk.password"), "from-a-file\nnot this line\n");
        for (String password : List.of("password: in-the-open", "password-file: trunk.password")) {
            GatewayConfig config =
                    load(registered(SMALLEST, "domain: a.example, user: u, " + password));

            assertThat(config.toString()).doesNotContain("in-the-open").doesNotContain("from-a");
            assertThat(SipConfiguration.settings(config, _ -> false).accounts())
                    .singleElement()
                    .satisfies(account -> {
                        assertThat(account.password()).isIn("in-the-open", "from-a-file");
                        assertThat(account.toString()).doesNotContain(account.password());
                    });
        }
    }

    @Test
    void aTrunkMayBeAllThatItCanBe() throws Exception {
        Files.writeString(home.resolve("trunk.password"), "secret\n");
        GatewayConfig config =
                load(
                        """
                        sip:
                          listen: ["udp:[::]:5060", "tcp:192.0.2.1:5060"]
                          advertised-address: 203.0.113.10
                        """
                                + SMALLEST.replace(
                                        "    sources: [203.0.113.0/24]\n",
                                        """
                                            sources: ["2001:db8::/32"]
                                            identity: [p-asserted-identity, from]
                                            info-digits: true
                                            numbering: {country: "1", international-prefix: "011", national-prefix: "", without-prefix: national}
                                            registration:
                                              domain: sip.example.com
                                              proxy: "[2001:db8::5]:5080"
                                              transport: tcp
                                              user: "+4930123456"
                                              auth-user: login
                                              password-file: trunk.password
                                              algorithms: [sha-256]
                                              expires: 1h
                                        """));
        var settings = SipConfiguration.settings(config, _ -> false);
        var trunk = settings.trunks().getFirst();
        var account = settings.accounts().getFirst();

        assertThat(settings.advertised()).contains("203.0.113.10");
        assertThat(trunk.identity().headers())
                .containsExactly(IdentityHeader.P_ASSERTED_IDENTITY, IdentityHeader.FROM);
        assertThat(trunk.sipInfoDtmf()).isTrue();
        assertThat(trunk.numbering().normalise("2125550100")).isEqualTo("+12125550100");
        assertThat(account.proxy()).contains("[2001:db8::5]:5080");
        assertThat(account.login()).isEqualTo("login");
        assertThat(account.user()).isEqualTo("+4930123456");
        assertThat(account.algorithms()).containsExactly(DigestAlgorithm.SHA_256);
        assertThat(account.expires()).isEqualTo(Duration.ofHours(1));
    }

    /** The assistant is reached so instead. */
    private static String socket(String yaml, String how) {
        return yaml.replace("uri: sip:assistant@192.0.2.7", how);
    }

    static Stream<Arguments> wrongConfigurations() {
        return Stream.of(
                wrong(
                        "a slip of the finger in a key",
                        yaml -> yaml.replace("assistant: assistant", "asistant: assistant"),
                        "20 lines[0].asistant is no key; did you mean \"assistant\"?"),
                wrong(
                        "a slip of the finger in a key that must be there",
                        yaml -> yaml.replace("notice: demo", "notcie: demo"),
                        "18 lines[0].notcie is no key; did you mean \"notice\"?"),
                wrong(
                        "handing over to nobody",
                        yaml ->
                                yaml.replace("192.0.2.7\n", "192.0.2.7\n    refer: human\n")
                                        .replaceAll("humans:\n.*\n.*\n", "")
                                        .replace("    humans: [team]\n", ""),
                        "7 assistants[0].refer has nobody to hand over to: there are no humans |"
                                + " refer: decline"),
                wrong(
                        "an assistant in a person's place",
                        yaml -> yaml.replace("sip:team@192.0.2.8", "sip:assistant@192.0.2.7:5060"),
                        "9 humans[0].uri is where the assistant \"assistant\" is dialled, which"
                                + " would hear callers who refused | uri:"
                                + " sip:team@192.0.2.8:5060"),
                wrong(
                        "an assistant that is reached nowhere",
                        yaml -> yaml.replace("    uri: sip:assistant@192.0.2.7\n", ""),
                        "5 assistants[0].uri is missing; write where it is reached: uri (SIP) or"
                                + " url (WebSocket) | uri: sip:assistant@192.0.2.7:5060"),
                wrong(
                        "an assistant that is reached in two ways",
                        yaml -> socket(yaml, "uri: sip:bot@192.0.2.7\n    url: wss://bot.example/"),
                        "7 assistants[0].url stands beside uri; an assistant is reached by one of"
                                + " them"),
                wrong(
                        "a web page for a socket",
                        yaml -> socket(yaml, "url: https://bot.example/media"),
                        "6 assistants[0].url must be a WebSocket address such as"
                                + " wss://bot.example.com/media, not"
                                + " \"https://bot.example/media\" | url:"
                                + " wss://bot.example.com/media"),
                wrong(
                        "a dialect that nobody speaks",
                        yaml -> socket(yaml, "url: wss://bot.example/\n    dialect: twillio"),
                        "7 assistants[0].dialect must be one of twilio, telnyx, jambonz,"
                                + " openai-realtime, gpt-live, not \"twillio\" |"
                                + " dialect: twilio"),
                wrong(
                        "a socket over a trunk",
                        yaml -> socket(yaml, "url: wss://bot.example/\n    trunk: carrier"),
                        "7 assistants[0].trunk is for SIP; a url is connected to directly |"
                                + " trunk:"),
                wrong(
                        "Opus over a socket",
                        yaml -> socket(yaml, "url: wss://bot.example/\n    opus: true"),
                        "7 assistants[0].opus is for SIP; what a url is sent is said by dialect"
                                + " and socket.sample-rate | opus: false"),
                wrong(
                        "two secrets for one header",
                        yaml ->
                                socket(
                                        yaml,
                                        "url: wss://bot.example/\n    socket: {bearer: a, user: b,"
                                                + " password: c}"),
                        "7 assistants[0].socket.user and bearer go into the same header"
                                + " (Authorization); keep one of them"),
                wrong(
                        "a certificate that is not there",
                        yaml ->
                                socket(
                                        yaml,
                                        "url: wss://bot.example/\n    socket: {roots: [no.pem]}"),
                        "7 assistants[0].socket.roots is of no use: HOME/no.pem"),
                wrong(
                        "a sampling rate that a dialect has not got",
                        yaml ->
                                socket(
                                        yaml,
                                        "url: wss://bot.example/\n"
                                                + "    socket: {sample-rate: 16000}"),
                        "7 assistants[0].socket.sample-rate 16000 Hz is not what twilio has; it has"
                                + " 8000 | sample-rate: 8000"),
                wrong(
                        "an unknown key far from any other",
                        yaml -> "node: {colour: red}\n" + yaml,
                        "1 node.colour is no key; known here: id, listen, others"),
                wrong(
                        "a word for a number",
                        yaml -> yaml + "limits:\n  calls: many\n",
                        "23 limits.calls must be a whole number, not \"many\" | calls: 400"),
                wrong(
                        "a model that does not come with the product",
                        yaml -> yaml + "speech: {models: {fr: bundled}}\n",
                        "22 speech.models.fr no model for it comes with the product |"
                                + " fr: data/models/vosk-model-small-fr"),
                wrong(
                        "a number out of range",
                        yaml -> yaml + "limits: {calls: 0}\n",
                        "22 limits.calls must be at least 1 | calls: 400"),
                wrong(
                        "too many repeats",
                        yaml -> yaml + "    repeats: 3\n",
                        "22 lines[0].repeats must be at most 2 | repeats: 2"),
                wrong(
                        "a time that is none",
                        yaml -> yaml + "    first-input: six\n",
                        "22 lines[0].first-input must be a time such as 6s, 500ms, 2m or PT6S, not"
                                + " \"six\" | first-input: 6s"),
                wrong(
                        "a time too short",
                        yaml -> yaml + "    first-input: 200ms\n",
                        "22 lines[0].first-input must be at least 1s | first-input: 6s"),
                wrong(
                        "yes instead of true",
                        yaml -> yaml + "    satisfaction: yes\n",
                        "22 lines[0].satisfaction must be true or false, not \"yes\" |"
                                + " satisfaction: false"),
                wrong(
                        "a missing key",
                        yaml -> yaml.replace("    notice: demo\n", ""),
                        "16 lines[0].notice is missing | notice: demo"),
                wrong(
                        "a missing section",
                        yaml -> yaml.replaceAll("(?s)lines:.*", ""),
                        "1 lines is missing | lines: [{name: …, numbers: […], notice: …, levels:"
                                + " […]}]"),
                wrong(
                        "an empty list",
                        yaml -> yaml.replace("[203.0.113.0/24]", "[]"),
                        "3 trunks[0].sources must not be empty, unless there is a registration |"
                                + " sources: [203.0.113.0/24]"),
                wrong(
                        "a value for a list",
                        yaml -> yaml.replace("[203.0.113.0/24]", "203.0.113.0/24"),
                        "3 trunks[0].sources must be a list, not \"203.0.113.0/24\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a list for a value",
                        yaml -> yaml.replace("notice: demo", "notice: [demo]"),
                        "18 lines[0].notice must be text, not a list | notice: demo"),
                wrong(
                        "a value for a section",
                        yaml -> yaml + "limits: none\n",
                        "22 limits must be a group of keys, not \"none\""),
                wrong(
                        "a key without a value",
                        yaml -> yaml.replace("notice: demo", "notice:"),
                        "18 lines[0].notice is empty | notice: demo"),
                wrong(
                        "a key given twice",
                        yaml -> yaml + "    humans: [team]\n",
                        "22 lines[0].humans is given twice; the first is in line 21"),
                wrong(
                        "a wrong network",
                        yaml -> yaml.replace("203.0.113.0/24", "203.0.113.0/33"),
                        "3 trunks[0].sources[0] must be an address or range such as 192.0.2.7,"
                                + " 192.0.2.0/24 or ::1, not \"203.0.113.0/33\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a host name where only an address is sure",
                        yaml -> yaml.replace("203.0.113.0/24", "trunk.example"),
                        "3 trunks[0].sources[0] must be an address or range such as 192.0.2.7,"
                                + " 192.0.2.0/24 or ::1, not \"trunk.example\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a telephone number as the name of a line",
                        yaml -> yaml.replace("name: service", "name: 4930123456"),
                        "16 lines[0].name must be a letter, then letters, digits, - or _ (up to"
                                + " 40), not \"4930123456\" | name: service"),
                wrong(
                        "a number without its country",
                        yaml -> yaml.replace("+4930123456", "030123456"),
                        "17 lines[0].numbers[0] must be a number such as +4930123456 or a user"
                                + " name, not \"030123456\" | numbers: [\"+4930123456\"]"),
                wrong(
                        "a SIP address without a scheme",
                        yaml -> yaml.replace("sip:team@192.0.2.8", "team@192.0.2.8"),
                        "9 humans[0].uri must be a SIP address such as"
                                + " sip:assistant@192.0.2.7:5060, not \"team@192.0.2.8\" | uri:"
                                + " sip:team@192.0.2.8:5060"),
                wrong(
                        "hours that nobody can keep",
                        yaml -> yaml.replace("@192.0.2.8", "@192.0.2.8\n    hours: [mon-fr 8:00]"),
                        "10 humans[0].hours[0] must be days and times such as mon-fri 08:00-18:00,"
                                + " not \"mon-fr 8:00\" | hours: [mon-fri 08:00-18:00]"),
                wrong(
                        "a holiday of another calendar",
                        yaml ->
                                yaml.replace(
                                        "@192.0.2.8", "@192.0.2.8\n    holidays: [\"24.12.\"]"),
                        "10 humans[0].holidays[0] must be days such as 2026-12-24, or 12-25 for"
                                + " every year, not \"24.12.\" | holidays: [12-25, 2026-12-24]"),
                wrong(
                        "TLS without a certificate",
                        yaml -> "sip: {listen: [tls:0.0.0.0:5061]}\n" + yaml,
                        "1 sip.tls.certificate is missing; sip.listen has a tls: address |"
                                + " certificate: /etc/consent-gateway/sip.crt"),
                wrong(
                        "a certificate that is not there, and no key",
                        yaml -> "sip: {tls: {certificate: sip.crt}}\n" + yaml,
                        "1 sip.tls.key is missing; the certificate needs it | key:"
                                + " /etc/consent-gateway/sip.key"),
                wrong(
                        "files of TLS that are not there",
                        yaml ->
                                "sip:\n  tls:\n    certificate: sip.crt\n    key: sip.key\n   "
                                        + " roots: [root.pem]\n"
                                        + yaml,
                        "3 sip.tls.certificate HOME/sip.crt is not there",
                        "4 sip.tls.key HOME/sip.key is not there",
                        "5 sip.tls.roots[0] HOME/root.pem is not there"),
                wrong(
                        "a version of TLS nobody should speak",
                        yaml -> "sip: {tls: {versions: [\"1.0\"]}}\n" + yaml,
                        "1 sip.tls.versions[0] must be \"1.2\" or \"1.3\", not \"1.0\" |"
                                + " versions: [\"1.3\", \"1.2\"]"),
                wrong(
                        "nobody to believe",
                        yaml -> "sip: {tls: {system-roots: false}}\n" + yaml,
                        "1 sip.tls.system-roots leaves nobody to believe; name authorities in roots"
                                + " | system-roots: true"),
                wrong(
                        "client certificates where nobody can connect",
                        yaml -> "sip: {tls: {client-certificate: required}}\n" + yaml,
                        "1 sip.tls.client-certificate asks those who connect, but sip.listen has no"
                                + " tls: address | client-certificate: off"),
                wrong(
                        "lists of revoked certificates that nobody asks",
                        yaml -> "sip: {tls: {revocation: {check: crl, lists: [no.crl]}}}\n" + yaml,
                        "1 sip.tls.revocation.check looks at certificates of those who connect, but"
                                + " none is asked for | client-certificate: required",
                        "1 sip.tls.revocation.lists[0] HOME/no.crl is not there"),
                wrong(
                        "a look at lists without any",
                        yaml ->
                                "sip: {tls: {client-certificate: optional, revocation: {check:"
                                        + " crl}}}\n"
                                        + yaml,
                        "1 sip.tls.client-certificate asks those who connect, but sip.listen has no"
                                + " tls: address | client-certificate: off",
                        "1 sip.tls.revocation.lists is empty, so nobody could be let in | lists:"
                                + " [/etc/consent-gateway/provider.crl]"),
                wrong(
                        "a responder that nobody asks",
                        yaml ->
                                "sip: {tls: {revocation: {responder: \"http://a.example/\"}}}\n"
                                        + yaml,
                        "1 sip.tls.revocation.check is off, so the lists and the responder are not"
                                + " asked | check: crl"),
                wrong(
                        "a level of what is not looked at",
                        yaml ->
                                yaml.replace(
                                        "sources: [203.0.113.0/24]",
                                        "sources: [203.0.113.0/24]\n    verstat: ignored\n"
                                                + "    attestation: partial"),
                        "5 trunks[0].attestation is not looked at by verstat: ignored | verstat:"
                                + " if-given"),
                wrong(
                        "a registration without user and password",
                        yaml -> registered(yaml, "domain: sip.example.com"),
                        "4 trunks[0].registration.user is missing | user: e12345p0",
                        "4 trunks[0].registration.password is missing; write it here or name a"
                                + " password-file | password-file:"
                                + " /etc/consent-gateway/trunk.password"),
                wrong(
                        "a registration nowhere",
                        yaml -> yaml.replace("]\nassist", "]\n    registration: {user: u}\nassist"),
                        "4 trunks[0].registration.domain is missing; without it nothing is"
                                + " registered | domain: sip.example.com"),
                wrong(
                        "a password given twice",
                        yaml ->
                                registered(
                                        yaml,
                                        "domain: a.example, user: u, password: p, password-file:"
                                                + " no"),
                        "4 trunks[0].registration.password is given twice; keep either password or"
                                + " password-file | password-file:"
                                + " /etc/consent-gateway/trunk.password",
                        "4 trunks[0].registration.password-file must be a file whose first line is"
                                + " the secret: HOME/no | password-file:"
                                + " /etc/consent-gateway/trunk.password"),
                wrong(
                        "a registrar with a scheme",
                        yaml -> registered(yaml, "domain: 'sip:a.example', user: u, password: p"),
                        "4 trunks[0].registration.domain must be a host such as sip.example.com,"
                                + " 192.0.2.7:5060 or [::1], not \"sip:a.example\" | domain:"
                                + " sip.example.com"),
                wrong(
                        "a registration by a transport that is not listened on",
                        yaml ->
                                registered(
                                        yaml,
                                        "domain: a.example, user: u, password: p, transport: tls"),
                        "4 trunks[0].registration.transport needs an address of that kind in"
                                + " sip.listen, for the calls that come back | listen:"
                                + " [tls:0.0.0.0:5060]"),
                wrong(
                        "a trunk that comes by what is not listened on",
                        yaml ->
                                yaml.replace(
                                        "    sources: [203",
                                        "    transports: [tls]\n    sources: [203"),
                        "3 trunks[0].transports names tls, which sip.listen has no address of |"
                                + " listen: [tls:0.0.0.0:5060]"),
                wrong(
                        "a trunk whose registrar may not answer",
                        yaml ->
                                registered(yaml, "domain: a.example, user: u, password: p")
                                        .replace(
                                                "    sources: []",
                                                "    transports: [tcp]\n    sources: []"),
                        "3 trunks[0].transports keeps out its registrar, whose answers come by"
                                + " what it is asked by: say it as registration.transport, too |"
                                + " transport: tcp"),
                wrong(
                        "a human over a trunk that has no account",
                        yaml ->
                                yaml.replace(
                                        "uri: sip:team@192.0.2.8\n",
                                        "uri: sip:team@192.0.2.8\n    trunk: carrier\n"),
                        "10 humans[0].trunk must be a trunk with a registration, not \"carrier\""),
                wrong(
                        "an assistant over a trunk that is another's name",
                        yaml ->
                                registered(
                                        yaml.replace(
                                                "uri: sip:assistant@192.0.2.7\n",
                                                "uri: sip:assistant@192.0.2.7\n    trunk: x\n"),
                                        "domain: a.example, user: u, password: p"),
                        "8 assistants[0].trunk must be a trunk with a registration, not \"x\" |"
                                + " trunk: carrier"),
                wrong(
                        "a password wanted of nobody",
                        yaml ->
                                yaml.replace(
                                        "]\nassist",
                                        "]\n    authentication: {password: p}\nassist"),
                        "4 trunks[0].authentication.user is missing; without it no password is"
                                + " asked for | user: pbx"),
                wrong(
                        "a user without a password",
                        yaml ->
                                yaml.replace(
                                        "]\nassist", "]\n    authentication: {user: pbx}\nassist"),
                        "4 trunks[0].authentication.password is missing; write it here or name a"
                                + " password-file | password-file:"
                                + " /etc/consent-gateway/trunk.password"),
                wrong(
                        "a machine that answers emergency calls",
                        yaml -> yaml.replace("+4930123456", "+49116117"),
                        "17 lines[0].numbers[0] is an emergency number; no machine may answer it"),
                wrong(
                        "a machine that dials for help",
                        yaml -> yaml.replace("sip:team@", "sip:112@"),
                        "9 humans[0].uri is an emergency number; no machine may dial it"),
                wrong(
                        "a name server by name",
                        yaml -> "sip: {name-servers: [dns.example:53]}\n" + yaml,
                        "1 sip.name-servers[0] must be address and port such as 127.0.0.1:8080 or"
                                + " [::1]:8080, not \"dns.example:53\" | name-servers:"
                                + " [192.0.2.53:53]"),
                wrong(
                        "a header that names nobody",
                        yaml -> yaml.replace("]\nassist", "]\n    identity: [contact]\nassist"),
                        "4 trunks[0].identity[0] must be one of p-asserted-identity,"
                                + " p-preferred-identity, from, not \"contact\" | identity:"
                                + " [p-asserted-identity]"),
                wrong(
                        "a word that is no choice",
                        yaml -> yaml + "    dialog: chat\n",
                        "22 lines[0].dialog must be one of ladder, menu, privacy, not \"chat\" |"
                                + " dialog: ladder"),
                wrong(
                        "a transport we do not speak",
                        yaml -> "sip: {listen: [sctp:0.0.0.0:5060]}\n" + yaml,
                        "1 sip.listen[0] must be udp:ADDRESS:PORT, tcp:ADDRESS:PORT or"
                                + " tls:ADDRESS:PORT, not \"sctp:0.0.0.0:5060\" | listen:"
                                + " [udp:0.0.0.0:5060, tcp:0.0.0.0:5060]"),
                wrong(
                        "a store we do not know",
                        yaml -> "store: {url: \"jdbc:oracle:thin\"}\n" + yaml,
                        "1 store.url must be jdbc:sqlite:FILE or"
                                + " jdbc:postgresql://HOST/DATABASE?user=…&password=…, not"
                                + " \"jdbc:oracle:…\" | url: jdbc:sqlite:data/ledger.db"),
                wrong(
                        "several servers of which any may be taken",
                        yaml ->
                                "store: {url: \"jdbc:postgresql://a,b/db?user=u\"}\n"
                                        + withMedia(yaml),
                        "1 store.url names several servers, and a standby among them would be"
                            + " written to and refuse: have the primary looked for"
                            + " (jdbc:postgresql://HOST-A,HOST-B/DATABASE?targetServerType=primary)"),
                wrong(
                        "other nodes, and nowhere to be told anything by them",
                        yaml ->
                                "node: {others: [\"http://10.0.0.12:8085\"]}\n"
                                        + "store: {url: \"jdbc:postgresql://a/db?user=u\"}\n"
                                        + withMedia(yaml),
                        "1 node.listen is missing: the other nodes would have withdrawals to tell,"
                                + " too | listen: 10.0.0.11:8085"),
                wrong(
                        "other nodes of a store that one has alone",
                        yaml -> "node: {listen: \"127.0.0.1:8085\"}\n" + yaml,
                        "1 node.listen speaks of nodes that share a store, and store.url is of this"
                                + " machine alone"),
                wrong(
                        "another node by more than its address",
                        yaml ->
                                "node: {listen: \"127.0.0.1:8085\", others:"
                                        + " [\"http://10.0.0.12:8085/endings\"]}\n"
                                        + "store: {url: \"jdbc:postgresql://a/db?user=u\"}\n"
                                        + withMedia(yaml),
                        "1 node.others[0] must be what another node has as node.listen, without a"
                                + " path | http://10.0.0.12:8085"),
                wrong(
                        "no word of where voices come from behind a proxy",
                        yaml ->
                                "store: {url:"
                                    + " \"jdbc:postgresql://a,b/db?user=u&targetServerType=primary\"}\n"
                                        + yaml,
                        "3 trunks[0].media-networks must be told where several nodes share a store"
                                + " (store.url is PostgreSQL's): behind a proxy the voice comes"
                                + " from the carrier itself; name its ranges, or those of sources"
                                + " where nobody stands before this node | media-networks:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a line to a human nobody knows",
                        yaml -> yaml.replace("[team]", "[teem]"),
                        "21 lines[0].humans[0] names no human: \"teem\"; did you mean \"team\"?"),
                wrong(
                        "a line by a trunk nobody knows",
                        yaml -> yaml + "    trunks: [other]\n",
                        "22 lines[0].trunks[0] names no trunk: \"other\"; known: carrier"),
                wrong(
                        "a call back on a line where nobody asks for their data",
                        yaml -> yaml + "    confirm-by: call-back\n",
                        "22 lines[0].confirm-by is for a line with dialog: privacy; nothing is"
                            + " asked for on others that could be confirmed | confirm-by: none"),
                wrong(
                        "a call back over a trunk that cannot be called",
                        yaml -> yaml + "    dialog: privacy\n    confirm-by: call-back\n",
                        "23 lines[0].confirm-by calls numbers back over the trunk that they called"
                                + " by, and carrier has neither a registration nor a probe that"
                                + " says where it is called | trunks[].probe: sip:sbc.example.com,"
                                + " or lines[].trunks: [carrier]"),
                wrong(
                        "a call back from a line without a number",
                        yaml ->
                                yaml.replaceFirst("numbers: .*", "numbers: [help]")
                                        + "    dialog: privacy\n    confirm-by: call-back\n",
                        "23 lines[0].confirm-by calls numbers back with the line's own, and none of"
                                + " its numbers begins with + | numbers: [\"+4930123458\"]"),
                wrong(
                        "a line with a level nobody knows",
                        yaml -> yaml.replace("[basis, komfort]", "[basic, komfort]"),
                        "19 lines[0].levels[0] names no level: \"basic\"; did you mean \"basis\"?"),
                wrong(
                        "a level without what is asked for first",
                        yaml -> yaml.replace("purposes: [assistant]", "purposes: [recording]"),
                        "19 lines[0].levels[1] must have the purpose \"recording\", which is asked"
                                + " for first | levels: [basis, komfort, voll]"),
                wrong(
                        "more purposes than are asked for",
                        yaml ->
                                yaml.replace(
                                        "[assistant, transcript]",
                                        "[assistant, transcript, recording, learning, a, b]"),
                        "19 lines[0].levels ask for 6 purposes, at most 5 are asked for: assistant,"
                                + " transcript, recording, learning, a, b"),
                wrong(
                        "advertising without five years of proof",
                        yaml ->
                                yaml.replace(
                                        "purposes: [assistant, transcript]",
                                        "purposes: [assistant, marketing]\n    retention: P3Y"),
                        "15 levels[1].retention must be five years at least where marketing is"
                                + " among the purposes (§ 7a UWG), not P3Y | retention: P5Y"),
                wrong(
                        "a consent that holds for longer than anybody remembers it",
                        yaml ->
                                yaml.replace(
                                        "purposes: [assistant, transcript]",
                                        "purposes: [assistant, transcript]\n"
                                                + "    validity: P25M"),
                        "15 levels[1].validity is longer than limits.validity, P2Y | validity:"
                                + " P12M"),
                wrong(
                        "a recipient of the shipped example",
                        yaml ->
                                yaml
                                        + "processing: {recipients: [{name: Firma Beispiel,"
                                        + " address: Deich 1, purposes: [assistant]}]}\n",
                        "22 processing.recipients[0].name is still that of the shipped example:"
                                + " \"Firma Beispiel\" | who it is; \"demo: {agents: true}\""
                                + " marks a demonstration"),
                wrong(
                        "a network of two trunks",
                        yaml ->
                                yaml.replace(
                                        "assistants:\n",
                                        """
                                          - name: other
                                            sources: [203.0.113.7/24]
                                        assistants:
                                        """),
                        "5 trunks[1].sources[0] belongs to trunk carrier already"),
                wrong(
                        "a registration of two trunks",
                        yaml ->
                                registered(yaml, "domain: a.de, user: u, password: p")
                                        .replace(
                                                "assistants:\n",
                                                """
                                                  - name: other
                                                    sources: []
                                                    registration: {domain: A.de, user: u, password: p}
                                                assistants:
                                                """),
                        "7 trunks[1].registration.register has this user registered a second time,"
                                + " as trunk carrier does; calls are made over the account without"
                                + " it, too | register: false"),
                wrong(
                        "a password file of the example",
                        yaml -> registered(yaml, "domain: a.de, user: u, password-file: example"),
                        "4 trunks[0].registration.password-file still holds the password of the"
                                + " example, change-me | the password that your provider gave"
                                + " you"),
                wrong(
                        "a level that is given twice",
                        yaml -> yaml.replace("[basis, komfort]", "[basis, basis]"),
                        "19 lines[0].levels[1] \"basis\" is given twice"),
                wrong(
                        "a notice that is not there",
                        yaml -> yaml.replace("notice: demo", "notice: demi"),
                        "18 lines[0].notice names no folder under HOME/config/notices: \"demi\""),
                wrong(
                        "a line without an assistant",
                        yaml -> yaml.replace("    assistant: assistant\n", ""),
                        "16 lines[0].assistant is missing; only a line with dialog: privacy does"
                                + " without | assistant: assistant"),
                wrong(
                        "a line without levels",
                        yaml -> yaml.replace("    levels: [basis, komfort]\n", ""),
                        "16 lines[0].levels is missing; only a line with dialog: privacy does"
                                + " without | levels: [basis, komfort]"),
                wrong(
                        "a number of two lines",
                        yaml ->
                                yaml
                                        + yaml.replaceAll("(?s).*lines:\n", "")
                                                .replace("service", "x"),
                        "23 lines[1].numbers[0] belongs to line service already"),
                wrong(
                        "two lines of one name",
                        yaml -> yaml + yaml.replaceAll("(?s).*lines:\n", "").replace("56", "57"),
                        "22 lines[1].name \"service\" is given twice"),
                wrong(
                        "more calls than ports",
                        yaml -> yaml + "media:\n  ports: {first: 20000, last: 20099}\n",
                        "1 limits.calls is more than media.ports can serve: 1600 ports are needed,"
                                + " there are 100 | calls: 25"),
                wrong(
                        "an odd first port",
                        yaml -> yaml + "media:\n  ports: {first: 20001}\n",
                        "23 media.ports.first must be even (RTP takes the even ports) | first:"
                                + " 20002"),
                wrong(
                        "an alias",
                        yaml -> "node: &n {id: a}\ndrain: *n\n" + yaml,
                        "1 has an anchor (&…); leave it out, or put the value in quotes",
                        "2 drain uses an alias (*name); write the value out"),
                wrong(
                        "an anchor on a value that nobody refers to",
                        yaml -> yaml + "node: {id: &a berlin}\n",
                        "22 has an anchor (&…); leave it out, or put the value in quotes"),
                wrong(
                        "a language without texts",
                        yaml -> yaml + "    languages: [de, fr]\n",
                        "22 lines[0].languages[1] has no texts: there is no"
                                + " HOME/config/notices/demo/fr with a file such as 2026-11.yaml |"
                                + " languages: [de, en]"),
                wrong(
                        "a tab",
                        yaml -> yaml + "limits:\n\tcalls: 3\n",
                        "23 this is not YAML: found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)"),
                wrong(
                        "an open bracket",
                        yaml -> "node: {id: a\n" + yaml,
                        "2 this is not YAML: expected ',' or '}', but got :"),
                wrong(
                        "another document",
                        yaml -> yaml + "---\nnode: {id: a}\n",
                        "23 a second document (---) is not read"),
                wrong(
                        "nested without end",
                        yaml -> "node: {id: " + "[".repeat(40) + "]".repeat(40) + "}\n" + yaml,
                        "1 node.id" + "[0]".repeat(15) + " is nested too deeply",
                        "1 node.id must be text, not a list | id: gateway"),
                wrong(
                        "many things at once, in the order of the file",
                        yaml ->
                                yaml.replace("[assistant]", "[Assistant]")
                                                .replace("[team]", "[nobody]")
                                        + "    repeats: lots\n"
                                        + "limits: {call: 3}\n",
                        "12 levels[0].purposes[0] must be small letters, digits and - only, not"
                                + " \"Assistant\" | purposes: [assistant]",
                        "21 lines[0].humans[0] names no human: \"nobody\"; known: team",
                        "22 lines[0].repeats must be a whole number, not \"lots\" | repeats: 2",
                        "23 limits.call is no key; did you mean \"calls\"?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongConfigurations")
    void whatIsWrongIsToldWithItsLineAndWhatWouldBeRight(
            String name, Function<String, String> change, List<String> expected)
            throws IOException {
        String changed = change.apply(SMALLEST);
        assertThat(changed).isNotEqualTo(SMALLEST);

        List<Problem> problems = problems(changed);

        assertThat(problems)
                .extracting(GatewayConfigTest::brief)
                .map(text -> text.replace(home.toString(), "HOME"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(problems).isSortedAccordingTo((a, b) -> Integer.compare(a.line(), b.line()));
    }

    @Test
    void theMessageNamesTheFileTheLineTheKeyAndARightValue() throws Exception {
        Path file = write(SMALLEST + "limits: {calls: many}\n");
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));

        assertThat(wrong)
                .hasMessage(
                        """
                        FILE:22: limits.calls must be a whole number, not "many"
                            right: calls: 400
                        The configuration has one mistake; nothing was started.\
                        """
                                .replace("FILE", file.toString()));
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsTold() throws IOException {
        assertThat(problemsOf(home.resolve("no.yaml")))
                .extracting(Problem::wrong)
                .containsExactly("there is no such file");
        Path latin =
                Files.write(
                        home.resolve("latin.yaml"),
                        "# Größe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problemsOf(latin))
                .extracting(Problem::wrong)
                .containsExactly("the file is not UTF-8");
        Path large = Files.writeString(home.resolve("large.yaml"), "#".repeat(1 << 20) + "\n");
        assertThat(problemsOf(large))
                .extracting(Problem::wrong)
                .containsExactly("the file is larger than 1 MiB");
    }

    @Test
    void anEmptyFileMissesWhatHasNoDefault() throws IOException {
        assertThat(problems("# nothing yet\n"))
                .extracting(Problem::key)
                .containsExactly("trunks", "levels", "lines");
    }

    @Test
    void anAddressOfAnotherMachineIsRefusedByWhoIsToServeOnly() throws Exception {
        Path file =
                Files.writeString(
                        home.resolve("elsewhere.yaml"),
                        SMALLEST + "media: {address: 203.0.113.9}\n");

        assertThat(GatewayConfig.load(file, home).media().address().getHostAddress())
                .isEqualTo("203.0.113.9");
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.loadToServe(file, home));
        assertThat(wrong.problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.line()).isEqualTo(22);
                    assertThat(problem.key()).isEqualTo("media.address");
                    assertThat(problem.wrong())
                            .startsWith("is no address of this machine: 203.0.113.9; there are ")
                            .contains("127.0.0.1", "media.advertised-address");
                    assertThat(problem.right()).startsWith("address: ");
                });
    }

    private static Arguments wrong(
            String name, Function<String, String> change, String... expected) {
        return Arguments.of(name, change, Arrays.asList(expected));
    }

    private static String brief(Problem problem) {
        String key = problem.key().isEmpty() ? "" : problem.key() + " ";
        String right =
                problem.right().isEmpty() || problem.right().endsWith("…")
                        ? ""
                        : " | " + problem.right();
        return String.format(Locale.ROOT, "%d %s%s%s", problem.line(), key, problem.wrong(), right);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(home.resolve("gateway.yaml"), yaml);
    }

    private GatewayConfig load(String yaml) throws Exception {
        return GatewayConfig.load(write(yaml), home);
    }

    private List<Problem> problems(String yaml) throws IOException {
        return problemsOf(write(yaml));
    }

    private List<Problem> problemsOf(Path file) {
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));
        return wrong == null ? List.of() : wrong.problems();
    }
}
