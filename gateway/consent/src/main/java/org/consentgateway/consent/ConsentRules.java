package org.consentgateway.consent;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the answers of a call: the decision, and what is granted by it. Immutable.
 * Whether an earlier consent still holds is {@link ConsentValidity}'s to say.
 */
public final class ConsentRules {
    private final List<Level> levels;
    private final Period renewalWindow;
    private final ZoneId zone;

    /**
     * @param levels of the line
     * @param renewalWindow how long before its end a consent is asked for again
     */
    public ConsentRules(List<Level> levels, Period renewalWindow, ZoneId zone) {
        this.levels = List.copyOf(levels);
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
        return Level.remembered(levels, granted)
                .filter(level -> level.validity() instanceof ValidityPeriod.Lasting);
    }

    /**
     * What is granted from now on.
     *
     * @param forLaterCalls whether the caller has agreed to that, too; else it ends with the call
     */
    public Grant grant(Level level, Instant now, boolean forLaterCalls, List<Evidence> evidence) {
        ValidityPeriod validity =
                forLaterCalls
                        ? rememberable(level)
                                .map(Level::validity)
                                .orElseGet(ValidityPeriod.ThisCall::new)
                        : new ValidityPeriod.ThisCall();
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
}
