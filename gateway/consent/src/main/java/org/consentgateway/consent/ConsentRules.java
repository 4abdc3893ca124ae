package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    /** What is granted from now on; a caller we cannot know again grants for this call only. */
    public Grant grant(Level level, Instant now, boolean knownCaller, List<Evidence> evidence) {
        if (!knownCaller) {
            return new Grant(level, now, null, null, evidence);
        }
        @Nullable Instant until = level.validity().until(now, zone).orElse(null);
        return new Grant(
                level, now, until, until == null ? null : renewalDue(now, until), evidence);
    }

    private Instant renewalDue(Instant from, Instant until) {
        Instant due = until.atZone(zone).minus(renewalWindow).toInstant();
        return due.isBefore(from) ? until : due;
    }

    /**
     * Where consent stands. The newest decision in the log counts, whatever the clock said; and a
     * withdrawal or an expiry that is written is never undone by a clock that goes backwards.
     *
     * @param history oldest first, as the log has it
     * @param current the notice in force
     */
    public ConsentStatus statusAt(Instant now, List<ConsentRecord> history, Notice current) {
        return switch (newestDecision(history)) {
            case ConsentRecord.Given(UUID id, _, _, NoticeRef notice, Grant grant, _) ->
                    ended(id, grant, history).orElseGet(() -> of(id, notice, grant, now, current));
            case ConsentRecord.Renewed(UUID id, _, _, NoticeRef notice, Grant grant, _) ->
                    ended(id, grant, history).orElseGet(() -> of(id, notice, grant, now, current));
            case null -> new ConsentStatus.None();
            case ConsentRecord.Refused _,
                    ConsentRecord.Erased _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _,
                    ConsentRecord.Served _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _ ->
                    new ConsentStatus.None();
        };
    }

    private static @Nullable ConsentRecord newestDecision(List<ConsentRecord> history) {
        return history.reversed().stream().filter(ConsentRules::decides).findFirst().orElse(null);
    }

    /** Somebody who only claims a number can neither give nor end the consent of its owner. */
    private static boolean decides(ConsentRecord entry) {
        return switch (entry) {
            case ConsentRecord.Given given -> given.call().knownSubject() != null;
            case ConsentRecord.Renewed again -> again.call().knownSubject() != null;
            case ConsentRecord.Refused refused -> refused.call().knownSubject() != null;
            case ConsentRecord.Erased _ -> true;
            case ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _,
                    ConsentRecord.Served _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _ ->
                    false;
        };
    }

    /** What the log says of the end of a grant, wherever it says so. */
    private Optional<ConsentStatus> ended(UUID record, Grant grant, List<ConsentRecord> history) {
        Optional<ConsentStatus> ended = Optional.empty();
        for (ConsentRecord entry : history) {
            if (entry instanceof ConsentRecord.Withdrawn w && w.grant().equals(record)) {
                return Optional.of(new ConsentStatus.Withdrawn(record, w.withdrawnAt()));
            }
            if (entry instanceof ConsentRecord.Expired e && e.grant().equals(record)) {
                Instant until = grant.until() == null ? e.at() : grant.until();
                ended = Optional.of(new ConsentStatus.Expired(record, grant.level(), until));
            }
        }
        return ended;
    }

    private ConsentStatus of(
            UUID record, NoticeRef given, Grant grant, Instant now, Notice current) {
        @Nullable Level level = configured(grant.level());
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
        if (!given.version().equals(current.version())
                && notices.materiallyChanged(current.id(), given.version(), current.version())) {
            return new ConsentStatus.TextChanged(record, level);
        }
        var added = new LinkedHashSet<>(level.purposes());
        added.removeAll(grant.level().purposes());
        if (!added.isEmpty()) {
            return new ConsentStatus.PurposeAdded(record, level, added);
        }
        return now.isBefore(due)
                ? new ConsentStatus.Valid(record, level, until)
                : new ConsentStatus.RenewalDue(record, level, until);
    }

    private @Nullable Level configured(Level granted) {
        return levels.stream().filter(l -> l.id().equals(granted.id())).findFirst().orElse(null);
    }
}
