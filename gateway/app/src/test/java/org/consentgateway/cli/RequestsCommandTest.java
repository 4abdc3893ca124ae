package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Validity;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.WaitingRequests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at the company answers what callers asked for on the privacy line. */
class RequestsCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String NUMBER = "+4930123456";
    private static final String[] WHO = {
        "--who", "A. Beispiel", "--ground", "called back, name and address fit"
    };

    private static final Period DAYS = Period.ofDays(30);
    private static final ArchivedNotice SPOKEN =
            new ArchivedNotice(
                    new NoticeKey("demo", "1", "de", "a"),
                    new NoticeWords(new TreeMap<>(Map.of("opening", "Guten Tag."))),
                    new TreeMap<>(Map.of("opening", new byte[] {1})),
                    JsonNodeFactory.instance.objectNode());

    @TempDir private Path directory;

    private final Clock clock = Clock.systemUTC();
    private LedgerSettings settings = inDirectory(Path.of("unset"));
    private Ledger ledger;
    private LedgerStore consents;
    private RequestDesk desk;
    private Subject caller;

    record Outcome(int code, String out, String err) {}

    @BeforeEach
    void aGatewayRuns() throws Exception {
        settings = inDirectory(directory.resolve("data"));
        ledger = Ledger.open(settings, InstantSource.system());
        consents =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(
                                ledger, InstantSource.system(), _ -> Optional.of(SPOKEN)),
                        new Retention(DAYS, DAYS, DAYS, Period.ofYears(3)),
                        new Processing("DE", "", Map.of(), List.of(), Map.of()));
        desk =
                new RequestDesk(
                        new LedgerRequests(ledger, "DE"),
                        PATIENCE,
                        () -> EntryIds.next(clock.instant()));
        caller = new LedgerPseudonyms(ledger.pseudonyms()).subject(NUMBER);
    }

    @AfterEach
    void theGatewayStops() {
        ledger.close();
    }

    private static LedgerSettings inDirectory(Path data) {
        return new LedgerSettings(
                "jdbc:sqlite:" + data.resolve("ledger.db"),
                data.resolve("keys"),
                "node-1",
                "consent-gateway.local/log",
                new LedgerSettings.Checkpoints(
                        1000, Duration.ofSeconds(60), data.resolve("checkpoints"), null),
                LedgerSettings.Limits.USUAL);
    }

    private Outcome run(String command, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = new String[2 + more.length];
        arguments[0] = "requests";
        arguments[1] = command;
        System.arraycopy(more, 0, arguments, 2, more.length);
        int code =
                SubjectCommand.with(() -> settings)
                        .addSubcommand(
                                RequestsCommand.with(
                                        () -> new StoredRequests(settings, clock, "DE")))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    private Outcome answer(String command, String request, String... more) {
        String[] all = new String[1 + WHO.length + more.length];
        all[0] = request;
        System.arraycopy(WHO, 0, all, 1, WHO.length);
        System.arraycopy(more, 0, all, 1 + WHO.length, more.length);
        return run(command, all);
    }

    private CallFacts call() {
        return new CallFacts(
                EntryIds.next(clock.instant()),
                "5a",
                "trunk",
                "demo",
                clock.instant(),
                caller,
                true,
                false,
                true);
    }

    private String asks(SubjectRequest.Kind kind) throws Exception {
        return asks(kind, clock.instant());
    }

    private String asks(SubjectRequest.Kind kind, Instant at) throws Exception {
        return desk.open(kind, call(), caller, at, java.time.ZoneId.of("Europe/Berlin"))
                .reference()
                .digits();
    }

    /** A call in which these purposes were agreed to for a year; its notice was played before. */
    private UUID agrees(String... purposes) throws Exception {
        CallFacts call = call();
        Instant now = clock.instant();
        var notice =
                new NoticeRef(
                        "demo",
                        "1",
                        "de",
                        "a",
                        SPOKEN.words().sha256(),
                        SPOKEN.audioSha256(),
                        new Notice.Controller("M", "", "DE"));
        Level level =
                Level.of(
                        "all",
                        List.of(purposes).stream().map(Purpose::new).toList(),
                        Validity.parse("P12M"),
                        Period.ofYears(3),
                        true);
        Instant until = now.plus(Duration.ofDays(365));
        UUID id = EntryIds.next(now);
        consents.append(
                List.of(
                        new ConsentRecord.Served(
                                EntryIds.next(now),
                                now,
                                call,
                                notice,
                                "opening",
                                new Playing(now, 1, 1, true, "")),
                        new ConsentRecord.Given(
                                id,
                                now,
                                call,
                                notice,
                                new Grant(level, now, until, until, List.of()),
                                null)),
                PATIENCE);
        return id;
    }

    private List<EntryType> types() throws Exception {
        LedgerArchive archive = LedgerArchive.open(settings);
        return archive.reader().ofSubject(archive.pseudonyms().subject(NUMBER), 100).stream()
                .map(Entry::type)
                .toList();
    }

    private void verifies() throws Exception {
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    @Test
    void whatWaitsIsListedAndWhatIsOverdueIsSaidLoudly() throws Exception {
        assertThat(run("list").out()).contains("No request waits");
        String access = asks(SubjectRequest.Kind.ACCESS);
        String erasure =
                asks(SubjectRequest.Kind.ERASURE, clock.instant().minus(Duration.ofDays(40)));
        String list = run("list").out();

        assertThat(list).containsPattern(access + " +access .* privacy-line +open");
        assertThat(list).containsPattern(erasure + " +erasure .* privacy-line +OVERDUE");
        assertThat(list).as("of whom it is").doesNotContain(caller.pseudonym());
        var waiting = new WaitingRequests(ledger.reader());
        waiting.look(clock.instant());
        assertThat(waiting.count(SubjectRequest.Kind.ACCESS, false)).isEqualTo(1);
        assertThat(waiting.count(SubjectRequest.Kind.ERASURE, true)).isEqualTo(1);
        assertThat(waiting.count(SubjectRequest.Kind.ERASURE, false)).isZero();
    }

    @Test
    void anApprovedAccessIsWrittenForThePersonToSend() throws Exception {
        agrees("assistant");
        String access = asks(SubjectRequest.Kind.ACCESS);
        Path to = directory.resolve("answer");

        assertThat(answer("approve", access).err()).contains("--to DIR");
        assertThat(answer("approve", access, "--number", "+4930999", "--to", to.toString()).err())
                .contains("of another telephone number");
        Outcome approved = answer("approve", access, "--number", NUMBER, "--to", to.toString());
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(Files.readString(to.resolve("export.json"))).contains("Given", "RequestOpened");
        assertThat(run("list").out()).contains("No request waits");
        assertThat(run("list", "--all").out()).containsPattern(access + " +access .*approved");
        assertThat(run("show", access).out())
                .contains("by A. Beispiel", "called back, name and address fit");
        assertThat(answer("approve", access, "--to", to.toString()).err())
                .contains("was answered on", "A. Beispiel");
        verifies();
    }

    @Test
    void anApprovedErasureErasesAllThatNoLawDemands() throws Exception {
        UUID given = agrees("assistant");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        Outcome approved = answer("approve", erasure);

        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(approved.out()).contains("3 entries erased");
        assertThat(types()).isEmpty();
        LedgerArchive archive = LedgerArchive.open(settings);
        assertThat(archive.reader().entry(given).orElseThrow().payload()).isNull();
        String shown = run("show", erasure).out();
        assertThat(shown).contains("state       approved", "by A. Beispiel", "called back");
        assertThat(archive.reader().latest(100).toString()).doesNotContain(caller.pseudonym());
        verifies();
    }

    @Test
    void aConsentToAdvertisingIsEndedAndRestrictedInsteadOfErased() throws Exception {
        agrees("assistant");
        UUID advertising = agrees("assistant", "marketing");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        Outcome approved = answer("approve", erasure);

        assertThat(approved.out()).contains("3 entries restricted and kept: § 7a UWG");
        assertThat(types())
                .containsExactlyInAnyOrder(EntryType.SERVED, EntryType.GIVEN, EntryType.WITHDRAWN);
        assertThat(run("show", erasure).out()).contains("restricted  § 7a UWG", advertising + "");
        assertThat(consents.history(caller, PATIENCE))
                .filteredOn(ConsentRecord.Withdrawn.class::isInstance)
                .extracting(record -> ((ConsentRecord.Withdrawn) record).reason())
                .containsExactly(ConsentRecord.Withdrawn.Reason.OPERATOR);
        verifies();
    }

    @Test
    void theProofOfOtherConsentsIsKeptOnlyUnderALawThatIsNamed() throws Exception {
        agrees("assistant");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        String law = "Art. 17(3)(e) DSGVO";

        assertThat(answer("approve", erasure, "--keep-proof", law).out())
                .contains("3 entries restricted and kept: " + law);
        assertThat(types()).hasSize(3);
    }

    @Test
    void anotherRequestOfTheSameCallerStaysOpen() throws Exception {
        String access = asks(SubjectRequest.Kind.ACCESS);
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        answer("approve", erasure);

        assertThat(run("list").out()).contains(access).doesNotContain(erasure);
        assertThat(types()).containsExactly(EntryType.REQUEST_OPENED);
    }

    @Test
    void aRefusedRequestSaysWhoAndWhyAndErasesNothing() throws Exception {
        agrees("assistant");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        Outcome refused = answer("refuse", erasure);

        assertThat(refused.code()).as(refused.err()).isZero();
        assertThat(types()).hasSize(3);
        assertThat(run("show", erasure).out()).contains("state       refused", "by A. Beispiel");
        assertThat(answer("approve", erasure).err()).contains("was answered on");
    }

    @Test
    void anAnswerNeedsAPersonAndAGround() throws Exception {
        String erasure = asks(SubjectRequest.Kind.ERASURE);

        assertThat(run("approve", erasure, "--who", "A").err()).contains("--ground");
        assertThat(run("approve", erasure, "--who", "A", "--ground", " ").err())
                .contains("need words");
        assertThat(LedgerRequests.unanswered(ledger.reader())).hasSize(1);
    }

    @Test
    void aLetterIsTakenDownAndItsMonthBeginsWhenItCame() throws Exception {
        Outcome opened =
                run(
                        "open",
                        NUMBER,
                        "--kind",
                        "erasure",
                        "--by",
                        "letter",
                        "--who",
                        "B",
                        "--on",
                        "2026-01-31");

        assertThat(opened.out()).contains("due on 2026-02-28");
        assertThat(run("list").out()).containsPattern("erasure +2026-01-31 .*letter +OVERDUE");
        assertThat(run("open", NUMBER, "--kind", "erasure", "--by", "fax", "--who", "B").err())
                .contains("--by is one of", "letter");
    }
}
