package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A number from which a company calls all day: what its oldest entries say holds for access and
 * erasure like what its newest say, and whoever answers is told of it.
 */
class SwitchboardTest {
    private static final String NUMBER = "+4930123456";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);
    private static final Answer SEEN = new Answer("Ada", "called back");

    /** More than two pages of what is read at a time. */
    private static final int SOME = 1_200;

    /** More than was ever read of one number, until it was read by pages. */
    private static final int MANY = 10_800;

    private static final int OF_A_CALL = 4;

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private LedgerSettings settings;
    private Ledger ledger;
    private LedgerStore store;
    private Subject subject;
    private ConsentRecord.Given advertising;
    private ConsentRecord.Given old;

    /** The first of all: a consent to advertising, one to a talk, and a no. */
    @BeforeEach
    void theOldestEntries() throws Exception {
        settings = TestLedger.in(directory, 1_000_000, Duration.ofDays(1)).withPatience(PATIENCE);
        ledger = Ledger.open(settings, () -> now);
        store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, () -> now, _ -> Optional.of(SPOKEN)),
                        Retention.USUAL,
                        Processing.ofStore("DE"));
        subject = new LedgerPseudonyms(ledger.pseudonyms()).subject(NUMBER);
        advertising = given(call(), true, Purpose.MARKETING);
        old = given(call(), false, Purpose.ASSISTANT);
        store.append(
                List.of(
                        served(advertising.call()),
                        advertising,
                        old,
                        new ConsentRecord.AssistantOpened(id(), now, old.call(), old.id(), "first"),
                        cut(old),
                        new ConsentRecord.Refused(
                                id(), now, call(), NOTICE, List.of(), advertising.id())),
                PATIENCE);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void talks(int entries) throws Exception {
        for (int written = 0; written < entries; written += SOME) {
            now = now.plus(Duration.ofHours(1));
            var records = new ArrayList<ConsentRecord>();
            while (records.size() < SOME) {
                ConsentRecord.Given given = given(call(), false, Purpose.ASSISTANT);
                records.add(served(given.call()));
                records.add(given);
                records.add(
                        new ConsentRecord.AssistantOpened(
                                id(), now, given.call(), given.id(), "later"));
                records.add(cut(given));
            }
            store.append(records, PATIENCE);
        }
        now = now.plus(Duration.ofDays(1));
    }

    @Test
    void anErasureDecidesByTheOldestEntryAsByTheNewest() throws Exception {
        erased(SOME);
    }

    @Test
    @Nightly("writes 10,800 entries and erases them; the law above has the same with 1,200")
    void anErasureOfVeryManyEntriesDecidesByAllOfThem() throws Exception {
        erased(MANY);
    }

    private void erased(int entries) throws Exception {
        talks(entries);
        var answers = new RequestAnswers(ledger, () -> now, "DE");
        Asked asked =
                new Asked(
                        id(), SubjectRequest.Kind.ERASURE, SubjectRequest.Channel.LETTER, now, now);

        RequestAnswers.Erasure done = answers.approveErasure(asked, SEEN, subject, null);

        assertThat(done.approved().kept())
                .as("the law demands what was played, the consent, and now its end")
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.law()).isEqualTo(Restriction.ADVERTISING_LAW);
                    assertThat(kept.records()).contains(advertising.id()).hasSize(3);
                });
        assertThat(done.erased()).isEqualTo(entries + 4);
        assertThat(HolderTasks.open(ledger.reader()))
                .as("who was given data in the first call learns of it, too")
                .extracting(HolderTasks.HolderTask::holder)
                .contains("first", "later");
        assertThat(ConsentInForce.of(store.history(subject, PATIENCE).found(), now)).isEmpty();
        assertThat(ledger.reader().erased(List.of(advertising.id(), old.id())))
                .containsExactly(old.id());
        assertThat(FoundEntries.of(ledger.reader(), LedgerStore.pseudonyms(subject)).size())
                .isEqualTo(3);
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    /** What a law keeps is listed in as many entries as it takes, and is one answer. */
    @Test
    void anApprovalListsAllThatALawKeeps() throws Exception {
        talks(2 * SOME);
        var answers = new RequestAnswers(ledger, () -> now, "DE");
        Asked asked =
                new Asked(
                        id(), SubjectRequest.Kind.ERASURE, SubjectRequest.Channel.LETTER, now, now);

        var done = answers.approveErasure(asked, SEEN, subject, "Art. 17(3)(e) DSGVO");

        assertThat(ledger.reader().ofType(EntryType.REQUEST_APPROVED, 10)).hasSizeGreaterThan(2);
        SubjectRequest.Approved read =
                (SubjectRequest.Approved) LedgerRequests.answered(ledger.reader()).getFirst();
        assertThat(LedgerRequests.answered(ledger.reader())).hasSize(1);
        for (Kept kept : done.approved().kept()) {
            assertThat(read.kept())
                    .filteredOn(each -> each.law().equals(kept.law()))
                    .singleElement()
                    .satisfies(each ->
                            assertThat(each.records())
                                    .containsExactlyInAnyOrderElementsOf(kept.records()));
        }
        assertThat(done.erased()).as("the no alone proves no consent").isOne();
    }

    /** Who is told by a message is told of all consents, in messages that are not too long. */
    @Test
    void whoHoldsVeryManyConsentsIsToldOfThemInSeveralMessages() {
        var entries = new ArrayList<SeenEntry>();
        for (int i = 0; i < 400; i++) {
            entries.add(
                    new SeenEntry(
                            id(), EntryType.GIVEN, now, null, "", null, false, "", List.of()));
        }
        List<NewEntry> tasks = HolderTasks.of(entries, Set.of(), id(), now, List.of("crm"));

        var told = new HashSet<String>();
        for (NewEntry task : tasks) {
            assertThat(task.payload().path("consents").size())
                    .isLessThanOrEqualTo(HolderTasks.MOST_IN_MESSAGE);
            assertThat(task.payload().toString().length()).isLessThan(Outgoing.MAX_CHARS);
            task.payload().path("consents").forEach(each -> told.add(each.asText()));
        }
        assertThat(told).hasSize(400);
    }

    /** So many that no statement could name them all. */
    @Test
    void anErasureKeepsAsManyEntriesAsALawDemands() throws Exception {
        talks(SOME);
        var kept = new HashSet<UUID>(Set.of(advertising.id()));
        while (kept.size() < 70_000) {
            kept.add(UUID.randomUUID());
        }
        var approved =
                new SubjectRequest.Approved(
                        id(),
                        now,
                        new Asked(
                                id(),
                                SubjectRequest.Kind.ERASURE,
                                SubjectRequest.Channel.LETTER,
                                now,
                                now),
                        SEEN,
                        List.of(new Kept("Art. 17(3)(e) DSGVO", List.copyOf(kept))),
                        ledger.reader().sizes());

        RequestAnswers.Erasure done =
                new RequestAnswers(ledger, () -> now, "DE").erase(approved, subject);

        assertThat(done.erased()).isEqualTo(SOME + 5);
        assertThat(ledger.reader().erased(List.of(advertising.id()))).isEmpty();
    }

    @Test
    @Nightly("20 s of the processor; anotherSystemIsHandedAllOfItInParts is in each run")
    void theAnswerToAnAccessHasEveryEntry() throws Exception {
        told(SOME);
    }

    @Test
    @Nightly("writes 10,800 entries and a receipt of each consent; the law above has 1,200")
    void theAnswerToAnAccessHasEveryOneOfVeryManyEntries() throws Exception {
        told(MANY);
    }

    private void told(int entries) throws Exception {
        talks(entries);
        ledger.checkpoint();
        StoredRequests requests = TestLedger.requests(settings, () -> now);
        SubjectExport export = requests.shown(subject, "Ada", null);
        Path to = directory.resolve("answer");

        StoredRequests.Export written = requests.export(export, to);

        int all = entries + 6;
        int consents = entries / OF_A_CALL + 2;
        assertThat(written.entries()).isEqualTo(all);
        assertThat(written.proved()).isEqualTo(new SubjectExport.Proved(consents, 0));
        assertThat(written.shared()).as("somebody said no, before all else").isTrue();
        JsonNode json = new ObjectMapper().readTree(to.resolve("export.json").toFile());
        assertThat(json.path("entries_in_all").asInt()).isEqualTo(all);
        assertThat(json.path("entries")).hasSize(all);
        Set<String> ids = new HashSet<>();
        json.path("entries").forEach(entry -> ids.add(entry.path("id").asText()));
        assertThat(ids).hasSize(all).contains(advertising.id().toString());
        try (Stream<String> lines = Files.lines(to.resolve("export.csv"))) {
            assertThat(lines).hasSize(all + 1);
        }
        assertThat(Files.readString(to.resolve("export.html")))
                .contains(advertising.id().toString(), "</html>")
                .doesNotContain("Teilen dieser Auskunft");
        try (Stream<Path> files = Files.list(to)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "export.json", "export.csv", "export.html", "receipts");
        }
        assertThat(to.resolve("receipts").resolve(advertising.id() + ".html")).exists();
    }

    /** One part after the other, each of which says which it is. */
    @Test
    void anotherSystemIsHandedAllOfItInParts() throws Exception {
        talks(SOME);
        ledger.checkpoint();
        StoredRequests requests = TestLedger.requests(settings, () -> now);
        Set<String> ids = new HashSet<>();
        int receipts = 0;
        int parts = 0;
        Optional<String> next = Optional.empty();
        Instant until = now;
        do {
            StoredRequests.Handed handed =
                    requests.handed(subject, until, now, new StoredRequests.Part(next, 500));
            JsonNode entries = handed.export().path("entries");
            assertThat(handed.export().path("first").asInt()).isEqualTo(ids.size());
            entries.forEach(entry -> assertThat(ids.add(entry.path("id").asText())).isTrue());
            assertThat(handed.page())
                    .contains(
                            "Einträge %d bis %d von %d"
                                    .formatted(
                                            ids.size() - entries.size() + 1, ids.size(), SOME + 6));
            assertThat(handed.shared()).as("whichever part it is").isTrue();
            receipts += handed.receipts().size();
            next = handed.next();
            parts++;
            now = now.plusSeconds(60);
            ledger.append(store.entry(given(call(), false, Purpose.ASSISTANT)))
                    .toCompletableFuture()
                    .join(); // what comes meanwhile moves nothing
        } while (next.isPresent());
        assertThat(parts).isEqualTo(3);
        assertThat(ids).hasSize(SOME + 6).contains(advertising.id().toString());
        assertThat(receipts).isEqualTo(SOME / OF_A_CALL + 2);
    }

    /** Who has confirmed it behind a thousand talks is not told once more. */
    @Test
    void whoHasConfirmedToKnowOfTheEndIsNoTask() throws Exception {
        ConsentRecord.Given lasting = given(call(), true, Purpose.ASSISTANT);
        var records = new ArrayList<ConsentRecord>(List.of(lasting));
        for (int i = 0; i < 1_001; i++) {
            records.add(
                    new ConsentRecord.AssistantOpened(id(), now, call(), lasting.id(), "holder"));
        }
        store.append(records, PATIENCE);
        assertThat(store.untoldUnder(lasting.id()))
                .as("once each")
                .extracting(ConsentRecord.AssistantOpened::assistant)
                .containsExactly("holder");
        var answers = new RequestAnswers(ledger, () -> now, "DE");
        Asked asked =
                new Asked(
                        id(), SubjectRequest.Kind.ERASURE, SubjectRequest.Channel.LETTER, now, now);
        var _ = answers.approveErasure(asked, SEEN, subject, null);
        assertThat(holders()).contains("holder");

        var end = new EndOfConsent(lasting.id(), EndOfConsent.How.ERASED, now);
        store.append(
                List.of(
                        new ConsentRecord.HolderNotified(
                                id(), now, call(), "holder", end, true, "BYE")),
                PATIENCE);

        assertThat(holders()).doesNotContain("holder");
    }

    private List<String> holders() throws Exception {
        return HolderTasks.open(ledger.reader()).stream()
                .map(HolderTasks.HolderTask::holder)
                .toList();
    }

    // ------------------------------------------------------------------ what is said in calls

    private UUID id() {
        return EntryIds.next(now);
    }

    private CallFacts call() {
        return new CallFacts(id(), "h", "local", "demo", now, subject, true, false, true);
    }

    private ConsentRecord.Served served(CallFacts call) {
        return new ConsentRecord.Served(
                id(), now, call, NOTICE, "opening", new Playing(now, 1, 1, true, ""));
    }

    private ConsentRecord.Given given(CallFacts call, boolean lasts, Purpose purpose) {
        Level level =
                Level.of(
                        purpose.id(),
                        List.of(purpose),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        true);
        Instant until = lasts ? now.plus(Duration.ofDays(365)) : null;
        return new ConsentRecord.Given(
                id(), now, call, NOTICE, new Grant(level, now, until, until, List.of()), null);
    }

    private ConsentRecord.AssistantCut cut(ConsentRecord.Given given) {
        return new ConsentRecord.AssistantCut(
                id(), now, given.call(), given.id(), ConsentRecord.Cut.CALLER_HUNG_UP);
    }
}
