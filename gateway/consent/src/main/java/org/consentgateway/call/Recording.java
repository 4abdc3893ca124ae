package org.consentgateway.call;

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

import java.time.Instant;
import java.util.UUID;

/** Confined to the call's virtual thread. Writes what a caller decided, and what it replaces. */
final class Recording {
    private final Talk talk;

    Recording(Talk talk) {
        this.talk = talk;
    }

    /**
     * Returns only when the consent is on disk.
     *
     * @param status of this caller's consent before
     */
    DurableGrant give(Level level, Asking.Asked.Decided asked, ConsentStatus status)
            throws JournalUnavailable {
        Instant now = talk.now();
        boolean known = talk.facts().knownSubject() != null;
        Grant grant = talk.rules().grant(level, now, known, asked.evidence());
        @Nullable UUID before = grantOf(status);
        DurableGrant durable =
                talk.durably(() ->
                        before != null && renews(status, level)
                                ? talk.journal()
                                        .renew(
                                                new ConsentRecord.Renewed(
                                                        talk.newId(),
                                                        now,
                                                        talk.facts(),
                                                        talk.noticeRef(),
                                                        grant,
                                                        before))
                                : talk.journal()
                                        .give(
                                                new ConsentRecord.Given(
                                                        talk.newId(),
                                                        now,
                                                        talk.facts(),
                                                        talk.noticeRef(),
                                                        grant,
                                                        before)));
        @Nullable Evidence agreed = grant.agreed();
        tell(asked, agreed == null ? Method.NONE : agreed.method());
        return durable;
    }

    /** A refusal needs no proof to be obeyed: the story goes on though the store may be down. */
    void refuse(Asking.Asked.Decided asked, ConsentStatus status) {
        tell(asked, asked.method());
        talk.note(
                new ConsentRecord.Refused(
                        talk.newId(),
                        talk.now(),
                        talk.facts(),
                        talk.noticeRef(),
                        asked.evidence(),
                        grantOf(status)));
    }

    void leaveUnanswered(Unclear reason, Asking.Asked.Decided asked) {
        tell(asked, Method.NONE);
        talk.note(talk.unanswered(reason, asked.evidence()));
    }

    private void tell(Asking.Asked.Decided asked, Method method) {
        talk.decided();
        talk.tell(
                new CallEvent.Decided(
                        talk.facts(), talk.noticeRef(), asked.decision(), method, asked.took()));
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
