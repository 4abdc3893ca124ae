package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.ApiCredentials;
import org.consentgateway.api.access.ApiKeyRegister;
import org.consentgateway.api.access.ApiKeys;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.audit.ComplianceRoutes;
import org.consentgateway.api.audit.ProofRoutes;
import org.consentgateway.api.call.CallDetailRoutes;
import org.consentgateway.api.call.HeardTexts;
import org.consentgateway.api.call.RunningCalls;
import org.consentgateway.api.experiment.ExperimentRoutes;
import org.consentgateway.api.operation.HourRoutes;
import org.consentgateway.api.operation.KnownCertificate;
import org.consentgateway.api.operation.PeerRoutes;
import org.consentgateway.api.operation.SettingRoutes;
import org.consentgateway.api.request.RequestRoutes;
import org.consentgateway.api.text.TextReview;
import org.consentgateway.api.text.TextRoutes;
import org.consentgateway.api.text.VariantReview;
import org.consentgateway.api.text.VariantRoutes;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRules;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.Task;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.OperatorRequests;
import org.consentgateway.proof.OperatorWithdrawals;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TaskRegister;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.desk.OperatorAnswers;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ImportTerms;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.LetterWriter;
import org.consentgateway.statistics.today.DecisionHours;
import org.consentgateway.statistics.today.TodaySeen;
import org.consentgateway.web.Diagnosis;
import org.consentgateway.web.Status;

/** The API over a real log, without telephones. Confined to one test. */
final class TestApi implements AutoCloseable {
    static final String NUMBER = "+4930123456";
    static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Period DAYS = Period.ofDays(30);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("1");

    static final Level MERKEN =
            Level.of(
                    "merken",
                    List.of(Purpose.ASSISTANT, Purpose.MARKETING, Purpose.RECORDING),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    true);

    /** SHA-256 of the words that callers hear. */
    static final String WORDS = SPOKEN.words().sha256();

    final LedgerSettings settings;
    final Ledger ledger;
    final LedgerStore store;
    final ConsentJournal journal;
    final ApiRoutes routes;
    final ApiServer server;
    final TodaySeen seen;
    final ApiKeyRegister register;
    final CustomerReports reports;
    final List<UUID> ended = new CopyOnWriteArrayList<>();
    final List<UUID> running = new CopyOnWriteArrayList<>();
    final List<UUID> talking = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final LedgerTasks tasks;
    private final InstantSource clock;

    /** By so much the machine's clock was set, and may be right. */
    volatile Duration ahead = Duration.ZERO;

    private volatile boolean draining;

    TestApi(Path directory, InstantSource clock, int perSecond) throws Exception {
        this(directory, clock, perSecond, keys -> keys);
    }

    /**
     * @param with what is taken beside keys
     */
    TestApi(Path directory, InstantSource clock, int perSecond, UnaryOperator<ApiCredentials> with)
            throws Exception {
        this.clock = clock;
        settings = TestLedger.in(directory).withArchive(directory.resolve("archive"));
        ledger = Ledger.open(settings, clock);
        Supplier<UUID> ids = () -> EntryIds.next(clock.instant());
        store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, clock, _ -> Optional.of(SPOKEN)),
                        new Retention(DAYS, DAYS, DAYS, Period.ofYears(3)),
                        new Processing("DE", "", Map.of(), List.of(), Map.of()));
        journal = new ConsentJournal(store, new Forgetful(), PATIENCE, ids);
        tasks =
                new LedgerTasks(
                        ledger, "DE", Map.of(Task.Kind.CALL_BACK, DAYS, Task.Kind.COMPLAINT, DAYS));
        Path languages = Path.of(System.getProperty("project.root"), "config/languages");
        reports =
                new CustomerReports(
                        ledger.reader(),
                        ledger.pseudonyms(),
                        new CustomerReports.Terms(
                                "report", new LetterWriter(languages, ZoneOffset.UTC, "")));
        var taking =
                new OperatorRequests(
                        new LedgerRequests(ledger, "DE"),
                        ids,
                        () -> AnswerDeadline.of(Period.ofMonths(1), ZoneOffset.UTC));
        var desk =
                new ApiRoutes.Desk(
                        new OperatorWithdrawals(ledger.reader(), journal),
                        imports(store),
                        taking,
                        new TaskRegister(ledger.reader(), tasks, ids),
                        reports);
        seen = TodaySeen.of(clock, ZoneOffset.UTC);
        routes =
                new ApiRoutes(
                        ledger,
                        () -> LedgerArchive.open(settings),
                        desk,
                        new ApiRoutes.ThisNode(
                                new Calls(),
                                () ->
                                        new Status(
                                                "here",
                                                List.of(
                                                        new Status.Part(
                                                                "store", Status.State.READY, "")),
                                                running.size(),
                                                10,
                                                Map.of(),
                                                clock.instant()),
                                seen),
                        more(taking, languages));
        register = new ApiKeyRegister(ledger, clock);
        server =
                ApiServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        routes,
                        new ApiGuard(
                                with.apply(new ApiKeys(ledger.reader(), clock)),
                                new AccessRecords(ledger, clock, PATIENCE),
                                clock,
                                () -> clock.instant().plus(ahead),
                                perSecond));
    }

    private List<ApiRoute> more(OperatorRequests taking, Path languages) {
        var requests =
                new RequestRoutes(
                        taking,
                        new OperatorAnswers(stored(languages.resolve("answers"))),
                        ledger.pseudonyms());
        var audit = new ProofRoutes(ledger, () -> LedgerArchive.open(settings));
        var peers =
                new PeerRoutes(
                        new OneTrunk(), new Calls(), seen.quality(), () -> List.of(CERTIFICATE));
        var oneCall =
                new CallDetailRoutes(
                        new Calls(),
                        seen.steps(),
                        new HeardTexts(ledger.reader(), () -> LedgerArchive.open(settings)),
                        new OneTrunk());
        var hours = new HourRoutes(new DecisionHours(ledger.reader(), clock, ZoneOffset.UTC));
        var texts = new TextRoutes(() -> REVIEW, () -> LedgerArchive.open(settings));
        var variants =
                new VariantRoutes(wish ->
                        wish.spoken().id().equals("demo")
                                ? Optional.of(
                                        new VariantReview.Draft(
                                                "demo/de/1.b.yaml",
                                                wish.texts().toString(),
                                                "experiments:",
                                                REVIEW.findings(),
                                                List.of("opening")))
                                : Optional.empty());
        var known =
                new SettingRoutes(() ->
                        List.of(
                                new SettingRoutes.KnownSetting("node.id", "here", 3, "its name"),
                                new SettingRoutes.KnownSetting("api.listen", "", 0, "")));
        var counsel =
                new ComplianceRoutes(language ->
                        List.of(
                                new ComplianceRoutes.Document(
                                        "dpia",
                                        "Title in " + language,
                                        "# Title",
                                        "<h1>Title</h1>",
                                        List.of("processing.authority"))));
        var experiments =
                new ExperimentRoutes(() -> List.of(EXPERIMENT), () -> LedgerArchive.open(settings));
        return Stream.of(
                        requests.all(),
                        audit.all(),
                        peers.all(),
                        oneCall.all(),
                        hours.all(),
                        texts.all(),
                        variants.all(),
                        experiments.all(),
                        known.all(),
                        counsel.all())
                .flatMap(List::stream)
                .toList();
    }

    private static final Experiment EXPERIMENT =
            new Experiment(
                    "shorter",
                    new Experiment.Text("service", "demo", "de", "1"),
                    "a",
                    "b",
                    0.5,
                    new Experiment.Terms(
                            LocalDate.of(2026, 11, 1), LocalDate.of(2027, 10, 1), 5000, 100, 1));

    private static final TextReview.Review REVIEW =
            new TextReview.Review(
                    List.of(
                            new TextReview.Version(
                                    new TextReview.Name("demo", "de", "1", "a"),
                                    "2026-11-01",
                                    "2027-05-01",
                                    "Ada Meier",
                                    "2026-11-24",
                                    List.of(
                                            new TextReview.Part(
                                                    "opening",
                                                    "Hier ist die KI.",
                                                    4,
                                                    4,
                                                    Map.of("WSTF1", 3.5),
                                                    1.5)))),
                    List.of(
                            new TextReview.Finding(
                                    "better", "demo/de/1.yaml", 3, "is long", "A sentence.", "")));

    private static final KnownCertificate CERTIFICATE =
            new KnownCertificate("sip.crt", "CN=gw.example", true, Instant.EPOCH);

    /** Which is asked and answers. */
    private static final class OneTrunk implements Diagnosis {
        private static Peer peer(int status) {
            var counts = new CallCounts(Map.of(200, 3L), Map.of("not_ours", 1L), 0.5, null, null);
            return new Peer(
                    "trunk",
                    "local",
                    "sip:trunk.example",
                    "up",
                    "2026-11-28T00:00:00Z",
                    null,
                    new Registration(true, 200, 0),
                    List.of(new Server("udp:192.0.2.7:5060", "up", status, 12.5)),
                    counts,
                    counts);
        }

        @Override
        public List<Peer> peers() {
            return List.of(peer(0));
        }

        @Override
        public List<Peer> probe(String name) {
            return name.equals("local") ? List.of(peer(200)) : List.of();
        }

        @Override
        public List<PastCall> lastCalls() {
            return List.of();
        }

        @Override
        public List<Step> trace(UUID call) {
            return List.of();
        }
    }

    private StoredRequests stored(Path answers) {
        return new StoredRequests(
                settings,
                clock,
                new StoredRequests.Terms(
                        "DE",
                        answers,
                        () -> AnswerDeadline.of(Period.ofMonths(1), ZoneOffset.UTC),
                        "",
                        StoredRequests.CallRecords.NONE));
    }

    private ConsentImport imports(LedgerStore store) {
        List<Level> levels = List.of(MERKEN);
        return new ConsentImport(
                () ->
                        new ImportTerms(
                                Map.of(
                                        "demo",
                                        List.of(
                                                new ImportTerms.OfLine(
                                                        levels,
                                                        new ConsentRules(
                                                                levels,
                                                                Period.ofDays(30),
                                                                ZoneOffset.UTC)))),
                                new OneText(),
                                Period.ofYears(2)),
                store,
                new LedgerPseudonyms(ledger.pseudonyms()),
                ledger.pseudonyms()::reference);
    }

    /** One text in German. */
    private static final class OneText implements ImportTerms.KnownTexts {
        @Override
        public Set<String> languages(String lineage) {
            return Set.of("de");
        }

        @Override
        public List<Notice> all(String lineage, String language) {
            return List.of(current());
        }
    }

    /** What callers hear. */
    static Notice current() {
        return new Notice(
                "demo",
                "1",
                "de",
                "a",
                1,
                LocalDate.EPOCH,
                false,
                notice().controller(),
                Period.ofMonths(1),
                Map.of(),
                Map.of(),
                notice().textSha256(),
                notice().audioSha256());
    }

    private final class Calls implements RunningCalls {
        @Override
        public List<RunningCall> all() {
            return running.stream()
                    .map(id -> new RunningCall(id, "demo", "local", clock.instant()))
                    .toList();
        }

        @Override
        public boolean end(UUID call) {
            ended.add(call);
            return running.contains(call);
        }

        @Override
        public boolean ask(UUID call, String purpose) {
            asked.add(purpose);
            return talking.contains(call);
        }

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public boolean draining() {
            return draining;
        }
    }

    /** Nothing is kept: the store takes all. */
    private static final class Forgetful implements LateJournal {
        @Override
        public boolean keep(List<ConsentRecord> together) {
            return false;
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {}
    }

    /** A key that opens these; all where none is named. */
    String key(ApiScope... scopes) throws Exception {
        Set<ApiScope> all = EnumSet.allOf(ApiScope.class);
        if (scopes.length > 0) {
            all.retainAll(List.of(scopes));
        }
        return key(all);
    }

    String key(Set<ApiScope> scopes) throws Exception {
        return register.issue("crm", "Ada", scopes, clock.instant().plus(Duration.ofDays(30)))
                .text()
                .text();
    }

    CallFacts call(String number) {
        return call(number, true);
    }

    private CallFacts call(String number, boolean asserted) {
        Subject caller = new LedgerPseudonyms(ledger.pseudonyms()).subject(number);
        return new CallFacts(
                EntryIds.next(clock.instant()),
                "5a",
                "local",
                "demo",
                clock.instant(),
                caller,
                true,
                false,
                asserted);
    }

    static NoticeRef notice() {
        return TestLedger.heard(SPOKEN, new Notice.Controller("Nordwind", "Kiel", "DE"));
    }

    /** Somebody agreed, for a year. */
    DurableGrant given(String number) throws Exception {
        return given(number, Purpose.ASSISTANT);
    }

    DurableGrant given(String number, Purpose... purposes) throws Exception {
        Instant now = clock.instant();
        Level level =
                Level.of(
                        "merken",
                        List.of(purposes),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        true);
        return journal.give(
                new ConsentRecord.Given(
                        EntryIds.next(now),
                        now,
                        call(number),
                        notice(),
                        new Grant(
                                level,
                                now,
                                now.plus(Duration.ofDays(365)),
                                now.plus(Duration.ofDays(300)),
                                List.of(
                                        new Evidence(
                                                "question.assistant",
                                                "assistant",
                                                1,
                                                Evidence.Result.AGREED,
                                                Method.KEY,
                                                '1',
                                                null,
                                                1,
                                                "",
                                                Duration.ofSeconds(1)))),
                        null));
    }

    /** Somebody agreed, for this call, under a number that no trunk asserted. */
    DurableGrant claimed(String number) throws Exception {
        Instant now = clock.instant();
        return journal.give(
                new ConsentRecord.Given(
                        EntryIds.next(now),
                        now,
                        call(number, false),
                        notice(),
                        new Grant(MERKEN, now, null, null, List.of()),
                        null));
    }

    /** Given again, by the same number in another call. */
    DurableGrant renewed(DurableGrant before) throws Exception {
        Instant now = clock.instant();
        return journal.renew(
                new ConsentRecord.Renewed(
                        EntryIds.next(now),
                        now,
                        call(NUMBER),
                        notice(),
                        new Grant(
                                before.level(),
                                now,
                                now.plus(Duration.ofDays(365)),
                                now.plus(Duration.ofDays(300)),
                                List.of()),
                        before.record()));
    }

    static String textSha256() {
        return SPOKEN.words().sha256();
    }

    UUID callBack(String number) throws Exception {
        return left(Task.Kind.CALL_BACK, number);
    }

    UUID complaint(String number) throws Exception {
        return left(Task.Kind.COMPLAINT, number);
    }

    private UUID left(Task.Kind kind, String number) throws Exception {
        Instant now = clock.instant();
        UUID id = EntryIds.next(now);
        tasks.open(
                new Task.Opened(
                        id,
                        now,
                        kind,
                        call(number).withoutSubject(),
                        notice(),
                        new PhoneNumber(number),
                        new LedgerPseudonyms(ledger.pseudonyms()).subject(number)),
                PATIENCE);
        return id;
    }

    /** What came back. */
    record Said(int status, JsonNode body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Said get(String path, String key, String... headers) throws Exception {
        return send("GET", path, key, "", headers);
    }

    /** That a customer is asked to be erased, which nobody has approved yet. */
    Said asksForErasure(String reference, String key) throws Exception {
        return post(
                "/v1/subjects/" + reference + "/requests",
                key,
                "{\"kind\":\"ERASURE\",\"channel\":\"EMAIL\",\"by\":\"Ada\"}");
    }

    /** Asked for, and approved. */
    void erase(String reference, String key) throws Exception {
        String request = asksForErasure(reference, key).body().path("request_id").asText();
        Said approved =
                post(
                        "/v1/requests/" + request + "/approval",
                        key,
                        "{\"by\":\"Ada\",\"ground\":\"called back, name and address fit\"}");
        assertThat(approved.status()).as(approved.body().toString()).isEqualTo(201);
    }

    Said post(String path, String key, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!all.contains("Idempotency-Key")) {
            all.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
        }
        return send("POST", path, key, body, all.toArray(String[]::new));
    }

    /**
     * @param key empty for none, as the body
     */
    Said send(String method, String path, String key, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response =
                CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Said(response.statusCode(), json(response.body()), response);
    }

    private static JsonNode json(String text) throws IOException {
        return text.startsWith("{") ? JSON.readTree(text) : MissingNode.getInstance();
    }

    @Override
    public void close() {
        server.close();
        ledger.close();
    }
}
