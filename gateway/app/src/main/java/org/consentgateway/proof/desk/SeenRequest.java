package org.consentgateway.proof.desk;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Answered;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Extended;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.consent.request.SubjectRequest.Refused;
import org.consentgateway.consent.request.SubjectRequest.Unconfirmed;
import org.consentgateway.proof.StoredRequests.Found;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A request of a caller as people see it. Names nobody but those who deal with it.
 *
 * @param reference by which caller and company name it
 * @param kind "access" or "erasure"
 * @param channel such as "letter" or "privacy-line"
 * @param due the first instant at which it is overdue
 * @param takenBy who took it down; empty where it came by the privacy line
 * @param confirmed when a call back to the number confirmed it; null where none did
 * @param callBack why a call back did not confirm it, such as "no-key"; null where none failed
 * @param extended null where no more time was taken
 * @param answered null where nobody has answered
 */
public record SeenRequest(
        UUID id,
        String reference,
        String kind,
        String channel,
        Instant asked,
        Instant due,
        State state,
        String takenBy,
        @Nullable Instant confirmed,
        @Nullable String callBack,
        @Nullable Step extended,
        @Nullable Step answered,
        List<Restricted> restricted) {

    /** What is to be done with it. */
    public enum State {
        OPEN,
        OVERDUE,
        APPROVED,
        REFUSED,
        /** The number is to be called back first, to confirm it; it can only be refused. */
        TO_CONFIRM,
        /** The call back did not confirm it. */
        UNCONFIRMED,
        /** Who took the call back said that it was not they: somebody may use their number. */
        DISOWNED,
        /** Approved to be erased, and not all is: approve it again. */
        UNFINISHED;

        public String text() {
            return word(this);
        }

        /** Whether a person has to do something. */
        public boolean waits() {
            return this == OPEN || this == OVERDUE || this == UNFINISHED || this == TO_CONFIRM;
        }
    }

    /** What somebody did with it, and why. */
    public record Step(Instant at, String by, String ground) {}

    /** What was kept instead of being erased. */
    public record Restricted(String law, int records) {}

    static SeenRequest of(Found found, Instant now) {
        Asked asked = found.asked();
        Opened opened = found.opened();
        Extended extended = found.extended();
        Answered answered = found.answered();
        Instant due = opened == null ? asked.due() : opened.due();
        return new SeenRequest(
                asked.id(),
                asked.reference().digits(),
                word(asked.kind()),
                word(asked.channel()),
                asked.at(),
                due,
                state(found, due, now),
                opened == null ? "" : opened.operator(),
                found.confirmed(),
                answered instanceof Unconfirmed not ? word(not.why()) : null,
                extended == null ? null : step(extended.at(), extended.answer()),
                answered == null ? null : step(answered.at(), answered.answer()),
                answered instanceof Approved approved
                        ? approved.kept().stream()
                                .map(each -> new Restricted(each.law(), each.records().size()))
                                .toList()
                        : List.of());
    }

    private static Step step(Instant at, Answer answer) {
        return new Step(at, answer.by(), answer.ground());
    }

    private static State state(Found found, Instant due, Instant now) {
        if (found.unfinished()) {
            return State.UNFINISHED;
        }
        return switch (found.answered()) {
            case Approved _ -> State.APPROVED;
            case Refused _ -> State.REFUSED;
            case Unconfirmed not ->
                    not.why() == CallBackResult.DISOWNED ? State.DISOWNED : State.UNCONFIRMED;
            case null -> waiting(found, now.isBefore(due));
        };
    }

    private static State waiting(Found found, boolean inTime) {
        if (found.awaitsCallBack()) {
            return State.TO_CONFIRM;
        }
        return inTime ? State.OPEN : State.OVERDUE;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
