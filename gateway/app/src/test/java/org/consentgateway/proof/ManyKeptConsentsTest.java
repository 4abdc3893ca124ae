package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An erasure that a law keeps very many consents of ends all of them, and holds up nobody. */
class ManyKeptConsentsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);
    private static final Answer SEEN = new Answer("Ada", "called back");

    /** No entry holds it, so its approval is refused. */
    private static final Answer TOO_LONG = new Answer("Ada", "called back ".repeat(10_000));

    /** Entries in one commit, that others wait for. */
    private static final int MOST = 500;

    private static final int CONSENTS = MOST + 100;

    private final Subject subject = new Subject("switchboard");
    private final List<UUID> advertising = new ArrayList<>();

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private Ledger ledger;
    private LedgerStore store;
    private RequestAnswers answers;

    /** All to advertising, but for one to a talk, whose assistant has to be told. */
    @BeforeEach
    void consentsInForce() throws Exception {
        ledger =
                Ledger.open(
                        TestLedger.in(directory, 1_000_000, Duration.ofDays(1))
                                .withPatience(PATIENCE),
                        () -> now);
        store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, () -> now, _ -> Optional.of(SPOKEN)),
                        Retention.USUAL,
                        Processing.ofStore("DE"));
        answers = new RequestAnswers(ledger, () -> now, "DE");
        var records = new ArrayList<ConsentRecord>();
        for (int i = 0; i < CONSENTS; i++) {
            ConsentRecord.Given given = given(Purpose.MARKETING);
            advertising.add(given.id());
            records.add(given);
        }
        ConsentRecord.Given talk = given(Purpose.ASSISTANT);
        records.add(talk);
        records.add(new ConsentRecord.AssistantOpened(id(), now, talk.call(), talk.id(), "holder"));
        store.append(records, PATIENCE);
        now = now.plus(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void theirEndsAreWrittenSomeHundredAtATimeAndTheApprovalBehindThem() throws Exception {
        countCommits();

        RequestAnswers.Erasure done = answers.approveErasure(asked(), SEEN, subject, null);

        List<Integer> commits = commits();
        assertThat(commits).allMatch(entries -> entries <= MOST);
        assertThat(commits.subList(0, 3))
                .as("the ends, and then the approval in two parts with the one task")
                .containsExactly(MOST, 100, 3);
        long last = all(EntryType.WITHDRAWN).stream().mapToLong(Entry::index).max().orElseThrow();
        assertThat(all(EntryType.REQUEST_APPROVED)).hasSize(2).allMatch(one -> one.index() > last);
        assertThat(all(EntryType.HOLDER_TO_TELL)).hasSize(1).allMatch(one -> one.index() > last);
        assertThat(done.toTell()).isOne();
        assertThat(done.erased()).isEqualTo(2);
        expectAllEndedOnceAndKept(done);
    }

    /** The store was full, say, or the process ended. */
    @Test
    void whatAFirstTryHasEndedIsNotEndedAgainAndItsEndsAreKept() throws Exception {
        RequestAnswers.Seen all = answers.seen(subject);
        Set<UUID> some = Set.copyOf(advertising.subList(0, 300));
        var part =
                new RequestAnswers.Seen(
                        all.until(),
                        all.entries().stream().filter(one -> some.contains(one.id())).toList());
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(() -> answers.approveErasure(asked(), TOO_LONG, subject, null, part));
        assertThat(all(EntryType.WITHDRAWN)).hasSize(300);
        assertThat(all(EntryType.REQUEST_APPROVED)).isEmpty();
        assertThat(all(EntryType.ERASED)).isEmpty();
        now = now.plus(Duration.ofDays(1));

        RequestAnswers.Erasure done = answers.approveErasure(asked(), SEEN, subject, null);

        assertThat(done.erased()).isEqualTo(2);
        expectAllEndedOnceAndKept(done);
    }

    private void expectAllEndedOnceAndKept(RequestAnswers.Erasure done) throws Exception {
        List<Entry> ends = all(EntryType.WITHDRAWN);
        assertThat(ends)
                .extracting(end -> Objects.requireNonNull(end.payload()).path("refers_to").asText())
                .as("each once")
                .containsExactlyInAnyOrderElementsOf(
                        advertising.stream().map(UUID::toString).toList());
        Set<UUID> kept = new HashSet<>(advertising);
        ends.forEach(end -> kept.add(end.id()));
        assertThat(done.approved().kept())
                .singleElement()
                .satisfies(
                        law -> assertThat(law.records()).containsExactlyInAnyOrderElementsOf(kept));
        assertThat(ConsentInForce.of(store.history(subject, PATIENCE).found(), now)).isEmpty();
    }

    private List<Entry> all(EntryType type) throws Exception {
        return ledger.reader().latest(10 * CONSENTS).stream()
                .filter(entry -> entry.type() == type)
                .toList();
    }

    // ------------------------------------------------------------------ how much is committed

    /** Each commit moves the end of its log once. */
    private void countCommits() throws Exception {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE committed (entries INTEGER)");
            statement.execute(
                    "CREATE TRIGGER counting AFTER UPDATE OF size ON ledger_log"
                            + " WHEN NEW.size > OLD.size BEGIN"
                            + " INSERT INTO committed VALUES (NEW.size - OLD.size); END");
        }
    }

    private List<Integer> commits() throws Exception {
        List<Integer> all = new ArrayList<>();
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT entries FROM committed ORDER BY rowid")) {
            while (rows.next()) {
                all.add(rows.getInt(1));
            }
        }
        return all;
    }

    private Connection connection() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger.db"));
    }

    // ------------------------------------------------------------------ what was agreed to

    private UUID id() {
        return EntryIds.next(now);
    }

    private Asked asked() {
        return new Asked(
                id(), SubjectRequest.Kind.ERASURE, SubjectRequest.Channel.LETTER, now, now);
    }

    private ConsentRecord.Given given(Purpose purpose) {
        var call = new CallFacts(id(), "h", "local", "demo", now, subject, true, false, true);
        Level level =
                Level.of(
                        purpose.id(),
                        List.of(purpose),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        true);
        Instant until = now.plus(Duration.ofDays(365));
        return new ConsentRecord.Given(
                id(), now, call, NOTICE, new Grant(level, now, until, until, List.of()), null);
    }
}
