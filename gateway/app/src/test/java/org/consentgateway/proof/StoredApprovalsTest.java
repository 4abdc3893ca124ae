package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An approval of many entries is one, and an erasure is finished by all of them or not at all. */
class StoredApprovalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);
    private static final Subject SWITCHBOARD = new Subject("switchboard");
    private static final Answer SEEN = new Answer("Ada", "called back");
    private static final int NOES = 2 * StoredApprovals.MOST_KEPT + 100;
    private static final int GO = 3;

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private Ledger ledger;
    private LedgerRequests requests;
    private RequestAnswers answers;
    private SubjectRequest.Opened asked;
    private final List<UUID> kept = new ArrayList<>();
    private Approved approved;

    /** All but three records are kept. */
    @BeforeEach
    void anErasureThatWasApproved() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)), () -> now);
        var store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, () -> now, _ -> Optional.of(SPOKEN)),
                        Retention.USUAL,
                        Processing.ofStore("DE"));
        requests = new LedgerRequests(ledger, "DE");
        answers = new RequestAnswers(ledger, () -> now, "DE");
        var records = new ArrayList<ConsentRecord>();
        for (int i = 0; i < NOES; i++) {
            var call = new CallFacts(id(), "h", "l", "demo", now, SWITCHBOARD, true, false, true);
            var no = new ConsentRecord.Refused(id(), now, call, NOTICE, List.of(), id());
            records.add(no);
            kept.add(no.id());
        }
        store.append(records, PATIENCE);
        kept.subList(0, GO).clear();
        asked = opened(SubjectRequest.Kind.ERASURE);
        requests.open(asked, PATIENCE);
        approved =
                new Approved(
                        id(),
                        now,
                        Asked.of(asked),
                        SEEN,
                        List.of(new Kept("Art. 17(3)(e) DSGVO", kept)),
                        ledger.reader().sizes());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void anErasureIsFinishedByAllOfItsPartsAndNamesTheApprovalThatTheFirstRunNamed()
            throws Exception {
        List<NewEntry> parts = requests.entries(approved);
        assertThat(parts).hasSize(3);
        assertThat(parts.getFirst().id()).isEqualTo(approved.id());
        append(parts);
        now = now.plus(Duration.ofDays(1));

        assertThat(LedgerRequests.answered(ledger.reader())).containsExactly(approved);
        RequestAnswers.Erasure done = answers.finish(Asked.of(asked), SWITCHBOARD);

        assertThat(done.approved()).isEqualTo(approved);
        assertThat(done.erased()).as("with the request").isEqualTo(GO + 1);
        assertThat(ledger.reader().erased(kept.subList(0, 500))).isEmpty();
        assertThat(ledger.reader().ofType(EntryType.ERASED, 10))
                .extracting(
                        entry -> Objects.requireNonNull(entry.payload()).path("refers_to").asText())
                .containsExactly(approved.id().toString());
    }

    @Test
    void nothingIsErasedByAnApprovalOfWhichAPartIsMissing() throws Exception {
        List<NewEntry> parts = requests.entries(approved);
        for (int missing = 0; missing < parts.size(); missing++) {
            SubjectRequest.Opened other = opened(SubjectRequest.Kind.ERASURE);
            requests.open(other, PATIENCE);
            Approved ofOther =
                    new Approved(
                            id(), now, Asked.of(other), SEEN, approved.kept(), approved.until());
            List<NewEntry> some = new ArrayList<>(requests.entries(ofOther));
            some.remove(missing);
            append(some);

            assertThatExceptionOfType(JournalUnavailable.class)
                    .isThrownBy(() -> answers.finish(Asked.of(other), SWITCHBOARD))
                    .withMessageContaining("nothing is erased");
            assertThat(LedgerRequests.answered(ledger.reader()).getFirst().id())
                    .as("it is listed all the same, under its id")
                    .isEqualTo(ofOther.id());
        }
        assertThat(ledger.reader().ofType(EntryType.ERASED, 10)).isEmpty();
        assertThatExceptionOfType(JournalUnavailable.class)
                .as("nor by none")
                .isThrownBy(() -> answers.finish(Asked.of(asked), SWITCHBOARD));
    }

    /** It takes one part for all there is; while nodes are upgraded both work beside each other. */
    @Test
    void anEarlierVersionErasesNothingByAPart() {
        for (NewEntry part : requests.entries(approved)) {
            Approved read = (Approved) RequestJson.read(part.payload());
            assertThat(read.until()).isNotEmpty();
            assertThat(read.until().values()).containsOnly(0L);
        }
        NewEntry alone =
                requests.entries(
                                new Approved(
                                        id(),
                                        now,
                                        Asked.of(asked),
                                        SEEN,
                                        List.of(new Kept("Art. 12 DSGVO", kept.subList(0, 9))),
                                        Map.of("log", 7L)))
                        .getFirst();
        assertThat(((Approved) RequestJson.read(alone.payload())).until())
                .containsExactly(Map.entry("log", 7L));
    }

    /** The code of a person who may fetch receipts opens, whatever was erased of others since. */
    @Test
    void noApprovalIsLostBehindTheManyPartsOfOthers() throws Exception {
        SubjectRequest.Opened access = opened(SubjectRequest.Kind.ACCESS);
        requests.open(access, PATIENCE);
        Approved shown = answers.approveAccess(access, SEEN);
        List<NewEntry> one = requests.entries(approved);
        append(one);
        var parts = new ArrayList<NewEntry>();
        for (int i = 0; i < 10_001; i++) {
            NewEntry part =
                    requests.entry(
                            new Approved(id(), now, Asked.of(asked), SEEN, List.of(), Map.of()));
            StoredApprovals.number(part.payload(), approved, 2, one.size());
            parts.add(part);
            if (parts.size() == 1_000 || i == 10_000) {
                append(parts);
                parts.clear();
            }
        }

        assertThat(LedgerRequests.approvedAccess(ledger.reader()))
                .extracting(LedgerRequests.ApprovedAccess::id)
                .containsExactly(shown.id());
        assertThat(answers.finish(Asked.of(asked), SWITCHBOARD).approved().kept())
                .isEqualTo(approved.kept());
    }

    private void append(List<NewEntry> entries) {
        ledger.append(List.copyOf(entries)).toCompletableFuture().join();
    }

    private SubjectRequest.Opened opened(SubjectRequest.Kind kind) {
        return new SubjectRequest.Opened(
                id(),
                now,
                kind,
                SubjectRequest.Channel.LETTER,
                null,
                "Ada",
                SWITCHBOARD,
                now.plus(Duration.ofDays(30)),
                SubjectRequest.Confirmation.NOT_NEEDED);
    }

    private UUID id() {
        return EntryIds.next(now);
    }
}
