package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A consent of a number that has not ended, whatever notice it was given to, and whether
 * or not it could be used today: everything that there is to withdraw.
 *
 * @param lineage of the notice
 * @param level id
 * @param purposes of it
 * @param lasts whether it was given for later calls, too; else it is its speaker's own
 */
public record ConsentInForce(
        UUID grant, String lineage, String level, Set<Purpose> purposes, boolean lasts) {
    public ConsentInForce {
        purposes = Set.copyOf(purposes);
    }

    private static ConsentInForce of(UUID id, NoticeRef notice, Grant grant) {
        return new ConsentInForce(
                id,
                notice.id(),
                grant.level().id(),
                Set.copyOf(grant.level().purposes()),
                grant.until() != null);
    }

    /**
     * A consent for one call ends with its talk. Where the end was lost in a crash, it counts no
     * longer than any talk lasts.
     */
    private static final Duration LONGEST_TALK = Duration.ofHours(12);

    /**
     * Those of a number.
     *
     * @param complete false where there is something that cannot be read: it may be one, too
     */
    public record Found(List<ConsentInForce> consents, boolean complete) {
        public Found {
            consents = List.copyOf(consents);
        }
    }

    /**
     * @param history all records of the number
     */
    public static List<ConsentInForce> of(List<ConsentRecord> history, Instant now) {
        var ends = new Ends(history);
        return history.stream().flatMap(record -> of(record, ends, now)).toList();
    }

    /** The same without those that end with a call. */
    static List<ConsentInForce> lasting(List<ConsentRecord> history, Instant now) {
        return of(history.stream().filter(record -> !isForOneCall(record)).toList(), now);
    }

    private static boolean isForOneCall(ConsentRecord record) {
        return record instanceof ConsentRecord.Given given && given.grant().until() == null;
    }

    private static Stream<ConsentInForce> of(ConsentRecord record, Ends ends, Instant now) {
        return switch (record) {
            case ConsentRecord.Given given ->
                    of(given.id(), given.call(), given.notice(), given.grant(), ends, now);
            case ConsentRecord.Renewed again ->
                    of(again.id(), again.call(), again.notice(), again.grant(), ends, now);
            case ConsentRecord.Imported one ->
                    isInForce(one, now) && !ends.ended.contains(one.id())
                            ? Stream.of(of(one.id(), one.notice(), one.grant()))
                            : Stream.empty();
            case ConsentRecord.Served _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ ->
                    Stream.empty();
        };
    }

    private static boolean isInForce(ConsentRecord.Imported one, Instant now) {
        @Nullable Instant until = one.grant().until();
        return until != null && now.isBefore(until);
    }

    private static Stream<ConsentInForce> of(
            UUID id, CallFacts call, NoticeRef notice, Grant grant, Ends ends, Instant now) {
        boolean lasts =
                grant.until() == null
                        ? ends.talksSince(id, now.minus(LONGEST_TALK))
                        : now.isBefore(grant.until());
        return lasts && call.knownSubject() != null && !ends.ended.contains(id)
                ? Stream.of(of(id, notice, grant))
                : Stream.empty();
    }

    /** What the records say of ends. Confined to one look at them. */
    private static final class Ends {
        /** Consents that a later record has ended or replaced. */
        private final Set<UUID> ended = new HashSet<>();

        private final Set<UUID> cut = new HashSet<>();
        private final List<ConsentRecord.AssistantOpened> talks;

        Ends(List<ConsentRecord> history) {
            history.forEach(this::add);
            talks =
                    history.stream()
                            .filter(ConsentRecord.AssistantOpened.class::isInstance)
                            .map(ConsentRecord.AssistantOpened.class::cast)
                            .toList();
        }

        private void add(ConsentRecord record) {
            switch (record) {
                case ConsentRecord.Withdrawn withdrawn -> ended.add(withdrawn.grant());
                case ConsentRecord.Expired expired -> ended.add(expired.grant());
                case ConsentRecord.Renewed again -> ended.add(again.renews());
                case ConsentRecord.Given given -> replaced(given.supersedes());
                case ConsentRecord.AssistantCut cutOff -> cut.add(cutOff.grant());
                case ConsentRecord.Imported _,
                        ConsentRecord.Served _,
                        ConsentRecord.Reaffirmed _,
                        ConsentRecord.Refused _,
                        ConsentRecord.Unanswered _,
                        ConsentRecord.Used _,
                        ConsentRecord.AssistantOpened _,
                        ConsentRecord.PurposeDecided _,
                        ConsentRecord.HolderNotified _ -> {}
            }
        }

        private void replaced(@Nullable UUID grant) {
            if (grant != null) {
                ended.add(grant);
            }
        }

        boolean talksSince(UUID grant, Instant since) {
            return !cut.contains(grant)
                    && talks.stream()
                            .anyMatch(
                                    talk -> talk.grant().equals(grant) && talk.at().isAfter(since));
        }
    }
}
