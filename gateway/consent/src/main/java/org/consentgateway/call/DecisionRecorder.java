package org.consentgateway.call;

import java.time.Instant;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalUnavailable;
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
        boolean known = call.facts().knownSubject() != null;
        Grant grant = call.rules().grant(level, now, known, asked.evidence());
        @Nullable UUID before = grantOf(status);
        DurableGrant durable =
                call.durably(() ->
                        before != null && renews(status, level)
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
        @Nullable Evidence agreed = grant.agreed();
        tell(asked, agreed == null ? Method.NONE : agreed.method());
        return durable;
    }

    /** A refusal needs no proof to be obeyed: the story goes on though the store may be down. */
    void refuse(Asking.Asked.Decided asked, ConsentStatus status) {
        tell(asked, asked.method());
        call.note(
                new ConsentRecord.Refused(
                        call.newId(),
                        call.now(),
                        call.facts(),
                        call.noticeRef(),
                        asked.evidence(),
                        grantOf(status)));
    }

    void leaveUnanswered(Unclear reason, Asking.Asked.Decided asked) {
        tell(asked, Method.NONE);
        call.note(call.unanswered(reason, asked.evidence()));
    }

    private void tell(Asking.Asked.Decided asked, Method method) {
        call.decided();
        call.tell(
                new CallEvent.Decided(
                        call.facts(), call.noticeRef(), asked.decision(), method, asked.took()));
    }

    /** The same level of the same text again, before or after its end. */
    static boolean renews(ConsentStatus status, Level level) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.level().id().equals(level.id());
            case ConsentStatus.RenewalDue due -> due.level().id().equals(level.id());
            case ConsentStatus.Expired expired -> expired.level().id().equals(level.id());
            case ConsentStatus.None _,
                    ConsentStatus.TextChanged _,
                    ConsentStatus.PurposeAdded _,
                    ConsentStatus.Withdrawn _ ->
                    false;
        };
    }

    /** Id of the record that gave the consent which a new decision replaces. */
    static @Nullable UUID grantOf(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.grant();
            case ConsentStatus.RenewalDue due -> due.grant();
            case ConsentStatus.Expired expired -> expired.grant();
            case ConsentStatus.TextChanged changed -> changed.grant();
            case ConsentStatus.PurposeAdded added -> added.grant();
            case ConsentStatus.None _, ConsentStatus.Withdrawn _ -> null;
        };
    }
}
