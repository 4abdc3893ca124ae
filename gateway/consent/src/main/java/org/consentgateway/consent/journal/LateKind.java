package org.consentgateway.consent.journal;

import org.consentgateway.consent.ConsentRecord;

/**
 * What a record that waits for the store is about, the most urgent first. Each has places of its
 * own: whatever many callers can bring about by a key takes none of a withdrawal.
 */
public enum LateKind {
    /** The end of a consent, or of a part of it. */
    WITHDRAWAL,

    /** A grant that may have reached the store too late to count, or its end. */
    GRANT_TAKEN_BACK,

    /** A no beside a consent of that number: it marks the number as shared. */
    REFUSAL,

    /** What changes nothing for any other call: also any other no, which is stored unnamed. */
    OTHER;

    /** Of this record. */
    public static LateKind of(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Withdrawn end ->
                    end.reason() == ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE
                            ? GRANT_TAKEN_BACK
                            : WITHDRAWAL;
            case ConsentRecord.PurposeDecided decided -> decided.ends() ? WITHDRAWAL : OTHER;
            case ConsentRecord.Given _, ConsentRecord.Renewed _ -> GRANT_TAKEN_BACK;
            case ConsentRecord.Refused no -> no.inForce() == null ? OTHER : REFUSAL;
            case ConsentRecord.Imported _,
                    ConsentRecord.Served _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Expired _ ->
                    OTHER;
        };
    }

    /** Whether other machines rely on a consent too long until they know of it. */
    public boolean endsAnything() {
        return this != OTHER;
    }

    /** Whether another node may tell it: one of an earlier version tells of every no. */
    public static boolean mayBeTold(ConsentRecord record) {
        return of(record).endsAnything() || record instanceof ConsentRecord.Refused;
    }
}
