package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.consent.request.RequestStore;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.Task;
import org.consentgateway.consent.request.TaskStore;

/** Confined to a test. A store with memory, that is slow or fails where the plan says so. */
final class FaultyStore implements JournalStore, RequestStore, TaskStore, Expiries.Ended {
    /** What there may be that the store does not tell. */
    enum Gap {
        NONE,
        /** Another node may have it. */
        ELSEWHERE,
        /** It is there, and cannot be read. */
        UNREADABLE,
        /** There is more than is read while a call waits: of the consents in force the first. */
        CROWDED,
        /** The same, and to read the rest is a mistake of ours. */
        CROWDED_AND_BROKEN
    }

    /** What happens at one operation, and from there on. */
    enum Fault {
        NONE,
        /** It works, in just under the deadline. */
        SLOW,
        /** It fails once; nothing is written. */
        FAILS,
        /** It answers too late; the records are written all the same. */
        LATE,
        /** It fails, and so does everything after. */
        DIES,
        /** From there on it says what it has, and takes nothing: its disk is full or read-only. */
        TAKES_NOTHING
    }

    /**
     * @param operation counted from 0
     */
    record Plan(Fault fault, int operation) {
        static final Plan HEALTHY = new Plan(Fault.NONE, 0);
    }

    private final VirtualTime time;
    private final List<ConsentRecord> log = new ArrayList<>();
    private final List<SubjectRequest.Opened> requests = new ArrayList<>();
    private final List<SubjectRequest.CallBackDue> callBacks = new ArrayList<>();
    private final List<Task.Opened> tasks = new ArrayList<>();
    private Tape tape = new Tape();
    private Plan plan = Plan.HEALTHY;
    private int operations;
    private boolean dead;
    private boolean doubted;
    private Gap gap = Gap.NONE;
    private Runnable afterServed = () -> {};

    FaultyStore(VirtualTime time) {
        this.time = time;
    }

    /** From now on, counted anew. */
    void follow(Plan newPlan, Tape onto) {
        plan = newPlan;
        tape = onto;
        operations = 0;
        dead = false;
    }

    List<ConsentRecord> log() {
        return List.copyOf(log);
    }

    /** Done once, as soon as a notice is recorded as served. */
    void onceServed(Runnable what) {
        afterServed = what;
    }

    /** How many operations there were under this plan. */
    int operations() {
        return operations;
    }

    void put(ConsentRecord record) {
        log.add(record);
    }

    /** From now on what it holds is not to be believed, but it takes what it is given. */
    void doubt() {
        doubted = true;
    }

    /** From now on. */
    void lacks(Gap what) {
        gap = what;
    }

    @Override
    public void requireTrusted() throws JournalUnavailable {
        if (doubted) {
            throw new JournalUnavailable("doubted", false);
        }
    }

    @Override
    public LogPosition append(List<ConsentRecord> records, Duration deadline)
            throws JournalUnavailable {
        try {
            operate(deadline);
            requireRoom();
        } catch (JournalUnavailable e) {
            if (e.maybeWritten()) {
                write(records);
            }
            records.forEach(r -> tape.add(new Tape.Happening.AppendFailed(r)));
            throw e;
        }
        write(records);
        records.forEach(r -> tape.add(new Tape.Happening.Committed(r)));
        if (records.getFirst() instanceof ConsentRecord.Served) {
            Runnable what = afterServed;
            afterServed = () -> {};
            what.run();
        }
        return new LogPosition("test", log.size() - 1);
    }

    private void write(List<ConsentRecord> records) {
        for (ConsentRecord record : records) {
            if (log.stream().noneMatch(r -> r.id().equals(record.id()))) {
                log.add(record);
            }
        }
    }

    private void operate(Duration deadline) throws JournalUnavailable {
        boolean now = operations++ == plan.operation();
        if (dead) {
            throw new JournalUnavailable("dead", false);
        }
        time.pass(Duration.ofMillis(5));
        if (!now) {
            return;
        }
        switch (plan.fault()) {
            case NONE, TAKES_NOTHING -> {}
            case SLOW -> time.pass(deadline.minusMillis(6));
            case FAILS -> throw new JournalUnavailable("fails", false);
            case LATE -> {
                time.pass(deadline);
                throw new JournalUnavailable("late", true);
            }
            case DIES -> {
                dead = true;
                throw new JournalUnavailable("dies", false);
            }
        }
    }

    private void requireRoom() throws JournalUnavailable {
        if (plan.fault() == Fault.TAKES_NOTHING && operations > plan.operation()) {
            throw new JournalUnavailable("takes nothing", false);
        }
    }

    @Override
    public History history(Subject subject, String lineage, Duration deadline)
            throws JournalUnavailable {
        operate(deadline);
        History history =
                History.of(
                        log.stream()
                                .filter(r ->
                                        subject.equals(r.subject()) && lineage.equals(lineageOf(r)))
                                .toList());
        return switch (gap) {
            case NONE -> history;
            case ELSEWHERE -> history.unreliable();
            case UNREADABLE -> new History(history.found(), List.of(), false);
            case CROWDED, CROWDED_AND_BROKEN -> crowded(history);
        };
    }

    @Override
    public History history(Subject subject, Duration deadline) throws JournalUnavailable {
        operate(deadline);
        History history =
                History.of(log.stream().filter(r -> subject.equals(r.subject())).toList());
        return switch (gap) {
            case NONE, ELSEWHERE -> history;
            case UNREADABLE -> new History(history.found(), List.of(), false);
            case CROWDED, CROWDED_AND_BROKEN -> crowded(history);
        };
    }

    private static History crowded(History history) {
        var found = new ArrayList<ConsentRecord>();
        int consents = 0;
        for (ConsentRecord record : history.found()) {
            boolean inForce =
                    isConsent(record)
                            && history.found().stream().noneMatch(r -> ends(r, record.id()));
            consents += inForce ? 1 : 0;
            if (!inForce || consents == 1) {
                found.add(record);
            }
        }
        return new History(found, found, consents <= 1);
    }

    /** What cannot be read is there. */
    @Override
    public List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable {
        operate(deadline);
        var ids = new ArrayList<UUID>();
        ConsentInForce.of(
                        log.stream().filter(r -> subject.equals(r.subject())).toList(),
                        time.instant())
                .forEach(consent -> ids.add(consent.grant()));
        if (gap == Gap.UNREADABLE) {
            ids.add(new UUID(0, 0));
        }
        return ids;
    }

    @Override
    public History history(Subject subject, List<UUID> consents, Duration deadline)
            throws JournalUnavailable {
        operate(deadline);
        if (gap == Gap.CROWDED_AND_BROKEN) {
            throw new IllegalStateException("said by a caller");
        }
        return new History(log, List.of(), gap != Gap.UNREADABLE);
    }

    @Override
    public void open(SubjectRequest.Opened request, Duration deadline) throws JournalUnavailable {
        operate(deadline);
        requireRoom();
        requests.add(request);
        tape.add(new Tape.Happening.Requested(request));
    }

    @Override
    public void open(
            SubjectRequest.Opened request, SubjectRequest.CallBackDue callBack, Duration deadline)
            throws JournalUnavailable {
        open(request, deadline);
        callBacks.add(callBack);
    }

    @Override
    public int callBacksSince(Subject subject, Instant since, Duration deadline)
            throws JournalUnavailable {
        operate(deadline);
        return (int)
                callBacks.stream()
                        .filter(one -> one.subject().equals(subject))
                        .filter(one -> one.at().isAfter(since))
                        .count();
    }

    /** All that were ever asked for. */
    List<SubjectRequest.CallBackDue> callBacks() {
        return callBacks;
    }

    /** Nothing waits any more: as if each call back had failed. */
    void answerAll() {
        requests.clear();
    }

    @Override
    public List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
            throws JournalUnavailable {
        operate(deadline);
        return requests.stream().filter(request -> request.subject().equals(subject)).toList();
    }

    @Override
    public void open(Task.Opened task, Duration deadline) throws JournalUnavailable {
        operate(deadline);
        requireRoom();
        tasks.add(task);
        tape.add(new Tape.Happening.TaskLeft(task));
    }

    @Override
    public List<Task.Opened> open(Task.Kind kind, int limit, Duration deadline)
            throws JournalUnavailable {
        operate(deadline);
        return tasks.stream().filter(task -> task.kind() == kind).limit(limit).toList();
    }

    /** Where nothing else is said, a record is of this lineage. */
    private static String lineageOf(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given -> given.notice().id();
            case ConsentRecord.Withdrawn withdrawn -> withdrawn.lineage();
            case ConsentRecord.Expired expired -> expired.lineage();
            default -> TestNotices.LINEAGE;
        };
    }

    @Override
    public List<ConsentRecord> endedBy(Instant now, int limit) throws JournalUnavailable {
        operate(Duration.ofSeconds(1));
        return log.stream().filter(r -> endedAndNotSaid(r, now)).limit(limit).toList();
    }

    private boolean endedAndNotSaid(ConsentRecord record, Instant now) {
        Grant grant =
                switch (record) {
                    case ConsentRecord.Given given -> given.grant();
                    case ConsentRecord.Renewed again -> again.grant();
                    default -> null;
                };
        return grant != null
                && grant.until() != null
                && !now.isBefore(grant.until())
                && log.stream().noneMatch(r -> ends(r, record.id()));
    }

    private static boolean isConsent(ConsentRecord record) {
        return record instanceof ConsentRecord.Given || record instanceof ConsentRecord.Renewed;
    }

    private static boolean ends(ConsentRecord record, UUID grant) {
        return switch (record) {
            case ConsentRecord.Withdrawn withdrawn -> withdrawn.grant().equals(grant);
            case ConsentRecord.Expired expired -> expired.grant().equals(grant);
            case ConsentRecord.Given given -> grant.equals(given.supersedes());
            case ConsentRecord.Renewed again -> grant.equals(again.renews());
            default -> false;
        };
    }
}
