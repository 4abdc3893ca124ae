package org.consentgateway.whole;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
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
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;

/**
 * A store as it is after most of a year of calls: callers who agree, come again, refuse, are silent
 * and withdraw; a few complain. Confined to one test.
 */
final class CrowdedStore {
    /** One who calls every day. */
    static final String REGULAR = "+491700000000";

    private static final Duration YEAR = Duration.ofDays(300);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int TOGETHER = 2_000;
    private static final Period LONG = Period.ofYears(3);
    private static final Level LEVEL =
            Level.of(
                    "merken", List.of(Purpose.ASSISTANT), ValidityPeriod.parse("P12M"), LONG, true);
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "en",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Example Company", "Kiel", "DE"));

    private final Random random = new Random(19);
    private final int entries;
    private final Ledger ledger;
    private final LedgerStore store;
    private final LedgerTasks tasks;
    private final List<ConsentRecord> waiting = new ArrayList<>();
    private Instant now;
    private UUID newest = new UUID(0, 0);

    private CrowdedStore(Ledger ledger, int entries, Instant begin) {
        this.ledger = ledger;
        this.entries = entries;
        this.now = begin;
        this.store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, () -> now, _ -> Optional.empty()),
                        new Retention(LONG, LONG, LONG, LONG),
                        new Processing("DE", "", Map.of(), List.of(), Map.of()));
        this.tasks =
                new LedgerTasks(
                        ledger, "DE", Map.of(Task.Kind.CALL_BACK, LONG, Task.Kind.COMPLAINT, LONG));
    }

    /**
     * Fills it.
     *
     * @return a consent of {@link #REGULAR} that is in force
     */
    static UUID fill(LedgerSettings settings, int entries) throws Exception {
        Instant begin = InstantSource.system().instant().minus(YEAR);
        CrowdedStore[] one = new CrowdedStore[1];
        LedgerSettings patient = settings.withPatience(PATIENCE);
        try (Ledger ledger = Ledger.open(patient, () -> one[0] == null ? begin : one[0].now)) {
            one[0] = new CrowdedStore(ledger, entries, begin);
            return one[0].write();
        }
    }

    private UUID write() throws Exception {
        Duration step = YEAR.dividedBy(Math.max(1, entries / TOGETHER));
        for (int written = 0; written < entries; written += TOGETHER) {
            while (waiting.size() < TOGETHER) {
                call(random.nextInt(Math.max(10, entries / 8)));
            }
            newest = call(0);
            var _ = store.append(waiting, PATIENCE);
            waiting.clear();
            task();
            now = now.plus(step);
        }
        return newest;
    }

    /** Number 0 is {@link #REGULAR}, who agrees. */
    private UUID call(int caller) {
        Subject subject =
                new Subject(ledger.pseudonyms().subject("+49170%07d".formatted(caller)).current());
        var facts =
                new CallFacts(
                        EntryIds.next(now), "5a", "local", "one", now, subject, true, false, true);
        served(facts);
        int dice = caller == 0 ? 0 : random.nextInt(100);
        UUID consent = id();
        if (dice < 65) {
            Instant until = now.plus(Duration.ofDays(365));
            Grant grant = new Grant(LEVEL, now, until, until, List.of(evidence()));
            waiting.add(new ConsentRecord.Given(consent, now, facts, NOTICE, grant, null));
            waiting.add(new ConsentRecord.AssistantOpened(id(), now, facts, consent, "assistant"));
            if (dice == 1) {
                withdrawn(facts, consent);
            }
        } else if (dice < 85) {
            waiting.add(
                    new ConsentRecord.Refused(
                            consent, now, facts, NOTICE, List.of(evidence()), null));
        } else {
            waiting.add(
                    new ConsentRecord.Unanswered(
                            consent, now, facts, NOTICE, Unclear.NO_INPUT, List.of()));
        }
        return consent;
    }

    private void served(CallFacts facts) {
        waiting.add(
                new ConsentRecord.Served(
                        id(),
                        now,
                        facts,
                        NOTICE,
                        "opening",
                        new Playing(now, 8000, 8000, true, "")));
    }

    private void withdrawn(CallFacts facts, UUID consent) {
        waiting.add(
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

    private static Evidence evidence() {
        return new Evidence(
                "question.assistant",
                "assistant",
                1,
                Evidence.Result.AGREED,
                Method.KEY,
                '1',
                null,
                0,
                "",
                Duration.ofSeconds(2));
    }

    private void task() throws Exception {
        var facts =
                new CallFacts(
                        EntryIds.next(now), "5a", "local", "one", now, null, true, false, true);
        tasks.open(
                new Task.Opened(id(), now, Task.Kind.COMPLAINT, facts, NOTICE, null, null),
                PATIENCE);
    }

    private UUID id() {
        return EntryIds.next(now);
    }
}
