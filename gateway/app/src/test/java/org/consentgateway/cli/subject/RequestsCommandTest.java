package org.consentgateway.cli.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.WaitingRequests;
import org.jspecify.annotations.Nullable;
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
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("1");

    @TempDir private Path directory;

    private final Clock clock = Clock.systemUTC();
    private LedgerSettings settings = inDirectory(Path.of("unset"));
    private Ledger ledger;
    private LedgerStore consents;
    private RequestDesk desk;
    private Subject caller;
    private Period[] laws = {};

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
        return TestLedger.in(data);
    }

    private Outcome run(String command, String... more) {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "requests";
        arguments[1] = command;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return subject(arguments);
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
        var deadline = AnswerDeadline.of(Period.ofMonths(1), ZoneId.of("Europe/Berlin"));
        return desk.open(kind, call(), caller, at, deadline.due(at)).reference().digits();
    }

    private Outcome subject(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                SubjectCommand.with(
                                () -> settings, () -> TestLedger.requests(settings, clock, laws))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** A call in which these purposes were agreed to for a year; its notice was played before. */
    private UUID agrees(String... purposes) throws Exception {
        return agrees(null, purposes);
    }

    private static NoticeRef notice() {
        return TestLedger.heard(SPOKEN, new Notice.Controller("M", "", "DE"));
    }

    private UUID agrees(@Nullable UUID supersedes, String... purposes) throws Exception {
        CallFacts call = call();
        Instant now = clock.instant();
        Level level =
                Level.of(
                        "all",
                        List.of(purposes).stream().map(Purpose::new).toList(),
                        ValidityPeriod.parse("P12M"),
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
                                notice(),
                                "opening",
                                new Playing(now, 1, 1, true, "")),
                        new ConsentRecord.Given(
                                id,
                                now,
                                call,
                                notice(),
                                new Grant(level, now, until, until, List.of()),
                                supersedes)),
                PATIENCE);
        return id;
    }

    private List<EntryType> types() throws Exception {
        LedgerArchive archive = LedgerArchive.open(settings);
        return FoundEntries.of(archive.reader(), archive.pseudonyms().subject(NUMBER))
                .page(0, 100)
                .stream()
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
    void aCodeForThePageIsToldWhereItIsWishedAndNobodyElseHasCalled() throws Exception {
        agrees("assistant");
        String access = asks(SubjectRequest.Kind.ACCESS);
        String to = directory.resolve("answer").toString();
        Outcome approved = answer("approve", access, "--to", to, "--code");
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(approved.out())
                .containsPattern(
                        "code [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}, until [0-9-]{10}, at"
                                + " https://belege.example.com: tell it to that person alone, by"
                                + " another way than the number "
                                + access);

        String again = asks(SubjectRequest.Kind.ACCESS);
        assertThat(answer("approve", again, "--to", to).out()).doesNotContain("code ");
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
        assertThat(approved.out()).contains("1 receipts written to");
        assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10))
                .singleElement()
                .satisfies(look ->
                        assertThat(String.valueOf(look.payload()))
                                .contains("A. Beispiel", "\"case\":\"" + access + "\""));
        try (Stream<Path> receipts = Files.list(to.resolve("receipts"))) {
            assertThat(receipts.toList())
                    .as("a page to read and the proof of it, for the caller alone")
                    .hasSize(2)
                    .allSatisfy(file -> {
                        assertThat(Files.getPosixFilePermissions(file))
                                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                        assertThat(
                                        ReceiptCheck.of(
                                                file,
                                                KeyFiles.verifiers(
                                                        settings.keys().resolve("verifier.keys"))))
                                .matches(ReceiptCheck::passed);
                    });
        }
        assertThat(run("list").out()).contains("No request waits");
        assertThat(run("list", "--all").out()).containsPattern(access + " +access .*approved");
        assertThat(run("show", access).out())
                .contains("by A. Beispiel", "called back, name and address fit");
        assertThat(answer("approve", access, "--to", to.toString()).err())
                .contains("was answered on", "A. Beispiel");
        verifies();
    }

    /** Whoever holds the number has not pressed the key yet: it may be a stranger who asks. */
    @Test
    void nothingIsWrittenOutBeforeACallBackHasConfirmedTheRequest() throws Exception {
        agrees("assistant");
        Instant now = clock.instant();
        var request =
                new SubjectRequest.Opened(
                        EntryIds.next(now),
                        now,
                        SubjectRequest.Kind.ACCESS,
                        SubjectRequest.Channel.PRIVACY_LINE,
                        call(),
                        "",
                        caller,
                        now.plus(DAYS),
                        SubjectRequest.Confirmation.AWAITED);
        new LedgerRequests(ledger, "DE").open(request, PATIENCE);
        Path to = directory.resolve("answer");

        Outcome refused = answer("approve", request.reference().digits(), "--to", to.toString());

        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("waits for the call back");
        assertThat(to).doesNotExist();
        assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10)).isEmpty();
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

    /** Only the number leads from the name under one key to that under the next. */
    @Test
    void whatWasAskedBeforeTheKeysWereRotatedIsApprovedByTheNumberAlone() throws Exception {
        agrees("assistant");
        String access = asks(SubjectRequest.Kind.ACCESS);
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        String _ = KeyRotation.rotate(settings, clock.instant());
        ledger.close();
        aGatewayRuns();
        UUID since = agrees("assistant");

        Path to = directory.resolve("answer");
        assertThat(answer("approve", access, "--to", to.toString()).err()).contains("say --number");
        assertThat(answer("approve", erasure).err()).contains("say --number");
        String[] withCode = {"--number", NUMBER, "--to", to.toString(), "--code"};
        assertThat(answer("approve", access, withCode).err()).contains("no receipt of what came");
        assertThat(to).doesNotExist();
        assertThat(types()).filteredOn(EntryType.GIVEN::equals).hasSize(2);

        Outcome approved = answer("approve", access, "--number", NUMBER, "--to", to.toString());
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(Files.readString(to.resolve("export.json"))).contains(since.toString());
        Outcome erased = answer("approve", erasure, "--number", NUMBER);
        assertThat(erased.code()).as(erased.err()).isZero();
        assertThat(types()).isEmpty();
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
        assertThat(consents.history(caller, PATIENCE).found())
                .filteredOn(ConsentRecord.Withdrawn.class::isInstance)
                .extracting(record -> ((ConsentRecord.Withdrawn) record).reason())
                .containsExactly(ConsentRecord.Withdrawn.Reason.OPERATOR);
        verifies();
    }

    /**
     * Found in the product before: what ended a restricted consent was erased, and it held again.
     */
    @Test
    void whatIsRestrictedNeverComesBackToLife() throws Exception {
        UUID advertising = agrees("assistant", "marketing");
        UUID less = agrees(advertising, "assistant");
        consents.append(List.of(withdrawn(less)), PATIENCE);
        answer("approve", asks(SubjectRequest.Kind.ERASURE));

        assertThat(ConsentInForce.of(consents.history(caller, PATIENCE).found(), clock.instant()))
                .isEmpty();
        assertThat(run("list", "--all").out()).contains("approved");
        verifies();
    }

    private ConsentRecord.Withdrawn withdrawn(UUID grant) {
        Instant now = clock.instant();
        return new ConsentRecord.Withdrawn(
                EntryIds.next(now),
                now,
                call(),
                caller,
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                now,
                null);
    }

    @Test
    void ofTwoPeopleWhoAnswerTheSameRequestTheSecondIsTold() throws Exception {
        agrees("assistant");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        var desk = TestLedger.requests(settings, clock);
        StoredRequests.Found seenByBoth = desk.find(erasure);
        answer("refuse", erasure);
        var late = new SubjectRequest.Answer("B", "did not see it");

        assertThatThrownBy(() ->
                        desk.answering(answers ->
                                answers.approveErasure(
                                        Objects.requireNonNull(seenByBoth.opened()),
                                        late,
                                        caller,
                                        null)))
                .hasMessageContaining("was answered meanwhile");
        assertThat(types()).contains(EntryType.GIVEN);
    }

    /** Art. 15(4) DSGVO: of two people on one number neither gets what the other said. */
    @Test
    void whoAnswersForANumberThatSeveralPeopleUseIsWarned() throws Exception {
        UUID given = agrees("assistant");
        String access = asks(SubjectRequest.Kind.ACCESS);
        Instant now = clock.instant();
        consents.append(
                List.of(
                        new ConsentRecord.Refused(
                                EntryIds.next(now), now, call(), notice(), List.of(), given)),
                PATIENCE);
        assertThat(answer("approve", access, "--to", directory.resolve("to").toString()).out())
                .contains("caution: different people may have called from this number");
    }

    /** It outlives the erasure. */
    @Test
    void anAnswerThatNamesATelephoneNumberIsNotWritten() throws Exception {
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        for (String ground :
                List.of("called back " + NUMBER, "0049 30 123456 called", "030/12 34 56 rang")) {
            assertThat(run("approve", erasure, "--who", "A", "--ground", ground).err())
                    .as(ground)
                    .contains("looks like a telephone number");
        }
        assertThat(LedgerRequests.unanswered(ledger.reader())).hasSize(1);
        assertThat(
                        run(
                                        "refuse",
                                        erasure,
                                        "--who",
                                        "A",
                                        "--ground",
                                        "case 2026-000123, seen on 2026-11-27")
                                .code())
                .isZero();
    }

    /** Art. 19 DSGVO. Whoever holds data is told by a person where no call is under way. */
    @Test
    void anApprovedErasureSaysWhoHasToBeTold() throws Exception {
        UUID given = agrees("assistant");
        UUID kept = agrees("assistant", "marketing");
        for (UUID consent : List.of(given, kept)) {
            Instant now = clock.instant();
            consents.append(
                    List.of(
                            new ConsentRecord.AssistantOpened(
                                    EntryIds.next(now), now, call(), consent, "assistant")),
                    PATIENCE);
        }
        Outcome approved = answer("approve", asks(SubjectRequest.Kind.ERASURE));
        assertThat(approved.out()).contains("1 holders have to be told (Art. 19 DSGVO)");

        String tasks = subject("holders").out();
        assertThat(tasks)
                .containsPattern("[0-9]{6} +\\S+ +assistant +erased +in its call")
                .contains("X-Consent-Id " + given)
                .doesNotContain(kept.toString());
        String number = tasks.lines().skip(1).findFirst().orElseThrow().substring(0, 6);
        assertThat(subject("holders", "told", number, "--who", "B", "--how", " ").err())
                .contains("need words");
        Outcome told =
                subject("holders", "told", number, "--who", "B", "--how", "letter, confirmed");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(subject("holders").out()).contains("Everybody who holds data knows.");
        assertThat(payloads()).as("what leads to erased consents").doesNotContain("" + given);
        verifies();
    }

    private String payloads() throws Exception {
        return LedgerArchive.open(settings).reader().latest(1000).stream()
                .map(entry -> String.valueOf(entry.payload()))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void anErasureLeavesNothingThatLeadsBack() throws Exception {
        agrees("assistant");
        String erasure = asks(SubjectRequest.Kind.ERASURE);
        answer("approve", erasure);

        Entry erased = LedgerArchive.open(settings).reader().ofType(EntryType.ERASED, 9).getFirst();
        ObjectNode payload = Objects.requireNonNull(erased.payload());
        assertThat(payload.path("reason").asText()).isEqualTo("subject request");
        assertThat(payload.path("channel").asText()).isEqualTo("PRIVACY_LINE");
        assertThat(payload.path("operator").asText()).isEqualTo("A. Beispiel");
        assertThat(payload.path("case").asText()).isEqualTo(erasure);
        assertThat(payload.path("erased").isInt()).as("how many, and not which").isTrue();
        assertThat(payload.has("call")).isFalse();
        assertThat(payload.has("subject")).isFalse();
        assertThat(payloads()).doesNotContain(caller.pseudonym(), "gateway_call_id");
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
        LocalDate came = today().minusMonths(3);
        assertThat(letterCame(came).out()).contains("due on " + came.plusMonths(1));
        assertThat(run("list").out()).containsPattern("erasure +" + came + " .*letter +OVERDUE");
        assertThat(run("open", NUMBER, "--kind", "erasure", "--by", "fax", "--who", "B").err())
                .contains("--by is one of", "letter");
    }

    @Test
    void ofTheTimesThatTheLawsOfAllNoticesGiveTheEarliestDayCounts() throws Exception {
        laws = new Period[] {Period.ofMonths(1), Period.ofDays(30)};

        LocalDate endOfJanuary = last(MonthDay.of(1, 31));
        assertThat(letterCame(endOfJanuary).out()).contains("due on " + endOfJanuary.plusMonths(1));
        LocalDate endOfMarch = last(MonthDay.of(3, 31));
        assertThat(letterCame(endOfMarch).out()).contains("due on " + endOfMarch.plusMonths(1));
        LocalDate july = last(MonthDay.of(7, 15));
        assertThat(letterCame(july).out()).contains("due on " + july.plusDays(30));
    }

    /** What were to come tomorrow would be overdue too late, or never. */
    @Test
    void noOtherDayIsTakenThanTheApiTakes() throws Exception {
        for (LocalDate day :
                List.of(
                        today().plusDays(2),
                        today().plusYears(1000),
                        today().minusYears(1).minusDays(2))) {
            Outcome refused = letterCame(day);
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err()).contains("--on is the day on which it came");
        }
        assertThat(LedgerRequests.opened(ledger.reader())).isEmpty();
        assertThat(letterCame(today().minusYears(1).plusDays(2)).code()).isZero();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    /** The newest that is past. */
    private LocalDate last(MonthDay day) {
        LocalDate thisYear = day.atYear(today().getYear());
        return thisYear.isBefore(today()) ? thisYear : thisYear.minusYears(1);
    }

    private Outcome letterCame(LocalDate day) {
        return run(
                "open",
                NUMBER,
                "--kind",
                "erasure",
                "--by",
                "letter",
                "--who",
                "B",
                "--on",
                day.toString());
    }
}
