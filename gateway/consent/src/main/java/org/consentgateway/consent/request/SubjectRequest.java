package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Everything that is ever written about a request of a caller: one ledger entry each. A
 * type beside {@link org.consentgateway.consent.ConsentRecord}, since a request gives and ends no
 * consent: no rule about consents can ever read one, and only a person answers it.
 */
public sealed interface SubjectRequest {
    /**
     * For how long it and its answer are kept: as long as claims can be raised (§ 195 BGB, three
     * years, counted to the end of the year by § 199 BGB).
     */
    Period KEPT = Period.ofYears(4);

    /**
     * For how long a number is kept that is called back to confirm it: longer than a call back
     * waits, and than the day in which they are counted.
     */
    Duration NUMBER_KEPT = Duration.ofDays(3);

    /** UUIDv7 of this record, minted before it is written. */
    UUID id();

    Instant at();

    enum Kind {
        /** Art. 15 DSGVO. */
        ACCESS,
        /** Art. 17 DSGVO. */
        ERASURE
    }

    /** How it reached the company. */
    enum Channel {
        PRIVACY_LINE,
        TELEPHONE,
        LETTER,
        EMAIL,
        IN_PERSON,
        /** Nobody asked: the company erases by itself. */
        OPERATOR;

        /** Whether a person takes down what came by it. */
        public boolean isTakenDown() {
            return this != PRIVACY_LINE && this != OPERATOR;
        }
    }

    /** Whether whoever asked has to show first that they hold the number (Art. 12(6) DSGVO). */
    enum Confirmation {
        NOT_NEEDED,
        /** The number is called back; until then nobody can approve the request. */
        AWAITED,
        GIVEN
    }

    /**
     * @param call null where it was not asked for on the privacy line
     * @param operator who took it down; empty where it was asked for on the privacy line
     * @param due the first instant at which it is overdue
     */
    record Opened(
            UUID id,
            Instant at,
            Kind kind,
            Channel channel,
            @Nullable CallFacts call,
            String operator,
            Subject subject,
            Instant due,
            Confirmation confirmation)
            implements SubjectRequest {

        public Reference reference() {
            return Reference.of(id);
        }

        public boolean overdue(Instant now) {
            return !now.isBefore(due);
        }

        /** The same with another day. */
        public Opened due(Instant other) {
            return new Opened(id, at, kind, channel, call, operator, subject, other, confirmation);
        }

        /** The same, so confirmed. */
        public Opened confirmation(Confirmation other) {
            return new Opened(id, at, kind, channel, call, operator, subject, due, other);
        }

        /** Whether it waits for a call back, so that nothing may come of it yet. */
        public boolean awaitsCallBack() {
            return confirmation == Confirmation.AWAITED;
        }
    }

    /**
     * The number is to be called back and asked whether it was its holder who asked. Holds the
     * number, so it is kept for some days only.
     *
     * @param call in which it was asked for, without its subject
     * @param notice in which words that call was spoken to
     */
    record CallBackDue(
            UUID id,
            Instant at,
            Asked asked,
            CallFacts call,
            NoticeRef notice,
            PhoneNumber number,
            Subject subject)
            implements SubjectRequest {
        /** By which it is found: there is one for each request. */
        public static UUID idOf(UUID request) {
            return TimeOrderedIds.ofPair(request, request);
        }
    }

    /**
     * Written before the number is called, so that nobody calls it a second time for the same
     * request. Names no subject.
     *
     * @param by whoever calls, a new one each time
     */
    record CallBackPlaced(UUID id, Instant at, Asked asked, UUID by) implements SubjectRequest {
        /** The same whoever calls: the second to write it finds the first. */
        public static UUID idOf(UUID request) {
            return TimeOrderedIds.ofPair(request, CallBackDue.idOf(request));
        }
    }

    /** Who took the call back has said that it was they. Names no subject. */
    record Confirmed(UUID id, Instant at, Asked asked) implements SubjectRequest {
        /** That of {@link Unconfirmed}, too: what comes of a call back is written once. */
        public static UUID idOf(UUID request) {
            return TimeOrderedIds.ofPair(request, CallBackPlaced.idOf(request));
        }
    }

    /**
     * More time is taken to answer, once (Art. 12(3) DSGVO): the person is told so, and why, before
     * the first time is over. Names no subject.
     *
     * @param asked as it was due until then
     * @param answer who takes it, and why
     * @param due the first instant at which it is overdue from then on
     */
    record Extended(UUID id, Instant at, Asked asked, Answer answer, Instant due)
            implements SubjectRequest {}

    /** What ends a request. Names no subject: it outlives the erasure. */
    sealed interface Answered extends SubjectRequest {
        Asked asked();

        Answer answer();
    }

    /**
     * The request that is answered.
     *
     * @param id of its {@link Opened}
     */
    record Asked(UUID id, Kind kind, Channel channel, Instant at, Instant due) {
        public static Asked of(Opened opened) {
            return new Asked(
                    opened.id(), opened.kind(), opened.channel(), opened.at(), opened.due());
        }

        public Reference reference() {
            return Reference.of(id);
        }
    }

    /**
     * @param by the person who answered
     * @param ground why, such as how it was made sure who asks
     */
    record Answer(String by, String ground) {
        public Answer {
            if (by.isBlank() || ground.isBlank()) {
                throw new IllegalArgumentException("an answer needs a person and a ground");
            }
        }
    }

    /**
     * @param kept what was restricted and not erased; empty for access
     * @param until how many entries each log had when it was looked at what there is, by its
     *     origin: nothing behind them is erased. Empty for access, and where an earlier version has
     *     approved
     */
    record Approved(
            UUID id,
            Instant at,
            Asked asked,
            Answer answer,
            List<Kept> kept,
            Map<String, Long> until)
            implements Answered {
        public Approved {
            kept = List.copyOf(kept);
            until = Map.copyOf(until);
        }
    }

    record Refused(UUID id, Instant at, Asked asked, Answer answer) implements Answered {}

    /** The call back did not confirm it, so nothing comes of it. */
    record Unconfirmed(UUID id, Instant at, Asked asked, Answer answer, CallBackResult why)
            implements Answered {
        public Unconfirmed {
            if (why == CallBackResult.CONFIRMED) {
                throw new IllegalArgumentException("it was confirmed");
            }
        }
    }

    /**
     * Records that a law demands, so that they are restricted instead of erased: they prove, and
     * are used for nothing else.
     *
     * @param law such as "§ 7a UWG"
     */
    record Kept(String law, List<UUID> records) {
        public Kept {
            records = List.copyOf(records);
        }

        public Kept and(List<UUID> more) {
            var all = new ArrayList<>(records);
            all.addAll(more);
            return new Kept(law, all);
        }
    }
}
