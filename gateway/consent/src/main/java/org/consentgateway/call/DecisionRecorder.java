package org.consentgateway.call;

import java.time.Instant;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.Standing;
import org.jspecify.annotations.Nullable;

/** Confined to the call's virtual thread. Writes what a caller decided, and what it replaces. */
final class DecisionRecorder {
    private final CallInProgress call;

    DecisionRecorder(CallInProgress call) {
        this.call = call;
    }

    /**
     * Returns only when the consent is on disk.
     *
     * @param status of this caller's consent before
     */
    DurableGrant give(Level level, Asking.Asked.Decided asked, ConsentStatus status)
            throws JournalUnavailable {
        Instant now = call.now();
        Grant grant = call.rules().grant(level, now, asked.forLaterCalls(), asked.evidence());
        // What holds for this call only replaces nothing that is stored.
        @Nullable UUID before = asked.forLaterCalls() ? grantOf(status) : null;
        DurableGrant durable =
                call.durably(() ->
                        before != null && renews(status, level, asked)
                                ? call.journal()
                                        .renew(
                                                new ConsentRecord.Renewed(
                                                        call.newId(),
                                                        now,
                                                        call.facts(),
                                                        call.noticeRef(),
                                                        grant,
                                                        before))
                                : call.journal()
                                        .give(
                                                new ConsentRecord.Given(
                                                        call.newId(),
                                                        now,
                                                        call.facts(),
                                                        call.noticeRef(),
                                                        grant,
                                                        before)));
        if (before != null) {
            call.inForce().remove(before);
        }
        call.inForce().add(durable.record(), call.notice().id(), level);
        call.shownBy(asked.evidence());
        @Nullable Evidence agreed = grant.agreed();
        tell(asked, agreed == null ? Method.NONE : agreed.method());
        return durable;
    }

    /**
     * Returns only when it is on disk.
     *
     * @param level what was agreed to in this call
     * @param standing in which a consent is remembered
     */
    DurableGrant reaffirm(Level level, Asking.Asked.Decided asked, Standing standing)
            throws JournalUnavailable {
        ConsentRecord.Reaffirmed again =
                switch (standing.status()) {
                    case ConsentStatus.Valid(UUID grant, Level kept, Instant until) ->
                            again(grant, again(level, kept, until, asked));
                    case ConsentStatus.RenewalDue(UUID grant, Level kept, Instant until) ->
                            again(grant, again(level, kept, until, asked));
                    case ConsentStatus.None _,
                            ConsentStatus.Expired _,
                            ConsentStatus.TextChanged _,
                            ConsentStatus.PurposeAdded _,
                            ConsentStatus.Shared _,
                            ConsentStatus.Withdrawn _ ->
                            throw new IllegalArgumentException("none is remembered: " + standing);
                };
        DurableGrant durable = call.durably(() -> call.journal().reaffirm(again, standing));
        call.inForce().add(durable.record(), call.notice().id(), level);
        call.shownBy(asked.evidence());
        call.decided();
        call.tell(new CallEvent.Reaffirmed(call.facts(), level.id(), asked.method()));
        return durable;
    }

    private Grant again(Level level, Level kept, Instant until, Asking.Asked.Decided asked) {
        return call.rules().again(level, call.now(), kept, until, asked.evidence());
    }

    private ConsentRecord.Reaffirmed again(UUID reaffirms, Grant grant) {
        return new ConsentRecord.Reaffirmed(
                call.newId(), grant.from(), call.facts(), call.noticeRef(), grant, reaffirms);
    }

    /**
     * A refusal needs no proof to be obeyed: the story goes on though the store may be down. What
     * it is said to is looked up again just before: it may have been agreed to in another call
     * while we spoke, or the store could not say what there is when this one began.
     *
     * @param before what the store knew of this caller then; null where it knew nothing
     */
    void refuse(Asking.Asked.Decided asked, @Nullable Standing before) {
        tell(asked, asked.method());
        @Nullable Subject subject = call.facts().knownSubject();
        @Nullable Standing now;
        try {
            now = subject == null ? null : call.standingNow(subject);
        } catch (JournalUnavailable e) {
            call.noteLater(refused(asked, before));
            return;
        }
        call.note(refused(asked, now));
    }

    private ConsentRecord.Refused refused(Asking.Asked.Decided asked, @Nullable Standing standing) {
        return new ConsentRecord.Refused(
                call.newId(),
                call.now(),
                call.facts(),
                call.noticeRef(),
                asked.evidence(),
                standing == null ? null : inForce(standing.found()));
    }

    void leaveUnanswered(Unclear reason, Asking.Asked.Decided asked) {
        tell(asked, Method.NONE);
        call.note(call.unanswered(reason, asked.evidence()));
    }

    private void tell(Asking.Asked.Decided asked, Method method) {
        call.decided();
        call.tell(
                new CallEvent.Decided(
                        call.facts(),
                        call.noticeRef(),
                        call.known(),
                        asked.decision(),
                        method,
                        asked.took()));
    }

    /** The same level of the same text again, before or after its end. */
    static boolean renews(ConsentStatus status, Level level, Asking.Asked.Decided asked) {
        return asked.forLaterCalls()
                && switch (status) {
                    case ConsentStatus.RenewalDue _ -> true;
                    case ConsentStatus.Expired expired -> expired.level().id().equals(level.id());
                    case ConsentStatus.None _,
                            ConsentStatus.Valid _,
                            ConsentStatus.TextChanged _,
                            ConsentStatus.PurposeAdded _,
                            ConsentStatus.Shared _,
                            ConsentStatus.Withdrawn _ ->
                            false;
                };
    }

    /** Id of the record that gave the consent which a new decision may replace. */
    static @Nullable UUID grantOf(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.grant();
            case ConsentStatus.RenewalDue due -> due.grant();
            case ConsentStatus.Expired expired -> expired.grant();
            case ConsentStatus.TextChanged changed -> changed.grant();
            case ConsentStatus.PurposeAdded added -> added.grant();
            case ConsentStatus.Shared shared -> shared.grant();
            case ConsentStatus.None _, ConsentStatus.Withdrawn _ -> null;
        };
    }

    /** Id of the record of the consent that is remembered for this number. */
    private static @Nullable UUID inForce(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.grant();
            case ConsentStatus.RenewalDue due -> due.grant();
            case ConsentStatus.Shared shared -> shared.grant();
            case ConsentStatus.None _,
                    ConsentStatus.Expired _,
                    ConsentStatus.TextChanged _,
                    ConsentStatus.PurposeAdded _,
                    ConsentStatus.Withdrawn _ ->
                    null;
        };
    }
}
