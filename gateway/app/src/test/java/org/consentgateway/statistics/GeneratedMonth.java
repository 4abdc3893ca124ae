package org.consentgateway.statistics;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Basis;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;

/**
 * Calls of October 2026, and some of the minutes around it, as the story of a call writes and tells
 * them; with a list of its own of what each was. Confined to one test.
 */
final class GeneratedMonth {
    private static final int BATCHES = 40;
    private static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Period DAYS = Period.ofDays(30);
    private static final String PSEUDONYM = "0badc0ffee";
    private static final Level LEVEL =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    true);

    /** What a caller did. */
    private enum Did {
        AGREED,
        REFUSED,
        WAS_SILENT,
        LEFT_IN_THE_OPENING,
        LEFT_IN_THE_QUESTION,
        FOUND_NO_STORE,
        LEFT_WHILE_IT_RANG
    }

    /** Of the last calls of a batch, whose records go on in the next one. */
    private final List<List<ConsentRecord>> heldBack = new ArrayList<>();

    private final Random random = new Random(18);
    private final LedgerStore store;
    private final LedgerTasks tasks;
    private final CountedCalls counts;
    private final Consumer<Instant> clock;
    private final Map<String, long[]> expected = new TreeMap<>();
    private Instant now = BEGIN;
    private long answered;
    private boolean noted;

    GeneratedMonth(Ledger ledger, CountedCalls counts, Consumer<Instant> clock) {
        this.store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, () -> now, _ -> Optional.empty()),
                        new Retention(DAYS, DAYS, DAYS, Period.ofYears(3)),
                        new Processing("DE", "", Map.of(), List.of(), Map.of()));
        this.tasks =
                new LedgerTasks(
                        ledger, "DE", Map.of(Task.Kind.CALL_BACK, DAYS, Task.Kind.COMPLAINT, DAYS));
        this.counts = counts;
        this.clock = clock;
    }

    String pseudonym() {
        return PSEUDONYM;
    }

    long answered() {
        return answered;
    }

    /** Something that is done after a batch. */
    interface Between {
        void after(int batch) throws Exception;
    }

    void write(int calls, Between between) throws Exception {
        outside(BEGIN.minusMillis(1));
        noted = true;
        int each = calls / BATCHES;
        for (int batch = 0; batch < BATCHES; batch++) {
            to(BEGIN.plus(Duration.ofDays(31).dividedBy(BATCHES).multipliedBy(batch)));
            List<ConsentRecord> records = new ArrayList<>();
            heldBack.forEach(records::addAll);
            heldBack.clear();
            for (int i = 0; i < each; i++) {
                List<ConsentRecord> ofCall = call(lineOf(batch * each + i));
                boolean last = i >= each - 8 && batch < BATCHES - 1;
                int cut = last && !ofCall.isEmpty() ? random.nextInt(ofCall.size()) : ofCall.size();
                records.addAll(ofCall.subList(0, cut));
                heldBack.add(List.copyOf(ofCall.subList(cut, ofCall.size())));
            }
            var _ = store.append(records, PATIENCE);
            between.after(batch);
        }
        noted = false;
        outside(Instant.parse("2026-11-01T00:00:00Z"));
    }

    private void to(Instant time) {
        now = time;
        clock.accept(time);
    }

    /** Of another month. */
    private void outside(Instant time) throws Exception {
        to(time);
        List<ConsentRecord> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.addAll(call("demo"));
        }
        var _ = store.append(records, PATIENCE);
    }

    private String lineOf(int call) {
        return switch (call) {
            case 50, 70, 150 -> "small";
            case 60, 160 -> "tiny";
            default -> random.nextInt(10) < 6 ? "demo" : "hotline";
        };
    }

    // ------------------------------------------------------------------ one call

    private List<ConsentRecord> call(String line) throws Exception {
        boolean few = line.equals("small") || line.equals("tiny");
        boolean known = !few && random.nextInt(10) == 0;
        Did did = few ? Did.AGREED : known ? knownCaller() : newCaller();
        var notice =
                new NoticeRef(
                        "demo",
                        now.isBefore(Instant.parse("2026-10-16T00:00:00Z")) ? "2026-09" : "2026-10",
                        random.nextInt(4) == 0 ? "en" : "de",
                        random.nextBoolean() ? "a" : "b",
                        "00",
                        "00",
                        new Notice.Controller("Nordwind", "Kiel", "DE"));
        var facts =
                new CallFacts(
                        EntryIds.next(now),
                        "5a",
                        "local",
                        line,
                        did == Did.LEFT_WHILE_IT_RANG ? null : now,
                        new Subject(PSEUDONYM),
                        true,
                        false,
                        true);
        var one = new OneCall(facts, notice, known, did);
        List<ConsentRecord> records = one.records();
        one.tell();
        return records;
    }

    private Did newCaller() {
        int dice = random.nextInt(100);
        if (dice < 62) {
            return Did.AGREED;
        }
        if (dice < 76) {
            return Did.REFUSED;
        }
        if (dice < 84) {
            return Did.WAS_SILENT;
        }
        if (dice < 90) {
            return Did.LEFT_IN_THE_OPENING;
        }
        if (dice < 94) {
            return Did.LEFT_IN_THE_QUESTION;
        }
        return dice < 96 ? Did.FOUND_NO_STORE : Did.LEFT_WHILE_IT_RANG;
    }

    private Did knownCaller() {
        return random.nextInt(6) == 0 ? Did.REFUSED : Did.AGREED;
    }

    /** Writes it, tells of it, and notes it in the list of what is expected. */
    private final class OneCall {
        private final CallFacts facts;
        private final NoticeRef notice;
        private final boolean known;
        private final Did did;
        private final List<ConsentRecord> records = new ArrayList<>();

        OneCall(CallFacts facts, NoticeRef notice, boolean known, Did did) {
            this.facts = facts;
            this.notice = notice;
            this.known = known;
            this.did = did;
        }

        List<ConsentRecord> records() throws Exception {
            if (did == Did.LEFT_WHILE_IT_RANG) {
                return records;
            }
            answered += noted ? 1 : 0;
            served(known ? "opening-known" : "opening");
            switch (did) {
                case AGREED -> agreed();
                case REFUSED -> {
                    UUID inForce = known ? UUID.randomUUID() : null;
                    records.add(
                            new ConsentRecord.Refused(
                                    id(), now, facts, notice, evidence(), inForce));
                }
                case WAS_SILENT -> unanswered(Unclear.NO_INPUT, evidence());
                case LEFT_IN_THE_OPENING -> unanswered(Unclear.HANGUP_DURING_OPENING, List.of());
                case LEFT_IN_THE_QUESTION -> unanswered(Unclear.HANGUP_DURING_QUESTION, List.of());
                case FOUND_NO_STORE -> unanswered(Unclear.ERROR, List.of());
                case LEFT_WHILE_IT_RANG -> throw new IllegalStateException();
            }
            noteDecision();
            complaint();
            return records;
        }

        private void noteDecision() {
            boolean asked =
                    did == Did.AGREED
                            || did == Did.REFUSED
                            || did == Did.WAS_SILENT
                            || did == Did.LEFT_IN_THE_QUESTION;
            if (known) {
                note(Rate.KNOWN_AGAIN, did == Did.AGREED);
            } else {
                note(Rate.CONSENT_OF_ANSWERED, did == Did.AGREED);
            }
            if (!known && asked) {
                note(Rate.CONSENT, did == Did.AGREED);
                note(Rate.REFUSED, did == Did.REFUSED);
                note(Rate.NO_ANSWER, did == Did.WAS_SILENT || did == Did.LEFT_IN_THE_QUESTION);
            }
            note(Rate.LEFT_OPENING, did == Did.LEFT_IN_THE_OPENING);
            if (asked) {
                note(Rate.LEFT_QUESTION, did == Did.LEFT_IN_THE_QUESTION);
            }
        }

        private void served(String part) {
            records.add(
                    new ConsentRecord.Served(
                            id(),
                            now,
                            facts,
                            notice,
                            part,
                            new Playing(now, 8000, 8000, true, "")));
        }

        private void unanswered(Unclear reason, List<Evidence> evidence) {
            records.add(new ConsentRecord.Unanswered(id(), now, facts, notice, reason, evidence));
        }

        private void agreed() {
            UUID earlier = UUID.randomUUID();
            int how = known ? random.nextInt(3) : 3;
            UUID consent = id();
            Grant grant = grant(how < 2 || how == 3 ? evidence() : List.of());
            boolean given = false;
            switch (how) {
                case 0 ->
                        records.add(
                                new ConsentRecord.Reaffirmed(
                                        consent, now, facts, notice, grant, earlier));
                case 1 -> {
                    given = true;
                    records.add(
                            new ConsentRecord.Renewed(consent, now, facts, notice, grant, earlier));
                }
                case 2 ->
                        records.add(
                                new ConsentRecord.Used(
                                        consent, now, facts, earlier, now.plusSeconds(1)));
                default -> {
                    given = true;
                    records.add(new ConsentRecord.Given(consent, now, facts, notice, grant, null));
                }
            }
            records.add(new ConsentRecord.AssistantOpened(id(), now, facts, consent, "assistant"));
            if (random.nextInt(20) == 0) {
                served("reminder");
            }
            boolean more = random.nextInt(30) == 0;
            boolean withdraws = random.nextInt(25) == 0;
            if (given) {
                note(Rate.WITHDRAWN, withdraws && !more);
            }
            if (more) {
                note(Rate.WITHDRAWN, withdraws);
                UUID added = id();
                records.add(
                        new ConsentRecord.Given(
                                added,
                                now,
                                facts,
                                notice,
                                grant(List.of(evidence(1))),
                                given ? consent : null));
                withdrawn(withdraws, added);
            } else {
                withdrawn(withdraws, how == 0 || how == 2 ? earlier : consent);
            }
        }

        private void withdrawn(boolean withdraws, UUID consent) {
            if (withdraws) {
                for (int twice = 0; twice < 2; twice++) {
                    records.add(
                            new ConsentRecord.Withdrawn(
                                    id(),
                                    now,
                                    facts,
                                    facts.subject(),
                                    "demo",
                                    consent,
                                    ConsentRecord.Withdrawn.Reason.CALLER,
                                    Method.KEY,
                                    now,
                                    null));
                }
            }
        }

        private Grant grant(List<Evidence> evidence) {
            Instant until = now.plus(Duration.ofDays(365));
            return new Grant(LEVEL, now, until, until.minus(Duration.ofDays(30)), evidence);
        }

        private List<Evidence> evidence() {
            boolean again = random.nextInt(5) == 0;
            note(Rate.REPEATED, again);
            return again ? List.of(evidence(1), evidence(2)) : List.of(evidence(1));
        }

        private Evidence evidence(int attempt) {
            return new Evidence(
                    "question.assistant",
                    "assistant",
                    attempt,
                    Evidence.Result.AGREED,
                    Method.KEY,
                    '1',
                    null,
                    0,
                    "",
                    Duration.ofSeconds(2));
        }

        private void complaint() throws Exception {
            boolean complains = random.nextInt(100) == 0;
            note(Rate.COMPLAINTS, complains);
            if (complains || random.nextInt(200) == 0) {
                tasks.open(
                        new Task.Opened(
                                id(),
                                now,
                                complains ? Task.Kind.COMPLAINT : Task.Kind.CALL_BACK,
                                facts.withoutSubject(),
                                notice,
                                null,
                                null),
                        PATIENCE);
            }
        }

        private UUID id() {
            return EntryIds.next(now);
        }

        // -------------------------------------------------------------- what is told

        void tell() {
            if (did != Did.LEFT_WHILE_IT_RANG) {
                counts.told(new CallEvent.DisclosureServed(facts, notice, known, true));
            }
            CallOutcome outcome = outcome();
            String how = outcome.name();
            boolean left =
                    outcome instanceof CallOutcome.Refused(_, Path then) && then == Path.HUNG_UP;
            boolean toHuman =
                    did == Did.REFUSED
                            || did == Did.WAS_SILENT
                            || did == Did.FOUND_NO_STORE
                            || how.equals("assistant-unreachable");
            boolean joined = (toHuman && !left) || how.equals("assisted");
            if (joined) {
                join(toHuman);
            }
            counts.told(new CallEvent.Ended(outcome, MediaQuality.NONE));
            note(Rate.LEFT_RINGING, did == Did.LEFT_WHILE_IT_RANG);
            note(Rate.SERVED, joined);
            if (did == Did.AGREED) {
                note(Rate.LEFT_BEFORE_ASSISTANT, how.equals("left-before-assistant"));
            }
            if (toHuman) {
                note(Rate.LEFT_BEFORE_HUMAN, left);
            }
            if (joined && random.nextInt(5) == 0) {
                int score = 1 + random.nextInt(5);
                counts.told(new CallEvent.Satisfaction(facts.line(), notice, score));
                note(Rate.CLEAR, score <= 2);
                boolean helped = random.nextInt(3) > 0;
                counts.told(new CallEvent.Helped(facts.line(), notice, helped));
                note(Rate.HELPED, helped);
            }
        }

        private void join(boolean human) {
            Duration waited = Duration.ofMillis(5_000 + random.nextInt(human ? 60_000 : 20_000));
            counts.told(
                    new CallEvent.Joined(
                            facts,
                            notice,
                            human ? CallEvent.Whom.HUMAN : CallEvent.Whom.ASSISTANT,
                            waited));
            note(Rate.SERVED_SOON, waited.compareTo(Duration.ofSeconds(21)) < 0);
        }

        private CallOutcome outcome() {
            boolean rang = did == Did.LEFT_WHILE_IT_RANG;
            var trail =
                    new Trail(
                            facts,
                            rang ? "" : notice.language(),
                            rang ? "" : notice.version(),
                            rang ? "" : notice.variant(),
                            Duration.ofSeconds(60),
                            null);
            return switch (did) {
                case AGREED ->
                        switch (random.nextInt(30)) {
                            case 0 ->
                                    new CallOutcome.AssistantUnreachable(
                                            trail, "basis", Path.HUMAN);
                            case 1 -> new CallOutcome.LeftBeforeAssistant(trail, "basis");
                            default ->
                                    new CallOutcome.Assisted(
                                            trail, "basis", Basis.GIVEN, Duration.ofSeconds(40));
                        };
                case REFUSED ->
                        new CallOutcome.Refused(
                                trail, random.nextInt(10) == 0 ? Path.HUNG_UP : Path.HUMAN);
                case WAS_SILENT -> new CallOutcome.Unanswered(trail, Unclear.NO_INPUT, Path.HUMAN);
                case LEFT_IN_THE_OPENING ->
                        new CallOutcome.Unanswered(
                                trail, Unclear.HANGUP_DURING_OPENING, Path.HUNG_UP);
                case LEFT_IN_THE_QUESTION ->
                        new CallOutcome.Unanswered(
                                trail, Unclear.HANGUP_DURING_QUESTION, Path.HUNG_UP);
                case FOUND_NO_STORE -> new CallOutcome.StoreDown(trail, Path.HUMAN);
                case LEFT_WHILE_IT_RANG -> new CallOutcome.NeverAnswered(trail);
            };
        }

        private void note(Rate measure, boolean counts) {
            if (!noted) {
                return;
            }
            boolean rang = did == Did.LEFT_WHILE_IT_RANG;
            Set<String> groups = new LinkedHashSet<>();
            groups.add("ALL all");
            groups.add("LINE " + facts.line());
            groups.add("LANGUAGE " + (rang ? "(hung up before)" : notice.language()));
            groups.add("VERSION " + (rang ? "(hung up before)" : "demo " + notice.version()));
            groups.add("VARIANT " + (rang ? "(hung up before)" : "demo " + notice.variant()));
            groups.add(
                    "WORDING "
                            + facts.line()
                            + (rang
                                    ? ""
                                    : " demo "
                                            + notice.version()
                                            + " "
                                            + notice.language()
                                            + " "
                                            + notice.variant()));
            for (String group : groups) {
                long[] share = expected.computeIfAbsent(group + " " + measure, _ -> new long[2]);
                share[0] += counts ? 1 : 0;
                share[1]++;
            }
        }
    }

    /** Of every group, also of those that the report must not tell of. */
    Map<String, Share> expected() {
        var all = new TreeMap<String, Share>();
        expected.forEach((key, share) -> all.put(key, new Share(share[0], share[1])));
        return all;
    }
}
