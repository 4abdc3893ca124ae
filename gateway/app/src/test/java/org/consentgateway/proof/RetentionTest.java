package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.testkit.timing.Sweep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long records live, in virtual time: years in seconds. */
class RetentionTest {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    static final Notice NOTICE =
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

    @TempDir private Path directory;

    private Instant now = START;

    /** A gateway's ledger and the rules, at whatever time the test says. */
    private final class World implements AutoCloseable {
        final LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        final InstantSource clock = () -> now;
        final Ledger ledger;
        final LedgerStore store;

        World(Retention retention) throws Exception {
            ledger = Ledger.open(settings, clock);
            store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, clock, _ -> Optional.of(SPOKEN)),
                            retention,
                            Processing.ofStore("DE"));
        }

        void append(List<ConsentRecord> records) throws Exception {
            store.append(records, PATIENCE);
        }

        /** What the chore does each hour. */
        void chore() throws Exception {
            ledger.eraseOutdated();
        }

        Set<UUID> gone(Map<UUID, String> entries) throws Exception {
            return ledger.reader().erased(entries.keySet());
        }

        List<String> verified() throws Exception {
            return LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings().stream()
                    .map(Object::toString)
                    .toList();
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    private UUID id() {
        return EntryIds.next(now);
    }

    private CallFacts call(Subject subject) {
        return new CallFacts(id(), "h", "local", "demo", now, subject, true, false, true);
    }

    private static Level level(String validity, String retention, String... purposes) {
        return Level.of(
                "basis",
                List.of(purposes).stream().map(Purpose::new).toList(),
                ValidityPeriod.parse(validity),
                Period.parse(retention),
                false);
    }

    private Grant grant(Level level) {
        @Nullable Instant until = level.validity().until(now, ZoneOffset.UTC).orElse(null);
        return new Grant(level, now, until, until, List.of());
    }

    private ConsentRecord.Given given(CallFacts call, Level level, @Nullable UUID supersedes) {
        return new ConsentRecord.Given(
                id(), now, call, NoticeRef.of(NOTICE), grant(level), supersedes);
    }

    private ConsentRecord.Served served(CallFacts call) {
        return new ConsentRecord.Served(
                id(), now, call, NoticeRef.of(NOTICE), "opening", new Playing(now, 9, 9, true, ""));
    }

    private ConsentRecord.Withdrawn withdrawn(CallFacts call, UUID grant) {
        return new ConsentRecord.Withdrawn(
                id(),
                now,
                call,
                call.subject(),
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                now,
                null);
    }

    private ConsentRecord.Used used(CallFacts call, UUID consent, Grant grant) {
        Instant until = Objects.requireNonNull(grant.until());
        return new ConsentRecord.Used(
                id(), now, call, consent, grant.level().keptUntil(now, until));
    }

    private ConsentRecord.Renewed renewed(CallFacts call, Level level, UUID renews) {
        return new ConsentRecord.Renewed(
                id(), now, call, NoticeRef.of(NOTICE), grant(level), renews);
    }

    private ConsentRecord.Refused refused(CallFacts call, @Nullable UUID inForce) {
        return new ConsentRecord.Refused(id(), now, call, NoticeRef.of(NOTICE), List.of(), inForce);
    }

    private ConsentRecord.PurposeDecided purposeEnded(CallFacts call, UUID consent) {
        return new ConsentRecord.PurposeDecided(
                id(),
                now,
                call,
                consent,
                new Purpose("transcript"),
                ConsentRecord.PurposeDecided.Outcome.ENDED,
                Method.KEY,
                List.of());
    }

    // ---------------------------------------------------------------- a table of days

    /** Name of each entry by its id, in the order of the table. */
    private final Map<UUID, String> named = new LinkedHashMap<>();

    /** On which day its content went. */
    private final Map<String, Long> days = new LinkedHashMap<>();

    private <R extends ConsentRecord> R named(String name, R record) {
        named.put(record.id(), name);
        return record;
    }

    @Test
    void everyEntryLosesItsContentOnItsDayAndTheProofStillHolds() throws Exception {
        try (World world = new World(Retention.USUAL)) {
            CallFacts silent = call(new Subject("silent"));
            CallFacts refuser = call(new Subject("refuser"));
            CallFacts once = call(new Subject("once"));
            ConsentRecord.Given forOneCall = given(once, level("call", "P3Y", "assistant"), null);
            CallFacts first = call(new Subject("anna"));
            ConsentRecord.Given year = given(first, level("P12M", "P3Y", "assistant"), null);
            CallFacts buyer = call(new Subject("buyer"));
            ConsentRecord.Given advertising =
                    given(buyer, level("P12M", "P1M", "assistant", "marketing"), null);
            world.append(
                    List.of(
                            named("silence: Served", served(silent)),
                            named(
                                    "silence: Unanswered",
                                    new ConsentRecord.Unanswered(
                                            id(),
                                            now,
                                            silent,
                                            NoticeRef.of(NOTICE),
                                            Unclear.NO_INPUT,
                                            List.of())),
                            named("no: Served", served(refuser)),
                            named("no: Refused", refused(refuser, null)),
                            named("yes for this call: Served", served(once)),
                            named("yes for this call: Given", forOneCall),
                            named(
                                    "yes for this call: AssistantOpened",
                                    new ConsentRecord.AssistantOpened(
                                            id(), now, once, forOneCall.id(), "assistant")),
                            named("yes for a year: Served", served(first)),
                            named("yes for a year: Given", year),
                            named("advertising for a year: Given", advertising)));
            passes(world, 60);
            world.append(
                    List.of(
                            named(
                                    "yes for a year: Refused on day 60",
                                    refused(call(new Subject("anna")), year.id()))));
            passes(world, 100);
            CallFacts second = call(new Subject("anna"));
            world.append(
                    List.of(
                            named("yes for a year: Served on day 100", served(second)),
                            named("yes for a year: Withdrawn", withdrawn(second, year.id()))));
            passes(world, 300);
            CallFacts again = call(new Subject("buyer"));
            world.append(
                    List.of(
                            named(
                                    "advertising for a year: Used",
                                    used(again, advertising.id(), advertising.grant()))));

            Map<String, Long> planned = new LinkedHashMap<>();
            for (LedgerArchive.Planned one : LedgerArchive.open(world.settings).retention()) {
                planned.put(
                        String.valueOf(named.get(one.id())),
                        Duration.between(START, one.goes()).toDays());
            }

            passes(world, 6 * 366);

            assertThat(days).as("goes as it was planned").containsAllEntriesOf(planned);
            assertThat(planned).containsKey("advertising for a year: Used").hasSize(8);
            days.forEach((name, day) -> System.out.printf("%-38s day %4d%n", name, day));
            assertThat(days)
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.ofEntries(
                                    Map.entry("silence: Served", 30L),
                                    Map.entry("silence: Unanswered", 30L),
                                    Map.entry("no: Served", 30L),
                                    Map.entry("no: Refused", 30L),
                                    // as long as the consent: 3 years, of which one is a leap year
                                    Map.entry("yes for this call: Served", 1096L),
                                    Map.entry("yes for this call: Given", 1096L),
                                    Map.entry("yes for this call: AssistantOpened", 1096L),
                                    // a year, then 3; the withdrawal never before it
                                    Map.entry("yes for a year: Served", 1461L),
                                    Map.entry("yes for a year: Given", 1461L),
                                    Map.entry("yes for a year: Served on day 100", 130L),
                                    Map.entry("yes for a year: Withdrawn", 1461L),
                                    // tells that the number is shared, as long as there is a yes
                                    Map.entry("yes for a year: Refused on day 60", 101L),
                                    // five years from the last use, on day 300
                                    Map.entry("advertising for a year: Given", 2127L),
                                    Map.entry("advertising for a year: Used", 2127L)));
            assertThat(world.verified()).isEmpty();
        }
    }

    /**
     * § 7a UWG asks for five years from the consent and from each use, wherever it was given and
     * however it was used, and a withdrawal shortens nothing.
     */
    @Test
    void advertisingIsProvedForFiveYearsFromItsLastUseOfAnyKind() throws Exception {
        try (World world = new World(Retention.USUAL)) {
            Subject anna = new Subject("anna");
            Level level = level("P12M", "P1M", "assistant", "marketing");
            var imported = named("Imported", imported(anna, level));
            var unused = named("never used", given(call(new Subject("berta")), level, null));
            world.append(List.of(imported, unused));
            later(200);
            world.append(List.of(named("Used", used(call(anna), imported.id(), imported.grant()))));
            later(300);
            world.append(
                    List.of(
                            named(
                                    "Reaffirmed",
                                    new ConsentRecord.Reaffirmed(
                                            id(),
                                            now,
                                            call(anna),
                                            NoticeRef.of(NOTICE),
                                            grant(level),
                                            imported.id()))));
            Instant fiveYears = now.atZone(ZoneOffset.UTC).plusYears(5).toInstant();
            later(310);
            world.append(List.of(named("Withdrawn", withdrawn(call(anna), imported.id()))));

            now = START.atZone(ZoneOffset.UTC).plusYears(5).toInstant().minusSeconds(1);
            assertThat(gone(world)).isEmpty();
            now = now.plusSeconds(2);
            assertThat(gone(world)).as("five years from the consent").containsOnly("never used");
            now = fiveYears.minusSeconds(1);
            assertThat(gone(world)).containsOnly("never used");
            now = fiveYears.plusSeconds(1);
            assertThat(gone(world)).hasSize(5);
            assertThat(world.verified()).isEmpty();
        }
    }

    private ConsentRecord.Imported imported(Subject subject, Level level) {
        return new ConsentRecord.Imported(
                id(),
                now,
                subject,
                NoticeRef.of(NOTICE),
                grant(level),
                new ConsentRecord.Provenance(
                        ConsentRecord.Provenance.Source.WEB,
                        "newsletter",
                        "A-1",
                        ConsentRecord.Provenance.Identified.CODE,
                        true,
                        "Ada"));
    }

    private void later(int day) {
        now = START.plus(Duration.ofDays(day));
    }

    private Set<String> gone(World world) throws Exception {
        world.chore();
        return world.gone(named).stream()
                .map(id -> String.valueOf(named.get(id)))
                .collect(Collectors.toSet());
    }

    /** When something goes. */
    private static final Set<Long> GOING = Set.of(30L, 101L, 130L, 1096L, 1461L, 2127L);

    /**
     * With the chore on each day about one on which something goes, and else once a week: what goes
     * at any other time is then found on a day that is not its own.
     */
    private void passes(World world, int untilDay) throws Exception {
        Instant end = START.plus(Duration.ofDays(untilDay));
        while (now.isBefore(end)) {
            long day = Duration.between(START, now).toDays();
            boolean near = GOING.stream().anyMatch(going -> day > going - 10 && day < going + 4);
            now = now.plus(Duration.ofDays(near ? 1 : Math.min(7, untilDay - day)));
            world.chore();
            for (UUID gone : world.gone(named)) {
                days.putIfAbsent(
                        String.valueOf(named.get(gone)), Duration.between(START, now).toDays());
            }
        }
    }

    // ------------------------------------------------ nothing comes back to life

    /** The notices there are never change. */
    static final Notices UNCHANGED =
            new Notices() {
                @Override
                public List<Notice> inForce(String lineage, String language, LocalDate day) {
                    return List.of(NOTICE);
                }

                @Override
                public boolean materiallyChanged(String lineage, String since, String until) {
                    return false;
                }
            };

    /** Somebody who agrees, agrees again, uses it, ends it or a part of it, in any order. */
    private final class Life {
        final Subject subject;
        final Random random;
        final List<ConsentRecord> all = new ArrayList<>();
        private @Nullable Remembered last;

        /** What there is to use, to end and to replace. */
        private record Remembered(UUID id, Grant grant) {
            boolean holdsAt(Instant time) {
                return grant.until() != null && time.isBefore(grant.until());
            }
        }

        Life(int number) {
            subject = new Subject("person-" + number);
            random = new Random(number);
        }

        private String one(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        /** What happens to this person now; mostly nothing. */
        List<ConsentRecord> next() {
            CallFacts call = call(subject);
            ConsentRecord happened = happened(call);
            if (happened == null) {
                return List.of();
            }
            List<ConsentRecord> records = List.of(served(call), happened);
            all.addAll(records);
            return records;
        }

        private @Nullable ConsentRecord happened(CallFacts call) {
            int what = random.nextInt(16);
            Remembered before = last;
            if (what < 2) {
                return gives(call);
            }
            if (before == null) {
                return null;
            }
            return switch (what) {
                case 2 -> withdrawn(call, before.id);
                case 3 -> before.holdsAt(now) ? used(call, before.id, before.grant) : null;
                case 4 -> new ConsentRecord.Expired(id(), now, subject, "demo", before.id);
                case 5 -> purposeEnded(call, before.id);
                case 6 -> renews(call, before);
                case 7 -> before.holdsAt(now) ? refused(call, before.id) : null;
                default -> null;
            };
        }

        private ConsentRecord.Given gives(CallFacts call) {
            Remembered before = last;
            Level level = any();
            if (level.validity() instanceof ValidityPeriod.ThisCall) {
                return given(call, level, null); // replaces nothing that is remembered
            }
            ConsentRecord.Given now = given(call, level, before == null ? null : before.id);
            last = new Remembered(now.id(), now.grant());
            return now;
        }

        private ConsentRecord.Renewed renews(CallFacts call, Remembered before) {
            ConsentRecord.Renewed again = renewed(call, before.grant.level(), before.id);
            last = new Remembered(again.id(), again.grant());
            return again;
        }

        private Level any() {
            return level(
                    one("call", "P30D", "P12M", "P2Y", "P5Y", "P10Y"),
                    one("P0D", "P30D", "P1Y", "P3Y", "P10Y"),
                    random.nextInt(4) == 0
                            ? new String[] {"assistant", "marketing"}
                            : new String[] {"assistant"});
        }
    }

    /**
     * Where a consent stands is the same with what retention has left as with all that ever
     * happened: what ends it never goes before it, and it never goes before its time.
     */
    @Test
    void whatRetentionDestroysNeverChangesWhereAConsentStands() throws Exception {
        standsAsItWas("P30D");
    }

    @Nightly("twenty seconds of the processor; the usual time is above")
    @ParameterizedTest
    @CsvSource({"P0D", "P3Y"})
    @Execution(ExecutionMode.CONCURRENT)
    void norWhereEventsGoAtOnceOrAfterYears(String events) throws Exception {
        standsAsItWas(events);
    }

    private void standsAsItWas(String events) throws Exception {
        var retention = new Retention(Period.ZERO, Period.ZERO, Period.ZERO, Period.parse(events));
        var validity = new ConsentValidity(List.of(level("P12M", "P3Y", "assistant")), UNCHANGED);
        try (World world = new World(retention)) {
            List<Life> lives = new ArrayList<>();
            Sweep.of(IntStream.range(0, 40).boxed().toList())
                    .forEach(number -> lives.add(new Life(number)));
            int inForce = 0;
            for (int step = 0; step < 120; step++) {
                now = START.plus(Duration.ofDays(40L * step));
                List<ConsentRecord> happened = new ArrayList<>();
                lives.forEach(life -> happened.addAll(life.next()));
                if (!happened.isEmpty()) {
                    world.append(happened);
                }
                world.chore();
                for (Life life : lives) {
                    boolean truth = counts(validity.statusAt(now, now, life.all, NOTICE));
                    List<ConsentRecord> kept =
                            world.store.history(life.subject, "demo", PATIENCE).reliable();
                    assertThat(counts(validity.statusAt(now, now, kept, NOTICE)))
                            .as("%s on %s after %s", life.subject, now, life.all)
                            .isEqualTo(truth);
                    assertThat(ConsentInForce.of(kept, now))
                            .as("%s on %s after %s", life.subject, now, life.all)
                            .containsExactlyInAnyOrderElementsOf(ConsentInForce.of(life.all, now));
                    inForce += truth ? 1 : 0;
                }
            }
            assertThat(inForce).as("the test tests something").isPositive();
            now = START.plus(Duration.ofDays(40 * 366));
            world.chore();
            assertThat(world.ledger.reader().latest(10_000))
                    .as("after forty years all is gone but who says so")
                    .allMatch(RetentionTest::isGone);
            assertThat(world.verified()).isEmpty();
        }
    }

    /** In which way a consent ended, or does not count though it has not ended. */
    private enum Ending {
        WITHDRAWN,
        PURPOSE_ENDED,
        EXPIRED,
        REPLACED_AND_WITHDRAWN,
        RENEWED_AND_WITHDRAWN,
        /** Somebody else uses the number; of no meaning any more when the consent is over. */
        SHARED
    }

    /**
     * A consent and its end ten days later.
     *
     * @param consents of which none may be there when one of the ends is gone
     * @param until which the end tells something; null: as long as there is the consent
     */
    private record Ended(
            Subject subject,
            String what,
            List<UUID> consents,
            Set<UUID> ends,
            @Nullable Instant until) {}

    /**
     * Every validity with every retention, with a use and without, and every way to end: the end is
     * there as long as the consent, looked at every second month for a quarter of a century.
     */
    @Test
    void noEndGoesBeforeTheConsentThatItEnded() throws Exception {
        noEndGoesFirst("P0D");
    }

    @Test
    @Nightly("ten seconds of the processor; where events go at once is above")
    void norWhereEventsGoAfterYears() throws Exception {
        noEndGoesFirst("P3Y");
    }

    private void noEndGoesFirst(String events) throws Exception {
        var retention = new Retention(Period.ZERO, Period.ZERO, Period.ZERO, Period.parse(events));
        var validity = new ConsentValidity(List.of(level("P12M", "P3Y", "assistant")), UNCHANGED);
        try (World world = new World(retention)) {
            List<Ended> all = new ArrayList<>();
            for (String lasting : List.of("P30D", "P12M", "P2Y", "P5Y", "P10Y")) {
                for (String kept : List.of("P0D", "P30D", "P3Y", "P10Y")) {
                    for (String purpose : List.of("transcript", "marketing")) {
                        Level level = level(lasting, kept, "assistant", purpose);
                        for (Ending ending : Ending.values()) {
                            now = START;
                            all.add(ended(world, level, ending));
                        }
                    }
                }
            }
            Set<UUID> ids = new HashSet<>();
            all.forEach(one -> ids.addAll(one.consents));
            all.forEach(one -> ids.addAll(one.ends));
            int looked = 0;
            for (int look = 1; look < 6 * 25; look++) {
                now = START.plus(Duration.ofDays(61L * look));
                world.chore();
                Set<UUID> gone = world.ledger.reader().erased(ids);
                for (Ended one : all) {
                    boolean endGone = gone.containsAll(one.ends);
                    if (endGone && (one.until == null || now.isBefore(one.until))) {
                        assertThat(gone).as("%s on %s", one.what, now).containsAll(one.consents);
                    }
                    if (look == 1 || (endGone && !gone.containsAll(one.consents))) {
                        looked++;
                        List<ConsentRecord> history =
                                world.store.history(one.subject, "demo", PATIENCE).reliable();
                        assertThat(counts(validity.statusAt(now, now, history, NOTICE)))
                                .as("%s on %s", one.what, now)
                                .isFalse();
                    }
                }
            }
            assertThat(looked).as("not only once").isGreaterThan(all.size());
            assertThat(world.ledger.reader().erased(ids)).hasSameSizeAs(ids);
        }
    }

    private Ended ended(World world, Level level, Ending ending) throws Exception {
        String what =
                "%s %s kept for %s, %s"
                        .formatted(level.purposes(), level.validity(), level.retention(), ending);
        var subject = new Subject("person-" + what.hashCode());
        ConsentRecord.Given first = given(call(subject), level, null);
        List<ConsentRecord> records = new ArrayList<>(List.of(first));
        if (level.purposes().contains(new Purpose("marketing"))) {
            records.add(used(call(subject), first.id(), first.grant()));
        }
        now = START.plus(Duration.ofDays(10));
        CallFacts call = call(subject);
        List<UUID> consents = new ArrayList<>(List.of(first.id()));
        switch (ending) {
            case WITHDRAWN -> records.add(withdrawn(call, first.id()));
            case PURPOSE_ENDED -> records.add(purposeEnded(call, first.id()));
            case EXPIRED ->
                    records.add(new ConsentRecord.Expired(id(), now, subject, "demo", first.id()));
            case REPLACED_AND_WITHDRAWN -> {
                ConsentRecord.Given second = given(call, level, first.id());
                records.addAll(List.of(second, withdrawn(call, second.id())));
                consents.add(second.id());
            }
            case RENEWED_AND_WITHDRAWN -> {
                ConsentRecord.Renewed second = renewed(call, level, first.id());
                records.addAll(List.of(second, withdrawn(call, second.id())));
                consents.add(second.id());
            }
            case SHARED -> records.add(refused(call, first.id()));
        }
        world.append(records);
        return new Ended(
                subject,
                what,
                consents,
                Set.of(records.getLast().id()),
                ending == Ending.SHARED ? first.grant().until() : null);
    }

    /** Whatever a law keeps, and whatever goes later: who had data erased has given no consent. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noConsentHoldsAfterAnApprovedErasure(boolean keepsProof) throws Exception {
        var retention = new Retention(Period.ZERO, Period.ZERO, Period.ZERO, Period.ofDays(30));
        var validity = new ConsentValidity(List.of(level("P12M", "P3Y", "assistant")), UNCHANGED);
        try (World world = new World(retention)) {
            var answers = new RequestAnswers(world.ledger, world.clock, "DE");
            List<Life> lives = new ArrayList<>();
            for (int number = 0; number < Sweep.of(60); number++) {
                lives.add(new Life(number));
            }
            List<Life> erased = new ArrayList<>();
            int restricted = 0;
            for (int step = 0; step < 90; step++) {
                now = START.plus(Duration.ofDays(40L * step));
                List<ConsentRecord> happened = new ArrayList<>();
                lives.forEach(life -> happened.addAll(life.next()));
                if (!happened.isEmpty()) {
                    world.append(happened);
                }
                if (step % 2 == 1 && !lives.isEmpty()) {
                    Life life = lives.removeLast();
                    restricted +=
                            answers.approveErasure(
                                            letter(),
                                            SEEN,
                                            life.subject,
                                            keepsProof ? "Art. 17(3)(e) DSGVO" : null)
                                    .approved()
                                    .kept()
                                    .size();
                    erased.add(life);
                }
                world.chore();
                for (Life life : erased) {
                    List<ConsentRecord> history =
                            world.store.history(life.subject, "demo", PATIENCE).reliable();
                    assertThat(counts(validity.statusAt(now, now, history, NOTICE)))
                            .as("%s on %s after %s", life.subject, now, life.all)
                            .isFalse();
                    assertThat(ConsentInForce.of(history, now)).as("%s", life.all).isEmpty();
                }
            }
            assertThat(restricted).as("the test tests something").isPositive();
            assertThat(world.verified()).isEmpty();
        }
    }

    /** Of what came in place of a kept consent, too: the proof tells how it ended, and when. */
    @Test
    void whatEndedAConsentInPlaceOfAKeptOneIsKeptAsItWas() throws Exception {
        Subject anna = new Subject("anna");
        ConsentRecord.Given advertising =
                given(call(anna), level("P12M", "P3Y", "assistant", "marketing"), null);
        ConsentRecord.Given instead =
                given(call(anna), level("P12M", "P3Y", "assistant"), advertising.id());
        ConsentRecord.Withdrawn end = withdrawn(call(anna), instead.id());
        try (World world = new World(Retention.USUAL)) {
            var answers = new RequestAnswers(world.ledger, world.clock, "DE");
            world.append(List.of(advertising, instead, end));

            RequestAnswers.Erasure done = answers.approveErasure(letter(), SEEN, anna, null);

            assertThat(done.approved().kept())
                    .singleElement()
                    .satisfies(
                            kept -> // and of the approval itself, that ends what is kept
                            assertThat(kept.records())
                                            .hasSize(4)
                                            .contains(advertising.id(), instead.id(), end.id()));
        }
    }

    /** It was in no list when it was approved: it stays, and the consent ends in any case. */
    @Test
    void aWithdrawalThatComesDuringAnErasureIsNotLost() throws Exception {
        Level level = level("P12M", "P3Y", "assistant", "marketing");
        var validity = new ConsentValidity(List.of(level), UNCHANGED);
        Subject anna = new Subject("anna");
        ConsentRecord.Given given = given(call(anna), level, null);
        try (World world = new World(Retention.USUAL)) {
            var answers = new RequestAnswers(world.ledger, world.clock, "DE");
            world.append(List.of(given));
            RequestAnswers.Seen seen = answers.seen(anna);
            ConsentRecord.Withdrawn meanwhile = withdrawn(call(anna), given.id());
            world.append(List.of(meanwhile));

            RequestAnswers.Erasure done = answers.approveErasure(letter(), SEEN, anna, null, seen);

            assertThat(done.erased()).isZero();
            List<ConsentRecord> left = world.store.history(anna, "demo", PATIENCE).reliable();
            assertThat(left).as("and an end of its own").hasSize(3).contains(given, meanwhile);
            assertThat(validity.statusAt(now, now, left, NOTICE))
                    .isInstanceOf(ConsentStatus.Withdrawn.class);
            assertThat(ConsentInForce.of(left, now)).isEmpty();
            assertThat(world.verified()).isEmpty();
        }
    }

    /** Nobody who got data under it was told that it is erased. */
    @Test
    void aConsentThatIsGivenDuringAnErasureStays() throws Exception {
        Level level = level("P12M", "P3Y", "assistant");
        Subject anna = new Subject("anna");
        ConsentRecord.Given given = given(call(anna), level, null);
        try (World world = new World(Retention.USUAL)) {
            var answers = new RequestAnswers(world.ledger, world.clock, "DE");
            world.append(List.of(given, withdrawn(call(anna), given.id())));
            RequestAnswers.Seen seen = answers.seen(anna);
            CallFacts call = call(anna);
            ConsentRecord.Given anew = given(call, level, null);
            world.append(List.of(served(call), anew));

            RequestAnswers.Erasure done = answers.approveErasure(letter(), SEEN, anna, null, seen);

            assertThat(done.erased()).isEqualTo(2);
            assertThat(world.store.history(anna, "demo", PATIENCE).reliable())
                    .containsExactly(anew);
            assertThat(world.store.history(anna, PATIENCE).found())
                    .as("with what was played in its call")
                    .hasSize(2);
            assertThat(world.verified()).isEmpty();
        }
    }

    /** Whoever approved it has died before it was erased. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErasureThatIsTakenUpAgainLeavesWhatCameSinceItsApproval(boolean byAnEarlierVersion)
            throws Exception {
        Level level = level("P12M", "P3Y", "assistant");
        var validity = new ConsentValidity(List.of(level), UNCHANGED);
        Subject anna = new Subject("anna");
        ConsentRecord.Given given = given(call(anna), level, null);
        ConsentRecord.Given withdrawn = given(call(anna), level, given.id());
        try (World world = new World(Retention.USUAL)) {
            var answers = new RequestAnswers(world.ledger, world.clock, "DE");
            var requests = new LedgerRequests(world.ledger, "DE");
            world.append(List.of(given, withdrawn, withdrawn(call(anna), withdrawn.id())));
            SubjectRequest.Opened asked = opened(anna);
            requests.open(asked, PATIENCE);
            var approved =
                    new SubjectRequest.Approved(
                            id(),
                            now,
                            SubjectRequest.Asked.of(asked),
                            SEEN,
                            List.of(),
                            byAnEarlierVersion ? Map.of() : world.ledger.reader().sizes());
            world.ledger.append(requests.entry(approved)).toCompletableFuture().join();
            now = now.plus(Duration.ofDays(3));
            CallFacts call = call(anna);
            ConsentRecord.Given anew = given(call, level, null);
            world.append(List.of(served(call), anew));
            SubjectRequest.Opened another = opened(anna);
            requests.open(another, PATIENCE);
            now = now.plus(Duration.ofDays(1));

            RequestAnswers.Erasure done = answers.erase(approved, anna);

            assertThat(done.erased()).as("three records and the request").isEqualTo(4);
            List<ConsentRecord> left = world.store.history(anna, "demo", PATIENCE).reliable();
            assertThat(left).containsExactly(anew);
            assertThat(counts(validity.statusAt(now, now, left, NOTICE))).isTrue();
            assertThat(requests.unanswered(anna, PATIENCE)).containsExactly(another);
            assertThat(world.ledger.reader().ofCall(call.callId().toString()))
                    .as("with what was played in it")
                    .filteredOn(entry -> entry.payload() != null)
                    .hasSize(2);
            assertThat(world.verified()).isEmpty();
        }
    }

    private SubjectRequest.Opened opened(Subject subject) {
        return new SubjectRequest.Opened(
                id(),
                now,
                SubjectRequest.Kind.ERASURE,
                SubjectRequest.Channel.LETTER,
                null,
                "A. Holm",
                subject,
                now.plus(Duration.ofDays(30)),
                SubjectRequest.Confirmation.NOT_NEEDED);
    }

    /** § 7a UWG asks for its proof wherever it was given: it is ended, and stays. */
    @Test
    void aConsentToAdvertisingFromElsewhereIsRestrictedAndNotErased() throws Exception {
        Level advertising = level("P12M", "P3Y", "assistant", "marketing");
        var validity = new ConsentValidity(List.of(advertising), UNCHANGED);
        Subject anna = new Subject("anna");
        ConsentRecord.Imported imported = imported(anna, advertising);
        CallFacts call = call(anna);
        ConsentRecord.Used used = used(call, imported.id(), imported.grant());
        ConsentRecord.Imported other = imported(anna, level("P12M", "P3Y", "assistant"));
        try (World world = new World(Retention.USUAL)) {
            world.append(List.of(imported, used, other, served(call)));

            RequestAnswers.Erasure done =
                    new RequestAnswers(world.ledger, world.clock, "DE")
                            .approveErasure(letter(), SEEN, anna, null);

            assertThat(done.erased()).as("the other one, and what was played").isEqualTo(2);
            assertThat(done.approved().kept())
                    .singleElement()
                    .satisfies(law -> {
                        assertThat(law.law()).isEqualTo(Restriction.ADVERTISING_LAW);
                        assertThat(law.records()).hasSize(3).contains(imported.id(), used.id());
                    });
            List<ConsentRecord> left = world.store.history(anna, PATIENCE).found();
            assertThat(left).hasSize(3).contains(imported, used);
            assertThat(counts(validity.statusAt(now, now, left, NOTICE))).isFalse();
            assertThat(ConsentInForce.of(left, now)).isEmpty();
            assertThat(world.verified()).isEmpty();
        }
    }

    private static final SubjectRequest.Answer SEEN = new SubjectRequest.Answer("A. Holm", "seen");

    private SubjectRequest.Asked letter() {
        return new SubjectRequest.Asked(
                id(), SubjectRequest.Kind.ERASURE, SubjectRequest.Channel.LETTER, now, now);
    }

    private static boolean isGone(Entry entry) {
        return entry.payload() == null || entry.type().text().equals("Erased");
    }

    private static boolean counts(ConsentStatus status) {
        return status instanceof ConsentStatus.Valid || status instanceof ConsentStatus.RenewalDue;
    }
}
