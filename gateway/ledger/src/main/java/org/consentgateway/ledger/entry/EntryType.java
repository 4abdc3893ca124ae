package org.consentgateway.ledger.entry;

import java.util.Optional;

/** Immutable. What an entry of the log says has happened. */
public enum EntryType {
    /** A notice was played, wholly or not. */
    SERVED("Served"),
    GIVEN("Given"),
    REFUSED("Refused"),
    UNANSWERED("Unanswered"),
    WITHDRAWN("Withdrawn"),
    EXPIRED("Expired"),
    RENEWED("Renewed"),
    /** A consent that was given elsewhere: on the web, on paper. */
    IMPORTED("Imported"),
    /** Payloads were destroyed; says how many, never whose. */
    ERASED("Erased"),
    ASSISTANT_OPENED("AssistantOpened"),
    ASSISTANT_CUT("AssistantCut"),
    /** The node of a call was not heard of any more: another one says that it has ended. */
    CALL_LOST("CallLost"),
    /** One purpose in the middle of a talk: not granted, or ended while the talk went on. */
    PURPOSE_DECIDED("PurposeDecided"),
    /** Who was given data under a consent was told that it has ended (Art. 19 DSGVO). */
    HOLDER_NOTIFIED("HolderNotified"),
    /** Who holds data that was erased here, and has to be told; gone once that is done. */
    HOLDER_TO_TELL("HolderToTell"),
    /** A person has told a holder that a consent has ended, or that data was erased. */
    HOLDER_TOLD("HolderTold"),
    /** Whoever spoke agreed again to an earlier consent: moves the end of its retention, too. */
    REAFFIRMED("Reaffirmed"),
    /** A consent was relied on: moves the end of its retention (§ 7a Abs. 2 UWG). */
    USED("Used"),
    /** A caller asks for access or erasure (Art. 15 and 17 DSGVO); a person has to answer. */
    REQUEST_OPENED("RequestOpened"),
    REQUEST_APPROVED("RequestApproved"),
    REQUEST_REFUSED("RequestRefused"),
    /** More time is taken to answer, and the person was told why (Art. 12(3) DSGVO). */
    REQUEST_EXTENDED("RequestExtended"),
    /** Who asked is to be called back, to confirm it; holds the number for some days. */
    CALL_BACK_DUE("CallBackDue"),
    /** The number is called now: once for each request. */
    CALL_BACK_PLACED("CallBackPlaced"),
    /** Who took the call back has confirmed the request by a key. */
    REQUEST_CONFIRMED("RequestConfirmed"),
    /** The call back did not confirm it: nothing comes of the request. */
    REQUEST_UNCONFIRMED("RequestUnconfirmed"),
    /** A caller leaves something for a person to do: to call back, a complaint. */
    TASK_OPENED("TaskOpened"),
    TASK_CLOSED("TaskClosed"),
    /** Somebody may ask over the API from now on; holds a hash of the key. */
    KEY_ISSUED("KeyIssued"),
    KEY_REVOKED("KeyRevoked"),
    /** Somebody has read or changed something over the API: who, what, of which consents. */
    ACCESSED("Accessed"),
    /** Somebody who may not has tried to. */
    ACCESS_REFUSED("AccessRefused"),
    /** A caller is a customer whom other systems call so. */
    SUBJECT_REFERENCED("SubjectReferenced"),
    /** A customer's monthly report is about to be sent; noted before it is. */
    REPORT_DUE("ReportDue"),
    /** What a mail server has said to it. */
    REPORT_SENT("ReportSent"),
    /** Another key signs the log from here on; signed by both. */
    SIGNING_KEY_ROTATED("SigningKeyRotated"),
    /** Nothing that this key alone has signed is believed any more. */
    SIGNING_KEY_REVOKED("SigningKeyRevoked"),
    /** An old backup was restored: this log continues another one, of which entries are missing. */
    LOG_RESUMED("LogResumed"),
    /** The first entries of a log stand in the archive: of what is erased the rows may go. */
    LOG_ARCHIVED("LogArchived"),
    /** A person has looked at what a witness said against a log: who, and what it was. */
    WITNESS_CONFLICT_RESOLVED("WitnessConflictResolved");

    private final String text;

    EntryType(String text) {
        this.text = text;
    }

    /** What later entries may end. */
    public boolean isConsent() {
        return this == GIVEN || this == RENEWED || this == IMPORTED;
    }

    /** What ends the consent that it refers to, replaces it, takes a purpose of it or says no. */
    public boolean isEnding() {
        return switch (this) {
            case GIVEN, RENEWED, REFUSED, WITHDRAWN, EXPIRED, PURPOSE_DECIDED -> true;
            default -> false;
        };
    }

    /** As written in the log, such as "AssistantOpened". */
    public String text() {
        return text;
    }

    public static Optional<EntryType> of(String text) {
        for (EntryType type : values()) {
            if (type.text.equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
