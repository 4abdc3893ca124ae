package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
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
     * @param levels of the line, the most data-sparing first
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
    public static Decision decide(List<Answer> answers) {
        @Nullable Level agreed = null;
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Agreed(Level level) -> agreed = level;
                case Answer.Declined() -> {
                    return agreed == null ? new Decision.Refused() : new Decision.Given(agreed);
                }
                case Answer.Missing(Unclear why) -> {
                    return agreed == null || endsAll(why)
                            ? new Decision.Unanswered(why)
                            : new Decision.Given(agreed);
                }
            }
        }
        return agreed == null ? new Decision.Unanswered(Unclear.ERROR) : new Decision.Given(agreed);
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
     * Where consent stands. Order in the log counts, not the clock: a withdrawal or an expiry that
     * is written is never undone by a clock that goes backwards.
     *
     * @param history oldest first, as the log has it
     * @param current the notice in force
     */
    public ConsentStatus statusAt(Instant now, List<ConsentRecord> history, Notice current) {
        ConsentStatus status = new ConsentStatus.None();
        for (ConsentRecord entry : history) {
            status = after(status, entry, now, current);
        }
        return status;
    }

    private ConsentStatus after(
            ConsentStatus before, ConsentRecord entry, Instant now, Notice current) {
        return switch (entry) {
            case ConsentRecord.Given given ->
                    of(given.id(), given.notice(), given.grant(), now, current);
            case ConsentRecord.Renewed again ->
                    of(again.id(), again.notice(), again.grant(), now, current);
            case ConsentRecord.Refused refused ->
                    refused.supersedes() == null ? before : new ConsentStatus.None();
            case ConsentRecord.Withdrawn withdrawn ->
                    names(before, withdrawn.grant())
                            ? new ConsentStatus.Withdrawn(
                                    withdrawn.grant(), withdrawn.withdrawnAt())
                            : before;
            case ConsentRecord.Expired expired ->
                    names(before, expired.grant()) ? expired(before, expired) : before;
            case ConsentRecord.Erased _ -> new ConsentStatus.None();
            case ConsentRecord.Served _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _ ->
                    before;
        };
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
            return new ConsentStatus.Expired(record, level, until, false);
        }
        if (!given.version().equals(current.version())
                && notices.materiallyChanged(current.id(), given.version(), current.version())) {
            return new ConsentStatus.TextChanged(record, level);
        }
        SortedSet<Purpose> added = new TreeSet<>(level.purposes());
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

    private static ConsentStatus expired(ConsentStatus before, ConsentRecord.Expired entry) {
        return switch (before) {
            case ConsentStatus.Valid(UUID grant, Level level, Instant until) ->
                    new ConsentStatus.Expired(grant, level, until, true);
            case ConsentStatus.RenewalDue(UUID grant, Level level, Instant until) ->
                    new ConsentStatus.Expired(grant, level, until, true);
            case ConsentStatus.Expired(UUID grant, Level level, Instant until, _) ->
                    new ConsentStatus.Expired(grant, level, until, true);
            case ConsentStatus.TextChanged(UUID grant, Level level) ->
                    new ConsentStatus.Expired(grant, level, entry.at(), true);
            case ConsentStatus.PurposeAdded(UUID grant, Level level, _) ->
                    new ConsentStatus.Expired(grant, level, entry.at(), true);
            case ConsentStatus.None _, ConsentStatus.Withdrawn _ -> before;
        };
    }

    private static boolean names(ConsentStatus status, UUID record) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.grant().equals(record);
            case ConsentStatus.RenewalDue due -> due.grant().equals(record);
            case ConsentStatus.Expired expired -> expired.grant().equals(record);
            case ConsentStatus.TextChanged changed -> changed.grant().equals(record);
            case ConsentStatus.PurposeAdded added -> added.grant().equals(record);
            case ConsentStatus.Withdrawn withdrawn -> withdrawn.grant().equals(record);
            case ConsentStatus.None _ -> false;
        };
    }
}
