package org.consentgateway.consent;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Immutable. Everything that is ever written about a consent: one ledger entry each. */
public sealed interface ConsentRecord {

    /** UUIDv7, minted before the record is written, so that a repeated append can be told. */
    UUID id();

    Instant at();

    /** The caller it is about; null where unknown. */
    @Nullable Subject subject();

    /** Records that stem from a call. */
    sealed interface OfCall extends ConsentRecord {
        CallFacts call();

        @Override
        default @Nullable Subject subject() {
            return call().subject();
        }
    }

    /** A notice was played, wholly or not. */
    record Served(
            UUID id, Instant at, CallFacts call, NoticeRef notice, String part, Playing playing)
            implements OfCall {}

    /**
     * @param supersedes the grant that this one replaces
     */
    record Given(
            UUID id,
            Instant at,
            CallFacts call,
            NoticeRef notice,
            Grant grant,
            @Nullable UUID supersedes)
            implements OfCall {}

    /** The same level was agreed to again, before or after its end. */
    record Renewed(UUID id, Instant at, CallFacts call, NoticeRef notice, Grant grant, UUID renews)
            implements OfCall {}

    /**
     * A no in this call. It ends nothing that is stored: whoever said it need not be the one who
     * agreed before.
     *
     * @param inForce the remembered consent of this number that held then; null without one
     */
    record Refused(
            UUID id,
            Instant at,
            CallFacts call,
            NoticeRef notice,
            List<Evidence> evidence,
            @Nullable UUID inForce)
            implements OfCall {
        public Refused {
            evidence = List.copyOf(evidence);
        }
    }

    record Unanswered(
            UUID id,
            Instant at,
            CallFacts call,
            NoticeRef notice,
            Unclear reason,
            List<Evidence> evidence)
            implements OfCall {
        public Unanswered {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * Whoever speaks now has agreed again to what was agreed to in an earlier call.
     *
     * @param grant what holds in this call: what is remembered until then, and what was agreed to
     *     besides for this call
     * @param reaffirms the record of the earlier call
     */
    record Reaffirmed(
            UUID id, Instant at, CallFacts call, NoticeRef notice, Grant grant, UUID reaffirms)
            implements OfCall {}

    /**
     * A consent given in an earlier call was honoured without a question, which a line may allow
     * for purposes that store nothing: it was last used at {@link #at}.
     *
     * @param keptUntil its proof is not deleted before: whoever uses a consent must be able to show
     *     it (§ 7a Abs. 2 UWG)
     */
    record Used(UUID id, Instant at, CallFacts call, UUID grant, Instant keptUntil)
            implements OfCall {}

    /**
     * One purpose, in the middle of a talk: not granted though the assistant asked for it, or ended
     * while the talk went on for the others. What is granted is a {@link Given}.
     *
     * @param grant under which the talk went on
     */
    record PurposeDecided(
            UUID id,
            Instant at,
            CallFacts call,
            UUID grant,
            Purpose purpose,
            Outcome outcome,
            Method method,
            List<Evidence> evidence)
            implements OfCall {

        /** What became of it. */
        public enum Outcome {
            REFUSED,
            UNANSWERED,
            /** The caller ended it. */
            ENDED
        }

        /** Whether the consent is less than before. */
        public boolean ends() {
            return outcome == Outcome.ENDED;
        }
    }

    record AssistantOpened(UUID id, Instant at, CallFacts call, UUID grant, String assistant)
            implements OfCall {}

    /**
     * @param id made of the call and the grant: whoever writes it, the node of the call or one that
     *     finds it lost, there is one
     */
    record AssistantCut(UUID id, Instant at, CallFacts call, UUID grant, Cut why)
            implements OfCall {}

    /**
     * Somebody who was given data under a consent was told that it has ended (Art. 19 DSGVO).
     *
     * @param at when it was known what became of that
     * @param holder its name in the configuration
     * @param delivered whether the holder answered anything at all
     * @param acknowledgedBy the message that it confirmed, such as "INFO" or "BYE"; empty: none
     */
    record HolderNotified(
            UUID id,
            Instant at,
            CallFacts call,
            String holder,
            EndOfConsent end,
            boolean delivered,
            String acknowledgedBy)
            implements OfCall {}

    /**
     * @param call null where it was not withdrawn in a call
     * @param withdrawnAt when the caller did it; {@link #at} may be later
     * @param mediaCutAt from when on no audio went to the assistant; null where none was flowing
     */
    record Withdrawn(
            UUID id,
            Instant at,
            @Nullable CallFacts call,
            @Nullable Subject subject,
            String lineage,
            UUID grant,
            Reason reason,
            Method method,
            Instant withdrawnAt,
            @Nullable Instant mediaCutAt)
            implements ConsentRecord {

        public enum Reason {
            /** The caller withdrew. */
            CALLER,
            /** An operator did on the caller's behalf. */
            OPERATOR,
            /** The grant was written too late to count: the call had gone on without it. */
            GRANT_CAME_LATE
        }
    }

    /**
     * A consent that was given elsewhere, told by whoever keeps it. It can be withdrawn like any
     * other; in a call it counts only where {@link Provenance#counts} says so.
     *
     * @param at when it was taken over; it was given at {@link Grant#from}
     * @param notice whose words they were, or, where they were others, the lineage and their digest
     */
    record Imported(
            UUID id, Instant at, Subject subject, NoticeRef notice, Grant grant, Provenance origin)
            implements ConsentRecord {}

    /**
     * Immutable. Where a consent comes from that was not given in a call.
     *
     * @param form which form it was given on, as whoever keeps it calls it
     * @param reference of this very consent there
     * @param identified how it is known that whoever gave it has this number
     * @param sameWords whether the words were those of the notice that the record names, all of
     *     them; else the record has a digest of the others
     * @param by the person who had it taken over
     */
    record Provenance(
            Source source,
            String form,
            String reference,
            Identified identified,
            boolean sameWords,
            String by) {

        /** On what. */
        public enum Source {
            WEB,
            PAPER
        }

        /** By what. */
        public enum Identified {
            /** By nothing: anybody may write a number into a form. */
            NO,
            /** A code that was sent to the number came back. */
            CODE,
            /** The number stands in the contract of the person. */
            CONTRACT,
            /** A document was looked at, and the number was called. */
            DOCUMENT
        }

        /** Whether it may shorten the question of a call. */
        public boolean counts() {
            return sameWords && identified != Identified.NO;
        }
    }

    /** Written when validity ends, also without a call. */
    record Expired(UUID id, Instant at, @Nullable Subject subject, String lineage, UUID grant)
            implements ConsentRecord {}

    enum Cut {
        WITHDRAWN,
        /** The caller's data was erased during the call. */
        ERASED,
        CALLER_HUNG_UP,
        ASSISTANT_HUNG_UP,
        ASSISTANT_LOST,
        /** The assistant asked for a human in its place. */
        HANDED_OVER,
        /** The caller, asked for one more purpose, asked for a human. */
        HUMAN_WANTED,
        /** The caller agreed to more, and that could not be recorded. */
        STORE_DOWN,
        DRAINED,
        /** The node of the call was not heard of any more; written by another one. */
        NODE_LOST
    }
}
