package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.ConsentRecord.Withdrawn.Reason;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.History;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.number.Decisive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.testkit.timing.Sweep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of a number with too many entries only what decides is read: whatever happened, it decides the
 * same as all of them.
 */
class CrowdedHistoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);
    private static final Notice CURRENT =
            new Notice(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    1,
                    LocalDate.EPOCH,
                    false,
                    new Notice.Controller("Muster GmbH", "Musterweg 1", "DE"),
                    Period.ofMonths(1),
                    Map.of(),
                    Map.of("opening", "Guten Tag."),
                    SPOKEN.words().sha256(),
                    SPOKEN.audioSha256());

    private static final Level BOTH = level(Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    private static final Level TALK = level(Purpose.ASSISTANT);
    private static final Level WRITTEN = level(Purpose.TRANSCRIPT);
    private static final ConsentValidity VALIDITY =
            new ConsentValidity(List.of(BOTH, TALK, WRITTEN), new Unchanged());

    /** As of a switchboard, whatever is there. */
    private static final Decisive.Most CROWDED = new Decisive.Most(0, 200, 50_000, 1_000);

    /** So little that it is not enough of most. */
    private static final Decisive.Most LITTLE = new Decisive.Most(0, 2, 6, 2);

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");

    @SuppressWarnings("NullAway.Init") // by each test, which says what store it is
    private Ledger ledger;

    @SuppressWarnings("NullAway.Init") // as above
    private LedgerStore store;

    /** Another writer with a log of its own in the same store: another node, or a command. */
    @SuppressWarnings("NullAway.Init") // as above
    private Ledger otherLedger;

    @SuppressWarnings("NullAway.Init") // as above
    private LedgerStore otherStore;

    private void open(LedgerSettings settings) throws Exception {
        ledger = Ledger.open(settings, () -> now);
        store = reading(Decisive.Most.USUAL);
        otherLedger = Ledger.openBeside(settings, () -> now);
        otherStore = reading(otherLedger, Decisive.Most.USUAL);
    }

    @AfterEach
    void close() {
        otherLedger.close();
        ledger.close();
    }

    private LedgerStore reading(Decisive.Most most) {
        return reading(ledger, most);
    }

    private LedgerStore reading(Ledger of, Decisive.Most most) {
        return new LedgerStore(
                of,
                of.histories().reading(most),
                new NoticeArchiving(of, () -> now, _ -> Optional.of(SPOKEN)),
                Retention.USUAL,
                Processing.ofStore("DE"));
    }

    @Test
    void whateverHappenedWhatDecidesIsFoundAmongIt() throws Exception {
        open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)));
        whatDecidesIsFound(Sweep.of(300));
    }

    @Test
    @Nightly("starts a server; the law above has the same lives on SQLite in each run")
    void whateverHappenedWhatDecidesIsFoundAmongItOnPostgresql() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            open(
                    TestLedger.in(directory, 1_000_000, Duration.ofDays(1))
                            .withUrl(server.getJdbcUrl("postgres", "postgres")));
            try {
                whatDecidesIsFound(Sweep.of(300));
            } finally {
                close(); // before the server; a second time changes nothing
            }
        }
    }

    private void whatDecidesIsFound(int lives) throws Exception {
        LedgerStore crowded = reading(CROWDED);
        LedgerStore little = reading(LITTLE);
        int usable = 0;
        int cut = 0;
        for (int number = 0; number < lives; number++) {
            var life = new Life(number);
            write(life.records(), number % 2 == 0, new Random(number));
            now = life.now;

            History all = store.history(life.subject, "demo", PATIENCE);
            ConsentStatus status = status(all.reliable());
            History same = crowded.history(life.subject, "demo", PATIENCE);
            assertThat(same.complete()).as(life::toString).isTrue();
            assertThat(told(status(same.reliable()))).as(life::toString).isEqualTo(told(status));
            assertThat(told(status(same.found())))
                    .as(life::toString)
                    .isEqualTo(told(status(all.found())));
            assertThat(ofNotice(same)).as(life::toString).isEqualTo(ofNotice(all));

            History whole = store.history(life.subject, PATIENCE);
            History ends = crowded.history(life.subject, PATIENCE);
            assertThat(ends.complete()).isTrue();
            assertThat(inForce(ends)).as(life::toString).isEqualTo(inForce(whole));
            assertThat(inForce(one(life.subject)))
                    .as("what is ended one by one: " + life)
                    .isEqualTo(inForce(whole));

            History some = little.history(life.subject, "demo", PATIENCE);
            ConsentStatus less = status(some.reliable());
            if (isUsable(less)) {
                assertThat(told(less)).as("what is relied on: " + life).isEqualTo(told(status));
            }
            History few = little.history(life.subject, PATIENCE);
            if (few.complete()) {
                assertThat(inForce(few)).as(life::toString).isEqualTo(inForce(whole));
            }
            usable += isUsable(status) ? 1 : 0;
            cut += few.complete() && some.complete() ? 0 : 1;
        }
        assertThat(ledger.alarm().found()).as("nothing is missing").isZero();
        assertThat(usable).as("the test tests something").isGreaterThan(5);
        assertThat(cut).as("the test tests something").isGreaterThan(5);
    }

    /** Each of the consents that may be in force by itself, as who ends all of them reads them. */
    private History one(Subject subject) throws Exception {
        var all = new ArrayList<ConsentRecord>();
        for (UUID consent : store.inForce(subject, PATIENCE)) {
            History history = store.history(subject, List.of(consent), PATIENCE);
            assertThat(history.complete()).isTrue();
            ConsentInForce.of(history.found(), now).stream()
                    .filter(found -> found.grant().equals(consent))
                    .forEach(_ -> all.addAll(history.found()));
        }
        return History.of(all.stream().distinct().toList());
    }

    /**
     * @param late all of it by a store that was down until now
     * @param writers by which of the two each record is written
     */
    private void write(List<ConsentRecord> records, boolean late, Random writers) throws Exception {
        if (late) {
            (writers.nextBoolean() ? store : otherStore).append(records, PATIENCE);
            return;
        }
        for (ConsentRecord record : records) {
            now = record.at();
            (writers.nextBoolean() ? store : otherStore).append(List.of(record), PATIENCE);
        }
    }

    /** All that is named by what a talk goes on under is looked at, and so what has ended it. */
    @Test
    void whatCameInThePlaceOfAConsentAndWasWithdrawnIsNotToBeEndedAgain() throws Exception {
        open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)));
        var life = new Life(0);
        CallFacts call = call(life.subject);
        ConsentRecord.Given talk = life.given(call, TALK, false, null);
        Grant lasting = life.grant(TALK, now, true);
        var renewed = new ConsentRecord.Renewed(id(), now, call, NOTICE, lasting, talk.id());
        var again = new ConsentRecord.Renewed(id(), now, call, NOTICE, lasting, renewed.id());
        store.append(
                List.of(
                        talk,
                        new ConsentRecord.AssistantOpened(id(), now, call, talk.id(), "a"),
                        renewed,
                        again,
                        life.withdrawn(call, again.id(), Reason.CALLER)),
                PATIENCE);

        assertThat(inForce(store.history(life.subject, PATIENCE))).isEmpty();
        assertThat(inForce(reading(CROWDED).history(life.subject, PATIENCE))).isEmpty();
    }

    /** Which another one has come before that was given elsewhere. */
    @Test
    void whoSaidNoBesideAConsentThatIsNotReadSharesTheNumberAllTheSame() throws Exception {
        open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)));
        var life = new Life(0);
        CallFacts call = call(life.subject);
        ConsentRecord.Given spoken = life.given(call, TALK, true, null);
        store.append(
                List.of(
                        spoken,
                        new ConsentRecord.Refused(id(), now, call, NOTICE, List.of(), spoken.id())),
                PATIENCE);
        now = now.plus(Duration.ofDays(310));
        life.now = now;
        for (int i = 0; i < 4; i++) {
            store.append(List.of(life.imported(TALK)), PATIENCE);
        }

        assertThat(status(store.history(life.subject, "demo", PATIENCE).reliable()))
                .isInstanceOf(ConsentStatus.Shared.class);
        History some = reading(LITTLE).history(life.subject, "demo", PATIENCE);
        assertThat(some.found()).extracting(ConsentRecord::id).doesNotContain(spoken.id());
        assertThat(isUsable(status(some.reliable()))).isFalse();
    }

    /** With as many entries as a call centre has after some weeks. */
    @Test
    @Nightly("writes 12,000 entries; the law above has the same with small bounds in each run")
    void theOldestConsentOfACallCentreIsKnownAndEndsLikeAnyOther() throws Exception {
        open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)));
        var centre = new Life(0);
        Subject subject = centre.subject;
        ConsentRecord.Given old = centre.given(call(subject), BOTH, true, null);
        store.append(List.of(old), PATIENCE);
        for (int written = 0; written < 12_000; written += 1_500) {
            var talks = new ArrayList<ConsentRecord>();
            for (int i = 0; i < 500; i++) {
                CallFacts call = call(subject);
                ConsentRecord.Given one = centre.given(call, TALK, false, null);
                talks.add(one);
                talks.add(new ConsentRecord.AssistantOpened(id(), now, call, one.id(), "a"));
                talks.add(
                        new ConsentRecord.AssistantCut(
                                id(), now, call, one.id(), ConsentRecord.Cut.CALLER_HUNG_UP));
            }
            store.append(talks, PATIENCE);
        }
        assertThat(status(store.history(subject, "demo", PATIENCE).reliable()))
                .isInstanceOf(ConsentStatus.Valid.class);
        assertThat(inForce(store.history(subject, PATIENCE))).containsExactly(old.id());
        long began = System.nanoTime();
        int calls = 20;
        for (int i = 0; i < calls; i++) {
            var _ = store.history(subject, "demo", PATIENCE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began).dividedBy(calls))
                .as("what each call of that number waits for")
                .isLessThan(Duration.ofMillis(50));

        store.append(List.of(centre.withdrawn(call(subject), old.id(), Reason.CALLER)), PATIENCE);

        assertThat(status(store.history(subject, "demo", PATIENCE).reliable()))
                .isInstanceOf(ConsentStatus.Withdrawn.class);
        assertThat(inForce(store.history(subject, PATIENCE))).isEmpty();
    }

    private ConsentStatus status(List<ConsentRecord> history) {
        return VALIDITY.statusAt(now, now, history, CURRENT);
    }

    private static boolean isUsable(ConsentStatus status) {
        return status instanceof ConsentStatus.Valid || status instanceof ConsentStatus.RenewalDue;
    }

    /** Of what is in force what it is; of what has ended that it has. */
    private static String told(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Withdrawn _ -> "withdrawn";
            case ConsentStatus.Expired(UUID grant, _, _) -> "expired " + grant;
            default -> status.toString();
        };
    }

    private Set<UUID> inForce(History history) {
        return ConsentInForce.of(history.found(), now).stream()
                .map(ConsentInForce::grant)
                .collect(Collectors.toSet());
    }

    /** Without those that end with a call, which are not looked for there. */
    private Set<UUID> ofNotice(History history) {
        List<ConsentRecord> lasting =
                history.found().stream()
                        .filter(record ->
                                !(record instanceof ConsentRecord.Given given
                                        && given.grant().until() == null))
                        .toList();
        return ConsentInForce.of(lasting, now).stream()
                .map(ConsentInForce::grant)
                .collect(Collectors.toSet());
    }

    private static Level level(Purpose... purposes) {
        return Level.of(
                purposes.length > 1 ? "both" : purposes[0].id(),
                List.of(purposes),
                ValidityPeriod.parse("P12M"),
                Period.ofYears(3),
                true);
    }

    private UUID id() {
        return EntryIds.next(now);
    }

    private CallFacts call(Subject subject) {
        return new CallFacts(id(), "h", "local", "demo", now, subject, true, false, true);
    }

    /** What happened under one number, in whatever order: more than callers can make of it. */
    private final class Life {
        /** Under all pseudonyms that it was ever recorded by. */
        final Subject subject;

        /** As records bear it: the keys may be rotated meanwhile. */
        private Subject named;

        final List<ConsentRecord> all = new ArrayList<>();
        private final Random random;
        private final List<ConsentRecord> consents = new ArrayList<>();
        private Instant now = CrowdedHistoryTest.this.now;

        Life(int number) {
            random = new Random(number);
            subject =
                    number % 3 == 0
                            ? new Subject("life-" + number)
                            : new Subject("life-" + number, List.of("before-" + number));
            named = new Subject(number % 3 == 0 ? "life-" + number : "before-" + number);
        }

        List<ConsentRecord> records() {
            int events = 3 + random.nextInt(12);
            for (int i = 0; i < events; i++) {
                now = now.plus(Duration.ofHours(random.nextInt(24 * 60)));
                CrowdedHistoryTest.this.now = now;
                if (random.nextInt(8) == 0) {
                    named = new Subject(subject.pseudonym());
                }
                next();
            }
            now = now.plus(Duration.ofMinutes(random.nextInt(24 * 60)));
            return all;
        }

        private void next() {
            CallFacts call = call(named);
            UUID of =
                    consents.isEmpty() ? id() : consents.get(random.nextInt(consents.size())).id();
            Level level = List.of(BOTH, TALK, WRITTEN).get(random.nextInt(3));
            boolean isLast = random.nextBoolean();
            switch (random.nextInt(11)) {
                case 0, 1 -> agree(given(call, level, true, isLast ? null : of));
                case 2 -> {
                    ConsentRecord.Given one = given(call, level, false, null);
                    agree(one);
                    all.add(new ConsentRecord.AssistantOpened(id(), now, call, one.id(), "a"));
                    if (isLast) {
                        all.add(
                                new ConsentRecord.AssistantCut(
                                        id(),
                                        now,
                                        call,
                                        one.id(),
                                        ConsentRecord.Cut.CALLER_HUNG_UP));
                    }
                }
                case 3 ->
                        agree(
                                new ConsentRecord.Renewed(
                                        id(), now, call, NOTICE, grant(level, now, true), of));
                case 4 -> agree(imported(level));
                case 5 ->
                        all.add(
                                new ConsentRecord.Refused(
                                        id(), now, call, NOTICE, List.of(), isLast ? null : of));
                case 6, 7 -> all.add(withdrawn(call, of, one(Reason.values())));
                case 8 ->
                        all.add(
                                new ConsentRecord.PurposeDecided(
                                        id(),
                                        now,
                                        call,
                                        of,
                                        isLast ? Purpose.ASSISTANT : Purpose.TRANSCRIPT,
                                        one(Outcome.values()),
                                        Method.KEY,
                                        List.of()));
                case 9 -> all.add(new ConsentRecord.Expired(id(), now, named, "demo", of));
                default ->
                        all.add(
                                new ConsentRecord.Reaffirmed(
                                        id(), now, call, NOTICE, grant(level, now, true), of));
            }
        }

        /** What, when, and of which consent, by its place. */
        @Override
        public String toString() {
            var text = new StringBuilder(subject.pseudonym() + ", on " + now);
            for (ConsentRecord record : all) {
                text.append("\n").append(record.at()).append(' ');
                text.append(record.getClass().getSimpleName()).append(' ');
                text.append(
                        switch (record) {
                            case ConsentRecord.Given one ->
                                    one.id() + " " + one.supersedes() + " " + lasting(one.grant());
                            case ConsentRecord.Renewed one ->
                                    one.id() + " " + one.renews() + " " + lasting(one.grant());
                            case ConsentRecord.Imported one ->
                                    one.id() + " " + one.grant().from() + lasting(one.grant());
                            case ConsentRecord.Withdrawn one -> one.grant() + " " + one.reason();
                            case ConsentRecord.PurposeDecided one ->
                                    one.grant() + " " + one.purpose() + " " + one.outcome();
                            case ConsentRecord.Refused one -> String.valueOf(one.inForce());
                            case ConsentRecord.Expired one -> one.grant().toString();
                            default -> "";
                        });
            }
            return text.toString();
        }

        private static String lasting(Grant grant) {
            return grant.level().id() + " until " + grant.until();
        }

        private <T> T one(T[] of) {
            return of[random.nextInt(of.length)];
        }

        private void agree(ConsentRecord consent) {
            all.add(consent);
            consents.add(consent);
        }

        private Grant grant(Level level, Instant from, boolean lasts) {
            @Nullable Instant until = lasts ? from.plus(Duration.ofDays(365)) : null;
            return new Grant(level, from, until, until, List.of());
        }

        ConsentRecord.Given given(
                CallFacts call, Level level, boolean lasts, @Nullable UUID supersedes) {
            return new ConsentRecord.Given(
                    id(), now, call, NOTICE, grant(level, now, lasts), supersedes);
        }

        private ConsentRecord.Imported imported(Level level) {
            Instant from = now.minus(Duration.ofDays(random.nextInt(300)));
            return new ConsentRecord.Imported(
                    id(),
                    now,
                    named,
                    NOTICE,
                    grant(level, from, true),
                    new ConsentRecord.Provenance(
                            ConsentRecord.Provenance.Source.PAPER,
                            "form",
                            "7",
                            ConsentRecord.Provenance.Identified.CONTRACT,
                            true,
                            "Ada"));
        }

        ConsentRecord.Withdrawn withdrawn(CallFacts call, UUID of, Reason reason) {
            return new ConsentRecord.Withdrawn(
                    id(), now, call, named, "demo", of, reason, Method.KEY, now, null);
        }
    }

    private static final class Unchanged implements Notices {
        @Override
        public List<Notice> inForce(String lineage, String language, LocalDate day) {
            return List.of(CURRENT);
        }

        @Override
        public boolean materiallyChanged(String lineage, String from, String to) {
            return false;
        }
    }
}
