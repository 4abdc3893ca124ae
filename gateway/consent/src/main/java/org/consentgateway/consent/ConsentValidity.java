package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a consent of an earlier call still holds, and why not. Immutable. */
public final class ConsentValidity {
    /**
     * How far our clock may have been set back since a consent was given. Beyond it we do not trust
     * the times and ask again.
     */
    static final Duration CLOCK_SET_BACK = Duration.ofMinutes(5);

    private final List<Level> levels;
    private final Notices notices;

    /**
     * @param levels of the line
     */
    public ConsentValidity(List<Level> levels, Notices notices) {
        this.levels = List.copyOf(levels);
        this.notices = notices;
    }

    /**
     * Where consent stands. The newest decision in the log counts, whatever the clock said; and a
     * withdrawal or an expiry that is written is never undone by a clock that goes backwards, nor
     * is what was replaced ever in force again where the clocks of two nodes differ. What held for
     * one call only is no part of it, and a no ends nothing.
     *
     * @param now what has not ended by then marks a number as shared
     * @param latest what has ended by then is not used: not before {@code now}
     * @param history oldest first, as the log has it
     * @param current the notice in force
     */
    public ConsentStatus statusAt(
            Instant now, Instant latest, List<ConsentRecord> history, Notice current) {
        return deciding(history, now)
                .map(newest -> of(newest, latest, history, current))
                .orElseGet(ConsentStatus.None::new);
    }

    /**
     * Whether this history lets a call rely on a consent: it is the one that decides, nothing has
     * ended it, and nobody said no while it held. What the line asks for by then, in which words
     * and at what time, decides besides.
     */
    public static boolean isReliedOn(UUID consent, List<ConsentRecord> history, Instant now) {
        return deciding(history, now)
                .filter(newest -> newest.consent().record().equals(consent))
                .filter(newest -> ended(consent, newest.consent().grant(), history).isEmpty())
                .filter(newest -> !newest.shared())
                .isPresent();
    }

    /**
     * The consent for later calls that counts, if any does.
     *
     * @param shared whether somebody said no on this number while it may have held
     */
    private record Deciding(Remembered consent, boolean shared) {}

    private static Optional<Deciding> deciding(List<ConsentRecord> history, Instant now) {
        Set<UUID> replaced = replaced(history);
        @Nullable Remembered newest = null;
        var refusals = new ArrayList<ConsentRecord.Refused>();
        for (ConsentRecord entry : history.reversed()) {
            newest = given(entry, replaced);
            if (newest != null) {
                break;
            }
            if (entry instanceof ConsentRecord.Refused refused) {
                refusals.add(refused);
            }
        }
        @Nullable Remembered elsewhere = elsewhere(history, replaced, newest);
        if (elsewhere != null) {
            return Optional.of(
                    new Deciding(elsewhere, isMarked(elsewhere, history, replaced, now)));
        }
        return newest == null
                ? Optional.empty()
                : Optional.of(new Deciding(newest, isRefused(newest.record(), history, refusals)));
    }

    /** What a call gave for later calls; null where it is no such thing. */
    private static @Nullable Remembered given(ConsentRecord entry, Set<UUID> replaced) {
        return switch (entry) {
            case ConsentRecord.Given(UUID id, _, CallFacts call, NoticeRef notice, var grant, _) ->
                    lasts(call, grant) && !replaced.contains(id)
                            ? new Remembered(id, notice, grant)
                            : null;
            case ConsentRecord.Renewed(
                            UUID id,
                            _,
                            CallFacts call,
                            NoticeRef notice,
                            var grant,
                            _) ->
                    lasts(call, grant) && !replaced.contains(id)
                            ? new Remembered(id, notice, grant)
                            : null;
            case ConsentRecord.Imported _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _,
                    ConsentRecord.Served _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _ ->
                    null;
        };
    }

    /**
     * A consent that was given elsewhere after what was given in calls, and after which nothing was
     * withdrawn: an old form that is found in a drawer brings nothing back. When it was given
     * counts, not when it was taken over.
     */
    private static @Nullable Remembered elsewhere(
            List<ConsentRecord> history, Set<UUID> replaced, @Nullable Remembered inCall) {
        @Nullable Remembered newest = null;
        for (ConsentRecord entry : history) {
            if (entry instanceof ConsentRecord.Imported one
                    && one.origin().counts()
                    && !replaced.contains(one.id())
                    && (inCall == null || isAfter(one.grant(), inCall.grant()))
                    && (newest == null || isAfter(one.grant(), newest.grant()))
                    && !withdrawnSince(one, history)) {
                newest = new Remembered(one.id(), one.notice(), one.grant());
            }
        }
        return newest;
    }

    private static boolean isAfter(Grant one, Grant other) {
        return one.from().isAfter(other.from());
    }

    /**
     * Whether anything else was withdrawn, or a purpose of it ended, since this was given
     * elsewhere.
     */
    public static boolean withdrawnSince(ConsentRecord.Imported one, List<ConsentRecord> history) {
        return history.stream()
                .anyMatch(entry ->
                        switch (entry) {
                            case ConsentRecord.Withdrawn end ->
                                    !end.grant().equals(one.id())
                                            && !end.withdrawnAt().isBefore(one.grant().from());
                            case ConsentRecord.PurposeDecided part ->
                                    part.outcome() == ConsentRecord.PurposeDecided.Outcome.ENDED
                                            && !part.at().isBefore(one.grant().from());
                            default -> false;
                        });
    }

    /**
     * Whether somebody said no beside a consent that was given elsewhere. The no names what was
     * remembered then, which need not be this one: it came here later. What it says of the number
     * holds since this one was given, and as long as what it names does.
     */
    private static boolean isMarked(
            Remembered elsewhere, List<ConsentRecord> history, Set<UUID> replaced, Instant now) {
        return history.stream()
                .filter(ConsentRecord.Refused.class::isInstance)
                .map(ConsentRecord.Refused.class::cast)
                .filter(no -> no.call().knownSubject() != null)
                .anyMatch(no -> {
                    @Nullable UUID beside = no.inForce();
                    return beside != null
                            && (!no.at().isBefore(elsewhere.grant().from())
                                    || holds(beside, history, replaced, now));
                });
    }

    /** Whether a consent for later calls was not replaced, and has neither ended nor run out. */
    private static boolean holds(
            UUID consent, List<ConsentRecord> history, Set<UUID> replaced, Instant now) {
        return !replaced.contains(consent)
                && history.stream()
                        .filter(entry -> entry.id().equals(consent))
                        .flatMap(entry -> Stream.ofNullable(remembered(entry, replaced)))
                        .map(Remembered::grant)
                        .filter(grant -> grant.until() != null && now.isBefore(grant.until()))
                        .anyMatch(grant -> ended(consent, grant, history).isEmpty());
    }

    private static @Nullable Remembered remembered(ConsentRecord entry, Set<UUID> replaced) {
        return entry instanceof ConsentRecord.Imported one
                ? new Remembered(one.id(), one.notice(), one.grant())
                : given(entry, replaced);
    }

    /** Consents for later calls in whose place another one came. */
    private static Set<UUID> replaced(List<ConsentRecord> history) {
        var replaced = new HashSet<UUID>();
        for (ConsentRecord entry : history) {
            if (entry instanceof ConsentRecord.Given given
                    && given.supersedes() != null
                    && lasts(given.call(), given.grant())) {
                replaced.add(given.supersedes());
            }
            if (entry instanceof ConsentRecord.Renewed again
                    && lasts(again.call(), again.grant())) {
                replaced.add(again.renews());
            }
        }
        return replaced;
    }

    /** Somebody who only claims a number cannot give the consent of its owner. */
    private static boolean lasts(CallFacts call, Grant grant) {
        return call.knownSubject() != null && grant.until() != null;
    }

    /** A consent for later calls, as the log has it. */
    private record Remembered(UUID record, NoticeRef notice, Grant grant) {}

    private ConsentStatus of(
            Deciding deciding, Instant now, List<ConsentRecord> history, Notice current) {
        Remembered consent = deciding.consent();
        return ended(consent.record(), consent.grant(), history)
                .orElseGet(() -> {
                    ConsentStatus status = of(consent, now, current);
                    return deciding.shared() ? shared(status, consent.grant()) : status;
                });
    }

    /**
     * Which consent somebody did not go on with, wherever that stands: by the clocks of two nodes
     * it may be before the consent. Entries of earlier versions do not say which.
     *
     * @param since what was refused behind it
     */
    private static boolean isRefused(
            UUID given, List<ConsentRecord> history, List<ConsentRecord.Refused> since) {
        return history.stream()
                .filter(ConsentRecord.Refused.class::isInstance)
                .map(ConsentRecord.Refused.class::cast)
                .filter(no -> no.call().knownSubject() != null)
                .anyMatch(no ->
                        given.equals(no.inForce()) || (no.inForce() == null && since.contains(no)));
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
    private static Optional<ConsentStatus> ended(
            UUID record, Grant grant, List<ConsentRecord> history) {
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
            if (endsMore(entry, record, grant, history)) {
                return Optional.of(new ConsentStatus.Withdrawn(record, entry.at()));
            }
            if (entry instanceof ConsentRecord.Expired e && e.grant().equals(record)) {
                Instant until = grant.until() == null ? e.at() : grant.until();
                ended = Optional.of(new ConsentStatus.Expired(record, grant.level(), until));
            }
        }
        return ended;
    }

    /**
     * Whoever withdraws withdraws all that was agreed to until then, also what the entry does not
     * name: the store may not have said that there is more. Who ends one purpose ends it in what
     * has come in the place of that consent, too.
     */
    private static boolean endsMore(
            ConsentRecord entry, UUID record, Grant grant, List<ConsentRecord> history) {
        return switch (entry) {
            case ConsentRecord.Withdrawn end ->
                    end.reason() != ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE
                            && end.withdrawnAt().isAfter(grant.from())
                            && (end.call() == null || end.call().knownSubject() != null)
                            && concerns(end, grant, history);
            case ConsentRecord.PurposeDecided part ->
                    part.ends()
                            && part.at().isAfter(grant.from())
                            && grant.level().purposes().contains(part.purpose())
                            && hasReplaced(record, part.grant(), history);
            default -> false;
        };
    }

    /** Whether it came in the place of the other one, be it by way of a third. */
    private static boolean hasReplaced(UUID record, UUID other, List<ConsentRecord> history) {
        UUID consent = record;
        for (ConsentRecord entry : history.reversed()) {
            if (entry.id().equals(consent)) {
                UUID before =
                        switch (entry) {
                            case ConsentRecord.Given given -> given.supersedes();
                            case ConsentRecord.Renewed again -> again.renews();
                            default -> null;
                        };
                if (before == null || before.equals(other)) {
                    return before != null;
                }
                consent = before;
            }
        }
        return false;
    }

    /**
     * Whether what was withdrawn was this caller's and has a purpose in common with the other; of
     * what is not there it is not known.
     */
    private static boolean concerns(
            ConsentRecord.Withdrawn end, Grant grant, List<ConsentRecord> history) {
        return history.stream()
                .filter(entry -> entry.id().equals(end.grant()))
                .allMatch(entry ->
                        switch (entry) {
                            case ConsentRecord.Given one ->
                                    one.call().knownSubject() != null && meet(one.grant(), grant);
                            case ConsentRecord.Renewed one ->
                                    one.call().knownSubject() != null && meet(one.grant(), grant);
                            case ConsentRecord.Imported one -> meet(one.grant(), grant);
                            default -> true;
                        });
    }

    private static boolean meet(Grant one, Grant other) {
        return !Collections.disjoint(one.level().purposes(), other.level().purposes());
    }

    private ConsentStatus of(Remembered consent, Instant now, Notice current) {
        UUID record = consent.record();
        Grant grant = consent.grant();
        @Nullable Level level = Level.remembered(levels, grant.level()).orElse(null);
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
