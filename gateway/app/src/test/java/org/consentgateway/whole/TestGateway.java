package org.consentgateway.whole;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.consentgateway.Gateway;
import org.consentgateway.cli.ConfigurationFile;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.G711;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.PlacedCalls;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.Telephone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Confined to one test class. A gateway with short prompts, in this process or in one of its own,
 * an assistant, a human and telephones to call from.
 */
final class TestGateway implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    /** One level, two, and the numbers that are dialled. */
    static final String ONE_LEVEL = "+4930123451";

    /** One level, which lasts for later calls where the caller agrees to that. */
    static final String REMEMBER = "+4930123450";

    static final String LADDER = "+4930123456";
    static final String MENU = "+4930123457";
    static final String PRIVACY = "+4930123458";
    static final String NO_HUMAN = "+4930123459";

    /** The trunk from this address may have one call at a time. */
    static final String NARROW_TRUNK = "127.0.0.3";

    /** How long a question waits. */
    private static final String FIRST_INPUT = "3s";

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final Wishes wishes;
    private final UnaryOperator<String> change;
    private final Queue<Telephone> telephones = new ConcurrentLinkedQueue<>();
    private Path folder;
    private ShortPrompts prompts;
    private Callee assistant;
    private Callee human;
    private Path configuration;
    private String storeUrl;
    private @Nullable Gateway gateway;
    private boolean closed;

    /** Immutable. What differs from test to test. */
    static final class Wishes {
        static final Wishes USUAL = new Wishes();

        /** Null for SQLite in the data directory. */
        private @Nullable String storeUrl;

        private String commitTimeout = "5s";

        /** 0 for any. */
        private int sipPort;

        private boolean speech;

        private String language = "en";

        private int leastPromptMillis;

        /** Of the trunk and the assistant. */
        private String srtp = "off";

        /** With them, TLS is listened on, too. */
        private @Nullable Certificates certificates;

        /** Null for the usual one. */
        private @Nullable String assistantUri;

        private String silenceAfter = "15s";

        private Wishes() {}

        private Wishes(Wishes as) {
            storeUrl = as.storeUrl;
            commitTimeout = as.commitTimeout;
            sipPort = as.sipPort;
            speech = as.speech;
            language = as.language;
            leastPromptMillis = as.leastPromptMillis;
            srtp = as.srtp;
            certificates = as.certificates;
            assistantUri = as.assistantUri;
            silenceAfter = as.silenceAfter;
        }

        private Wishes with(Consumer<Wishes> change) {
            Wishes changed = new Wishes(this);
            change.accept(changed);
            return changed;
        }

        Wishes withStore(String url, String timeout) {
            return with(wishes -> {
                wishes.storeUrl = url;
                wishes.commitTimeout = timeout;
            });
        }

        Wishes withSipPort(int port) {
            return with(wishes -> wishes.sipPort = port);
        }

        Wishes withSpeech() {
            return with(wishes -> wishes.speech = true);
        }

        /** Spoken and understood. */
        Wishes withLanguage(String spoken) {
            return with(wishes -> wishes.language = spoken);
        }

        /** Prompts that last, for callers who do something meanwhile. */
        Wishes withPromptsOfAtLeast(int millis) {
            return with(wishes -> wishes.leastPromptMillis = millis);
        }

        /** Encrypted media with those who can, or with all. */
        Wishes withSrtp(String use) {
            return with(wishes -> wishes.srtp = use);
        }

        Wishes withTls(Certificates own) {
            return with(wishes -> wishes.certificates = own);
        }

        Wishes withAssistant(String uri) {
            return with(wishes -> wishes.assistantUri = uri);
        }

        Wishes withSilenceAfter(String time) {
            return with(wishes -> wishes.silenceAfter = time);
        }
    }

    /** All but the gateway itself. */
    TestGateway(Path folder, Wishes wishes) throws Exception {
        this(folder, wishes, UnaryOperator.identity());
    }

    private TestGateway(Path folder, Wishes wishes, UnaryOperator<String> change) throws Exception {
        this.wishes = wishes;
        this.change = change;
        open(folder);
    }

    private void open(Path in) throws Exception {
        folder = in;
        prompts = ShortPrompts.in(in, wishes.language, wishes.leastPromptMillis);
        assistant = callee("assistant");
        human = callee("human");
        storeUrl =
                Objects.requireNonNullElse(
                        wishes.storeUrl, "jdbc:sqlite:" + data().resolve("ledger.db"));
        if (wishes.storeUrl == null) {
            TestLedger.makeStore(data().resolve("ledger.db"));
        }
        configuration = in.resolve("gateway.yaml");
        String yaml = inLanguage(wishes.language, yaml(wishes));
        Files.writeString(configuration, change.apply(yaml));
        closed = false;
    }

    /**
     * Registered as an extension of a test class, in a static field: starts before its tests and
     * ends behind them.
     */
    static TestGateway with(Wishes wishes) {
        return with(wishes, UnaryOperator.identity());
    }

    /**
     * @param change to the configuration, as it is written
     */
    static TestGateway with(Wishes wishes, UnaryOperator<String> change) {
        try {
            return new TestGateway(Files.createTempDirectory("gateway"), wishes, change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (closed) { // a test of this class failed, and is run once more in the same JVM
            open(Files.createTempDirectory("gateway"));
            found.clear();
            growing = null;
        }
        gateway = Gateway.start(config(), new ConfigurationFile(configuration, folder));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                delete(each);
            }
        }
    }

    private static void delete(Path each) throws IOException {
        try {
            Files.delete(each);
        } catch (DirectoryNotEmptyException more) {
            try (Stream<Path> late = Files.list(each)) {
                throw new AssertionError("written after the gateway's end: " + late.toList(), more);
            }
        }
    }

    /** At once, for a test that ends it itself. */
    static TestGateway start(Path folder, Wishes wishes) throws Exception {
        return start(folder, wishes, UnaryOperator.identity());
    }

    /**
     * @param change to the configuration, as it is written
     */
    static TestGateway start(Path folder, Wishes wishes, UnaryOperator<String> change)
            throws Exception {
        TestGateway all = new TestGateway(folder, wishes, change);
        all.gateway =
                Gateway.start(all.config(), new ConfigurationFile(all.configuration, all.folder));
        return all;
    }

    /**
     * Not started, so that its store can be filled before {@link #restart} starts it.
     *
     * @param change to the configuration, as it is written
     */
    static TestGateway filled(Path folder, Wishes wishes, UnaryOperator<String> change)
            throws Exception {
        return new TestGateway(folder, wishes, change);
    }

    /** Has the running gateway read the configuration again, as the command does. */
    JsonNode reload() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + gateway().webPort() + "/reload");
            return new ObjectMapper()
                    .readTree(
                            client.send(
                                            HttpRequest.newBuilder(uri)
                                                    .timeout(Duration.ofSeconds(60))
                                                    .POST(HttpRequest.BodyPublishers.noBody())
                                                    .build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .body());
        }
    }

    /** Changes a text in the configuration, which must be there, and has it read again. */
    JsonNode reloadWith(String before, String after) throws Exception {
        String yaml = Files.readString(configuration);
        if (!yaml.contains(before)) {
            throw new AssertionError("not in the configuration: " + before);
        }
        Files.writeString(configuration, yaml.replace(before, after));
        return reload();
    }

    /** Ends the gateway alone; {@link #restart} starts it again. */
    void stop() {
        gateway().close();
        gateway = null;
    }

    /** Ends the gateway and starts it again over the same data, texts and store. */
    void restart() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        gateway = Gateway.start(config(), new ConfigurationFile(configuration, folder));
    }

    /** The same, by this clock. */
    void restartBy(InstantSource clock) throws Exception {
        gateway().close();
        gateway = Gateway.start(config(), clock);
    }

    /** The same, so much later. */
    void restartAfter(Duration time) throws Exception {
        gateway().close();
        gateway = Gateway.start(config(), Clock.offset(Clock.systemUTC(), time));
    }

    GatewayConfig config() throws Exception {
        return GatewayConfig.load(configuration, folder);
    }

    private static String inLanguage(String language, String yaml) {
        return yaml.replace("models: {en: bundled}", "models: {" + language + ": bundled}")
                .replace("languages: [en]", "languages: [" + language + "]");
    }

    private String yaml(Wishes wishes) {
        return """
        node: {id: whole}
        sip:
          listen: ["udp:127.0.0.1:%1$d", "tcp:127.0.0.1:%1$d"%14$s]
          tls: {%15$s}
        media:
          address: 127.0.0.1
          ports: {first: %2$d, last: %3$d}
          quarantine: 500ms
          silence-after: %17$s
        limits: {calls: 100, calls-per-line: 100, retry-after: 1s, busy-percent: 100, audio-lag: 10s}
        store:
          url: "%4$s"
          keys: "%5$s/keys"
          checkpoints: {export: "%5$s/checkpoints", interval: 1s}
          commit-timeout: %6$s
        web: {listen: "127.0.0.1:0"}
        speech: {enabled: %7$s, models: {en: bundled}}
        prompts: {directory: "%8$s", cache: "%5$s/prompts"}
        notices: {directory: "%9$s"}
        lexicon: {directory: "%10$s/config/lexicon"}
        languages: {directory: "%10$s/config/languages"}
        trunks:
          - {name: local, sources: ["127.0.0.1"], identity: [p-asserted-identity], srtp: %16$s}
          - {name: narrow, sources: ["%11$s"], identity: [p-asserted-identity], max-calls: 1}
        assistants:
          - {name: assistant, uri: "%12$s", srtp: %16$s, ring-timeout: 5s}
        humans:
          - {name: human, uri: "%13$s", ring-timeout: 5s}
        levels:
          - {id: basis, purposes: [assistant]}
          - {id: komfort, purposes: [assistant, transcript]}
          - {id: voll, purposes: [assistant, transcript, recording]}
          - {id: merken, purposes: [assistant], validity: P12M}
        lines:
        """
                        .formatted(
                                wishes.sipPort,
                                RtpPorts.GATEWAY,
                                RtpPorts.GATEWAY + 999,
                                storeUrl,
                                data(),
                                wishes.commitTimeout,
                                wishes.speech,
                                prompts.prompts(),
                                prompts.notices(),
                                ShortPrompts.PROJECT,
                                NARROW_TRUNK,
                                Objects.requireNonNullElse(wishes.assistantUri, assistant.uri()),
                                human.uri(),
                                wishes.certificates == null ? "" : ", \"tls:127.0.0.1:0\"",
                                tls(wishes.certificates),
                                wishes.srtp,
                                wishes.silenceAfter)
                + line("one", ONE_LEVEL, "ladder", "[basis]", true)
                + line("remember", REMEMBER, "ladder", "[merken]", true)
                + line("ladder", LADDER, "ladder", "[basis, komfort, voll]", true)
                + line("menu", MENU, "menu", "[basis, komfort, voll]", true)
                + line("privacy", PRIVACY, "privacy", "", true)
                + line("no-human", NO_HUMAN, "ladder", "[basis]", false);
    }

    private static String tls(@Nullable Certificates own) {
        return own == null
                ? ""
                : "certificate: \"%s\", key: \"%s\", roots: [\"%s\"]"
                        .formatted(
                                own.certificate(Certificates.GATEWAY),
                                own.key(Certificates.GATEWAY),
                                own.root());
    }

    private static String line(
            String name, String number, String dialog, String levels, boolean human) {
        return """
          - name: %s
            numbers: ["%s"]
            notice: demo
            languages: [en]
            dialog: %s
            first-input: %s
            further-questions: 2
            call-back: false
        """
                        .formatted(name, number, dialog, FIRST_INPUT)
                + (levels.isEmpty() ? "" : "    levels: " + levels + "\n")
                + (dialog.equals("privacy") ? "" : "    assistant: assistant\n")
                + (dialog.equals("menu") ? "    satisfaction: true\n" : "")
                + (human ? "    humans: [human]\n" : "");
    }

    Path configuration() {
        return configuration;
    }

    /** Everything a running gateway writes. */
    Path data() {
        return folder.resolve("data");
    }

    ShortPrompts prompts() {
        return prompts;
    }

    Callee assistant() {
        return assistant;
    }

    /** The assistant's side of the first call of this caller, as soon as there is one. */
    AnsweredCall assistantOf(String number) throws Exception {
        String call = callIds(number).getFirst();
        await().atMost(TestCaller.PATIENCE)
                .until(() -> !assistant.calls("X-Gateway-Call-Id", call).isEmpty());
        return assistant.calls("X-Gateway-Call-Id", call).getFirst();
    }

    /** Calls, and agrees until the assistant is there; its side of the call. */
    AnsweredCall talksWithTheAssistant(Caller caller, String number) throws Exception {
        caller.calls();
        while (!story(number).contains("AssistantOpened")) {
            caller.presses('1');
            TimeUnit.MILLISECONDS.sleep(300);
        }
        return assistantOf(number);
    }

    /**
     * The assistant's side of a call of theirs; it was dialled once.
     *
     * @param call 0: their first
     */
    AnsweredCall assistantOf(String number, int call) throws Exception {
        List<AnsweredCall> calls = assistant.calls("X-Gateway-Call-Id", callIds(number).get(call));
        if (calls.size() != 1) {
            throw new AssertionError("dialled " + calls.size() + " times");
        }
        return calls.getFirst();
    }

    Callee human() {
        return human;
    }

    /** What one of them says first. */
    static AudioClip greeting(String name) {
        return AudioClip.of(ShortPrompts.melody("I am the " + name, 500));
    }

    /** What a bot says first in µ-law, as it is heard on an A-law line. */
    static AudioClip botsGreeting() {
        byte[] spoken = Law.MU.encode(ShortPrompts.melody("I am the bot", 500));
        byte[] heard = Law.A.encode(Law.MU.decode(spoken));
        return AudioClip.of(G711.PCMA.decode(heard));
    }

    private static Callee callee(String name) throws IOException {
        return new Callee(name, greeting(name).octets(G711.PCMA));
    }

    /** Somebody who does everything by hand, and has not called yet. */
    Caller caller(String line, String number) throws Exception {
        return Caller.of(sip(), line, number);
    }

    /**
     * Calls with a telephone that knows how.
     *
     * @param number the caller's, or "anonymous"
     * @param port that leads to the gateway
     */
    Telephone calls(String line, String number, int port, Telephone.Listener listener)
            throws IOException {
        Telephone telephone =
                Telephone.calls(new InetSocketAddress(HERE, port), line, number, listener);
        telephones.add(telephone);
        return telephone;
    }

    Gateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    /** Where it is called over UDP. */
    InetSocketAddress sip() throws Exception {
        return gateway == null
                ? config().sip().listen().getFirst().at().socketAddress()
                : gateway.listening().getFirst();
    }

    String uri(String line) throws Exception {
        return "sip:" + line + "@127.0.0.1:" + sip().getPort();
    }

    /** The same over TLS. */
    String tlsUri(String line) {
        int port = gateway().listening().getLast().getPort();
        return "sip:" + line + "@127.0.0.1:" + port + ";transport=tls";
    }

    String http(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + gateway().webPort() + path);
            return client.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    // ------------------------------------------------------------------ the ledger

    int apiPort() {
        return gateway().apiPort();
    }

    LedgerArchive archive() throws IOException {
        return LedgerArchive.open(ledger());
    }

    LedgerSettings ledger() {
        return new LedgerSettings(
                storeUrl,
                data().resolve("keys"),
                "node-1",
                "consent-gateway.local/log",
                new LedgerSettings.Checkpoints(
                        1000,
                        Duration.ofSeconds(60),
                        data().resolve("checkpoints"),
                        TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    /**
     * What was found of one caller.
     *
     * @param size of the ledger then
     * @param placed calls, as the caller's telephones know them
     */
    private record Found(long size, int placed, List<Entry> entries) {}

    private final Map<String, Found> found = new ConcurrentHashMap<>();
    private @Nullable LedgerArchive growing;

    /**
     * The same as {@link #entries}, which is read again where something was added meanwhile:
     * whoever waits asks ten times a second, and to open the ledger and all its payloads takes
     * longer than what is waited for.
     */
    private List<Entry> entriesByNow(String number) throws Exception {
        int placed = PlacedCalls.of(number).size();
        long size = size();
        Found known = found.get(number);
        if (known == null || known.size() != size || known.placed() != placed) {
            known = new Found(size, placed, entries(number));
            found.put(number, known);
        }
        return known.entries();
    }

    private synchronized long size() throws IOException {
        if (growing == null) {
            growing = archive();
        }
        return growing.size();
    }

    /** All entries that stem from one caller, oldest first, also those that name nobody. */
    List<Entry> entries(String number) throws Exception {
        LedgerArchive archive = archive();
        Pseudonyms pseudonyms = archive.pseudonyms();
        Map<UUID, Entry> entries = new HashMap<>();
        FoundEntries.of(archive.reader(), pseudonyms.subject(number))
                .page(0, 1000)
                .forEach(entry -> entries.put(entry.id(), entry));
        List<String> calls =
                PlacedCalls.of(number).stream()
                        .flatMap(call -> pseudonyms.sipCallId(call).stream())
                        .toList();
        if (!calls.isEmpty()) {
            archive.reader().ofSipCall(calls).forEach(entry -> entries.put(entry.id(), entry));
        }
        return entries.values().stream()
                .sorted(Comparator.comparing(Entry::time).thenComparingLong(Entry::index))
                .toList();
    }

    static ObjectNode payload(Entry entry) {
        return Objects.requireNonNull(entry.payload(), "erased or sealed");
    }

    /** The gateway's ids of one caller's calls, oldest first. */
    List<String> callIds(String number) throws Exception {
        return entriesByNow(number).stream()
                .map(entry -> payload(entry).at("/call/gateway_call_id").asText())
                .distinct()
                .toList();
    }

    /** What the ledger says of one caller, such as "Served opening", "Given basis". */
    List<String> story(String number) throws Exception {
        return entriesByNow(number).stream().map(TestGateway::told).toList();
    }

    /** Waits until the ledger tells exactly this of one caller. */
    void tells(String number, String... story) throws Exception {
        List<String> wanted = List.of(story);
        try {
            await().atMost(TestCaller.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> story(number).equals(wanted));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("wanted " + wanted + "\nbut there is " + story(number), e);
        }
    }

    /** The same of somebody who agreed, talked with the assistant and hung up. */
    void tellsOfTalk(String number, String level) throws Exception {
        tells(
                number,
                "Served opening",
                "Given " + level,
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP");
    }

    /**
     * The same of somebody who agreed and withdrew in the talk.
     *
     * @param method of withdrawing, KEY or SPEECH
     * @param request by which the assistant acknowledged, INFO or BYE
     */
    void tellsOfWithdrawal(String number, String level, String method, String request)
            throws Exception {
        tells(
                number,
                "Served opening",
                "Given " + level,
                "AssistantOpened",
                "Withdrawn " + method,
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN " + request);
    }

    static String told(Entry entry) {
        ObjectNode payload = entry.payload();
        if (payload == null) {
            return entry.type().text() + " -";
        }
        String more =
                switch (entry.type()) {
                    case SERVED ->
                            payload.at("/served/part").asText()
                                    + (payload.at("/served/completed").asBoolean() ? "" : " (cut)");
                    case GIVEN, RENEWED, REAFFIRMED, IMPORTED ->
                            payload.at("/decision/level").asText();
                    case UNANSWERED -> payload.at("/decision/reason").asText();
                    case WITHDRAWN -> payload.at("/withdrawal/method").asText();
                    case ASSISTANT_CUT, CALL_LOST -> payload.at("/reason").asText();
                    case PURPOSE_DECIDED ->
                            payload.at("/decision/purpose").asText()
                                    + " "
                                    + payload.at("/decision/outcome").asText();
                    case HOLDER_NOTIFIED, HOLDER_TOLD, HOLDER_TO_TELL ->
                            "%s %s"
                                    .formatted(
                                            payload.at("/holder/event").asText(),
                                            payload.at("/holder/acknowledged_by").asText());
                    case REQUEST_OPENED -> payload.at("/request/kind").asText();
                    case REQUEST_UNCONFIRMED -> payload.at("/call_back/result").asText();
                    case TASK_OPENED, TASK_CLOSED -> payload.at("/task/kind").asText();
                    case REFUSED,
                            EXPIRED,
                            ERASED,
                            ASSISTANT_OPENED,
                            USED,
                            SIGNING_KEY_ROTATED,
                            SIGNING_KEY_REVOKED,
                            LOG_RESUMED,
                            LOG_ARCHIVED,
                            WITNESS_CONFLICT_RESOLVED,
                            REQUEST_APPROVED,
                            REQUEST_REFUSED,
                            REQUEST_EXTENDED,
                            CALL_BACK_DUE,
                            CALL_BACK_PLACED,
                            REQUEST_CONFIRMED,
                            KEY_ISSUED,
                            KEY_REVOKED,
                            ACCESSED,
                            ACCESS_REFUSED,
                            SUBJECT_REFERENCED,
                            REPORT_DUE,
                            REPORT_SENT ->
                            "";
                };
        return (entry.type().text() + " " + more).strip();
    }

    Verification verify() throws IOException {
        return archive().verify(List.of(), _ -> {});
    }

    @Override
    public void close() {
        telephones.forEach(Telephone::close);
        telephones.clear();
        if (gateway != null) {
            gateway.close();
        }
        assistant.close();
        human.close();
        closed = true;
    }
}
