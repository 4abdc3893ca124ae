package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Immutable. What the law and the product say follows from what; pure. */
public final class ConsentRules {
    /**
     * How far our clock may have been set back since a consent was given. Beyond it we do not trust
     * the times and ask again.
     */
    static final Duration CLOCK_SET_BACK = Duration.ofMinutes(5);

    private final List<Level> levels;
    private final Notices notices;
    private final Period renewalWindow;
    private final ZoneId zone;

    /**
     * @param levels of the line
     * @param renewalWindow how long before its end a consent is asked for again
     */
    public ConsentRules(List<Level> levels, Notices notices, Period renewalWindow, ZoneId zone) {
        this.levels = List.copyOf(levels);
        this.notices = notices;
        this.renewalWindow = renewalWindow;
        this.zone = zone;
    }

    /**
     * One decision from the answers of a call, in the order the questions were asked. What was
     * agreed to before the first no, or the first missing answer, is kept; silence adds nothing.
     * Where the caller hung up, nothing is granted: there is nobody left to serve.
     */
    public Decision decide(List<Answer> answers) {
        var agreed = new LinkedHashSet<Purpose>();
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Agreed(Purpose purpose) -> agreed.add(purpose);
                case Answer.Chosen(Level level) -> agreed.addAll(level.purposes());
                case Answer.Declined() -> {
                    return agreed.isEmpty() ? new Decision.Refused() : given(agreed);
                }
                case Answer.Missing(Unclear why) -> {
                    return agreed.isEmpty() || endsAll(why)
                            ? new Decision.Unanswered(why)
                            : given(agreed);
                }
            }
        }
        return agreed.isEmpty() ? new Decision.Unanswered(Unclear.ERROR) : given(agreed);
    }

    private Decision given(Set<Purpose> agreed) {
        return new Decision.Given(Level.granted(levels, agreed));
    }

    private static boolean endsAll(Unclear why) {
        return switch (why) {
            case HANGUP_DURING_OPENING, HANGUP_DURING_QUESTION, ERROR -> true;
            case NO_INPUT, NO_MATCH, CONFLICT, PROMPT_INCOMPLETE -> false;
        };
    }

    /**
     * What of this agreement may hold for later calls: nothing that is asked in every call, and
     * only where the level lasts.
     */
    public Optional<Level> rememberable(Level granted) {
        return remembered(granted).filter(level -> level.validity() instanceof Validity.Lasting);
    }

    /** What of it the line still asks for; empty without the purpose that is asked for first. */
    private Optional<Level> remembered(Level granted) {
        var kept = new LinkedHashSet<>(Level.purposesOf(levels));
        Purpose first = kept.getFirst();
        kept.retainAll(granted.purposes());
        kept.removeIf(Purpose::everyCall);
        return kept.contains(first) ? Optional.of(Level.granted(levels, kept)) : Optional.empty();
    }

    /**
     * What is granted from now on.
     *
     * @param forLaterCalls whether the caller has agreed to that, too; else it ends with the call
     */
    public Grant grant(Level level, Instant now, boolean forLaterCalls, List<Evidence> evidence) {
        Validity validity =
                forLaterCalls
                        ? rememberable(level).map(Level::validity).orElseGet(Validity.ThisCall::new)
                        : new Validity.ThisCall();
        @Nullable Instant until = validity.until(now, zone).orElse(null);
        return new Grant(
                level.holding(validity),
                now,
                until,
                until == null ? null : renewalDue(now, until),
                evidence);
    }

    /**
     * What holds in a call in which a remembered consent was agreed to again.
     *
     * @param remembered what of it holds until {@code until}; the rest ends with the call
     */
    public Grant again(
            Level level, Instant now, Level remembered, Instant until, List<Evidence> evidence) {
        return new Grant(level.holding(remembered.validity()), now, until, null, evidence);
    }

    private Instant renewalDue(Instant from, Instant until) {
        Instant due = until.atZone(zone).minus(renewalWindow).toInstant();
        return due.isBefore(from) ? until : due;
    }

    /**
     * Where consent stands. The newest decision in the log counts, whatever the clock said; and a
     * withdrawal or an expiry that is written is never undone by a clock that goes backwards. What
     * held for one call only is no part of it, and a no ends nothing.
     *
     * @param history oldest first, as the log has it
     * @param current the notice in force
     */
    public ConsentStatus statusAt(Instant now, List<ConsentRecord> history, Notice current) {
        var refusals = new ArrayList<ConsentRecord.Refused>();
        for (ConsentRecord entry : history.reversed()) {
            switch (entry) {
                case ConsentRecord.Given(UUID id, _, CallFacts call, NoticeRef notice, var grant, _)
                        when lasts(call, grant) -> {
                    return of(new Remembered(id, notice, grant), refusals, now, history, current);
                }
                case ConsentRecord.Renewed(
                                UUID id,
                                _,
                                CallFacts call,
                                NoticeRef notice,
                                var grant,
                                _)
                        when lasts(call, grant) -> {
                    return of(new Remembered(id, notice, grant), refusals, now, history, current);
                }
                case ConsentRecord.Refused refused -> refusals.add(refused);
                case ConsentRecord.Given _,
                        ConsentRecord.Renewed _,
                        ConsentRecord.Reaffirmed _,
                        ConsentRecord.Withdrawn _,
                        ConsentRecord.Expired _,
                        ConsentRecord.Served _,
                        ConsentRecord.Unanswered _,
                        ConsentRecord.Used _,
                        ConsentRecord.PurposeDecided _,
                        ConsentRecord.AssistantOpened _,
                        ConsentRecord.AssistantCut _,
                        ConsentRecord.HolderNotified _ -> {}
            }
        }
        return new ConsentStatus.None();
    }

    /** Somebody who only claims a number cannot give the consent of its owner. */
    private static boolean lasts(CallFacts call, Grant grant) {
        return call.knownSubject() != null && grant.until() != null;
    }

    /** A consent for later calls, as the log has it. */
    private record Remembered(UUID record, NoticeRef notice, Grant grant) {}

    private ConsentStatus of(
            Remembered consent,
            List<ConsentRecord.Refused> since,
            Instant now,
            List<ConsentRecord> history,
            Notice current) {
        return ended(consent.record(), consent.grant(), history)
                .orElseGet(() -> {
                    ConsentStatus status = of(consent, now, current);
                    return since.stream().anyMatch(no -> concerns(no, consent.record()))
                            ? shared(status, consent.grant())
                            : status;
                });
    }

    /** Which consent somebody did not go on with; entries of earlier versions do not say. */
    private static boolean concerns(ConsentRecord.Refused no, UUID grant) {
        return no.call().knownSubject() != null
                && (no.inForce() == null || no.inForce().equals(grant));
    }

    /** Also where it would be asked for anew: a new text does not make one person of two. */
    private static ConsentStatus shared(ConsentStatus status, Grant given) {
        return switch (status) {
            case ConsentStatus.Valid(UUID grant, Level level, _) -> shared(grant, level, given);
            case ConsentStatus.RenewalDue(UUID grant, Level level, _) ->
                    shared(grant, level, given);
            case ConsentStatus.TextChanged(UUID grant, Level level) -> shared(grant, level, given);
            case ConsentStatus.PurposeAdded(UUID grant, Level level, _) ->
                    shared(grant, level, given);
            case ConsentStatus.None _,
                    ConsentStatus.Expired _,
                    ConsentStatus.Shared _,
                    ConsentStatus.Withdrawn _ ->
                    status;
        };
    }

    private static ConsentStatus shared(UUID record, Level level, Grant given) {
        return new ConsentStatus.Shared(record, level, Objects.requireNonNull(given.until()));
    }

    /** What the log says of the end of a grant, wherever it says so. */
    private Optional<ConsentStatus> ended(UUID record, Grant grant, List<ConsentRecord> history) {
        Optional<ConsentStatus> ended = Optional.empty();
        for (ConsentRecord entry : history) {
            if (entry instanceof ConsentRecord.Withdrawn w && w.grant().equals(record)) {
                return Optional.of(new ConsentStatus.Withdrawn(record, w.withdrawnAt()));
            }
            if (entry instanceof ConsentRecord.PurposeDecided p
                    && p.outcome() == ConsentRecord.PurposeDecided.Outcome.ENDED
                    && p.grant().equals(record)) {
                // Who ended a part of it is asked for all of it again.
                return Optional.of(new ConsentStatus.Withdrawn(record, p.at()));
            }
            if (entry instanceof ConsentRecord.Expired e && e.grant().equals(record)) {
                Instant until = grant.until() == null ? e.at() : grant.until();
                ended = Optional.of(new ConsentStatus.Expired(record, grant.level(), until));
            }
        }
        return ended;
    }

    private ConsentStatus of(Remembered consent, Instant now, Notice current) {
        UUID record = consent.record();
        Grant grant = consent.grant();
        @Nullable Level level = remembered(grant.level()).orElse(null);
        @Nullable Instant until = grant.until();
        @Nullable Instant due = grant.renewalDue();
        if (level == null
                || until == null
                || due == null
                || now.isBefore(grant.from().minus(CLOCK_SET_BACK))) {
            return new ConsentStatus.None();
        }
        if (!now.isBefore(until)) {
            return new ConsentStatus.Expired(record, level, until);
        }
        String version = consent.notice().version();
        if (!version.equals(current.version())
                && notices.materiallyChanged(current.id(), version, current.version())) {
            return new ConsentStatus.TextChanged(record, level);
        }
        SequencedSet<Purpose> added = added(grant);
        if (!added.isEmpty()) {
            return new ConsentStatus.PurposeAdded(record, level, added);
        }
        return now.isBefore(due)
                ? new ConsentStatus.Valid(record, level, until)
                : new ConsentStatus.RenewalDue(record, level, until);
    }

    /** What the preset has by now and was never asked for. */
    private SequencedSet<Purpose> added(Grant grant) {
        var added = new LinkedHashSet<Purpose>();
        levels.stream()
                .filter(level -> level.id().equals(grant.level().id()))
                .forEach(level -> added.addAll(level.purposes()));
        added.removeAll(grant.level().purposes());
        added.removeIf(Purpose::everyCall);
        added.removeIf(
                purpose -> grant.evidence().stream().anyMatch(e -> e.about().equals(purpose.id())));
        return added;
    }
}
