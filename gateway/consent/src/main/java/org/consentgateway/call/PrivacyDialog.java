package org.consentgateway.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.call.CallOutcome.Wish;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.spoken.SpokenDate;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The number where callers hear what they chose, change it,
 * withdraw it, have their data erased, or learn where to write. No assistant is ever dialled here.
 */
final class PrivacyDialog {
    /** After so many wishes in one call we say goodbye. */
    static final int MAX_WISHES = 10;

    private static final Set<Meaning> YES_OR_NO =
            EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.WITHDRAW, Meaning.HUMAN);

    private final CallInProgress call;
    private final CallStage stage;
    private Wish wish = Wish.LISTENED;

    PrivacyDialog(CallInProgress call) {
        this.call = call;
        this.stage = call.stage(() -> new CallOutcome.PrivacyServed(call.trail(), wishOrHungUp()));
    }

    CallOutcome hold() throws JournalUnavailable {
        @Nullable Subject subject = call.facts().knownSubject();
        if (subject == null) {
            return unknownCaller();
        }
        stage.say(Parts.PRIVACY_OPENING);
        for (int wishes = 0; wishes < MAX_WISHES; wishes++) {
            Standing standing = standing(subject);
            var question = new Question(stage, call.line().questions().repeats());
            if (!(ask(question, standing.status()) instanceof Question.Outcome.Meant meant)) {
                return served();
            }
            if (meant.meaning() == Meaning.HUMAN) {
                return new ToHuman(call).connect(_ -> served());
            }
            fulfil(meant.meaning(), question.method(), subject, standing.status());
        }
        return served();
    }

    private CallOutcome unknownCaller() {
        wish = Wish.UNKNOWN_CALLER;
        stage.say(Parts.PRIVACY_OPENING, Parts.PRIVACY_UNKNOWN_CALLER, Parts.PRIVACY_CONTACT);
        return served();
    }

    private Standing standing(Subject subject) throws JournalUnavailable {
        return call.journal().standing(subject, call.rules(), call.notice(), call.now());
    }

    /** What holds now, and what the caller can do about it: may be interrupted at once. */
    private Question.Outcome ask(Question question, ConsentStatus status) {
        var all = new ArrayList<>(current(status));
        all.add(Parts.PRIVACY_MENU);
        var keys =
                new HashMap<>(
                        Map.of(
                                '1', Meaning.ONE,
                                '2', Meaning.TWO,
                                '3', Meaning.THREE,
                                '4', Meaning.FOUR,
                                '0', Meaning.REPEAT));
        var ends =
                EnumSet.of(
                        Meaning.ONE,
                        Meaning.TWO,
                        Meaning.THREE,
                        Meaning.FOUR,
                        Meaning.WITHDRAW,
                        Meaning.HUMAN);
        if (call.line().languages().size() > 1) {
            keys.put('*', Meaning.OTHER_LANGUAGE);
            ends.add(Meaning.OTHER_LANGUAGE);
        }
        var words = EnumSet.copyOf(ends);
        words.add(Meaning.REPEAT);
        words.add(Meaning.ZERO);
        return question.put(
                Wording.alike(List.of(all, List.of(Parts.PRIVACY_MENU))),
                new Expecting(keys, words),
                ends);
    }

    private List<String> current(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Valid(_, Level level, Instant until) -> current(level, until);
            case ConsentStatus.RenewalDue(_, Level level, Instant until) -> current(level, until);
            case ConsentStatus.None _,
                    ConsentStatus.Expired _,
                    ConsentStatus.TextChanged _,
                    ConsentStatus.PurposeAdded _,
                    ConsentStatus.Withdrawn _ ->
                    List.of(Parts.PRIVACY_NONE);
        };
    }

    private List<String> current(Level level, Instant until) {
        var parts = new ArrayList<>(List.of(Parts.of(Parts.PRIVACY_CURRENT, level.id())));
        List<String> day = SpokenDate.lastDay(until, call.line().zone(), call.notice());
        if (!day.isEmpty()) {
            parts.add(Parts.of(Parts.KNOWN_UNTIL, level.id()));
            parts.addAll(day);
        }
        return parts;
    }

    private void fulfil(Meaning meaning, Method method, Subject subject, ConsentStatus status)
            throws JournalUnavailable {
        switch (meaning) {
            case ONE -> change(status);
            case TWO, WITHDRAW -> withdraw(subject, method, status);
            case THREE -> erase(subject, method, status);
            case FOUR -> stage.say(Parts.PRIVACY_CONTACT);
            case OTHER_LANGUAGE -> {
                call.speakNextLanguage();
                stage.say(Parts.PRIVACY_OPENING);
            }
            case ZERO, FIVE, AGREE, REFUSE, REPEAT, HELP, HUMAN, INFORMATION, HEDGED -> {}
        }
    }

    /** Upwards or downwards: the same opening and the same questions as on any other line. */
    private void change(ConsentStatus status) throws JournalUnavailable {
        Line.Dialog dialog =
                call.notice().texts().containsKey(Parts.MENU)
                        ? Line.Dialog.MENU
                        : Line.Dialog.LADDER;
        Opening.Outcome opening = new Opening(stage, dialog, false).speak(List.of(Parts.OPENING));
        if (opening instanceof Opening.Outcome.Declined(Asking.Asked.Decided no)) {
            record(no, status);
        }
        if (!(opening instanceof Opening.Outcome.HeardWhole)) {
            return;
        }
        switch (new Asking(stage, dialog, call.line().questions().repeats(), false).ask()) {
            case Asking.Asked.OtherLanguage() -> {}
            case Asking.Asked.Decided asked -> record(asked, status);
        }
    }

    private void record(Asking.Asked.Decided asked, ConsentStatus status)
            throws JournalUnavailable {
        var decisions = new DecisionRecorder(call);
        switch (asked.decision()) {
            case Decision.Given(Level level) -> {
                decisions.give(level, asked, status);
                wish = Wish.CHANGED;
                stage.say(Parts.of(Parts.CONFIRM, level.id()));
            }
            case Decision.Refused() -> {
                decisions.refuse(asked, status);
                wish = Wish.CHANGED;
                stage.say(
                        DecisionRecorder.grantOf(status) == null ? Parts.REFUSED : Parts.WITHDRAWN);
            }
            case Decision.Unanswered(Unclear reason) -> decisions.leaveUnanswered(reason, asked);
        }
    }

    private void withdraw(Subject subject, Method method, ConsentStatus status) {
        if (takeBack(subject, method, status)) {
            wish = Wish.WITHDREW;
            stage.say(Parts.WITHDRAWN);
        }
    }

    /**
     * @return whether there was anything to take back
     */
    private boolean takeBack(Subject subject, Method method, ConsentStatus status) {
        @Nullable UUID grant = DecisionRecorder.grantOf(status);
        if (grant == null) {
            return false;
        }
        Instant now = call.now();
        call.note(
                new ConsentRecord.Withdrawn(
                        call.newId(),
                        now,
                        call.facts(),
                        subject,
                        call.notice().id(),
                        grant,
                        ConsentRecord.Withdrawn.Reason.CALLER,
                        method,
                        now,
                        null));
        call.tell(new CallEvent.Withdrawn(call.facts(), levelOf(status), method));
        return true;
    }

    /** Asked twice: the menu was the first time. */
    private void erase(Subject subject, Method method, ConsentStatus status)
            throws JournalUnavailable {
        Question.Outcome sure =
                new Question(stage, call.line().questions().repeats())
                        .put(
                                Wording.alike(List.of(List.of(Parts.PRIVACY_ERASE_SURE))),
                                new Expecting(
                                                Map.of(
                                                        '1', Meaning.AGREE,
                                                        '2', Meaning.REFUSE,
                                                        '0', Meaning.REPEAT),
                                                EnumSet.of(
                                                        Meaning.AGREE,
                                                        Meaning.REFUSE,
                                                        Meaning.HEDGED,
                                                        Meaning.REPEAT))
                                        .afterAnAnswer(),
                                YES_OR_NO);
        if (!sure.equals(new Question.Outcome.Meant(Meaning.AGREE))) {
            stage.say(Parts.PRIVACY_NOT_ERASED);
            return;
        }
        takeBack(subject, method, status);
        call.durably(() -> {
            call.journal()
                    .erase(
                            new ConsentRecord.Erased(
                                    call.newId(), call.now(), call.facts(), subject));
            return subject;
        });
        wish = Wish.ERASED;
        stage.say(Parts.PRIVACY_ERASED);
    }

    private static String levelOf(ConsentStatus status) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.level().id();
            case ConsentStatus.RenewalDue due -> due.level().id();
            case ConsentStatus.Expired expired -> expired.level().id();
            case ConsentStatus.TextChanged changed -> changed.level().id();
            case ConsentStatus.PurposeAdded added -> added.level().id();
            case ConsentStatus.None _, ConsentStatus.Withdrawn _ -> "";
        };
    }

    private CallOutcome served() {
        return new CallOutcome.PrivacyServed(call.trail(), wish);
    }

    private Wish wishOrHungUp() {
        return wish == Wish.LISTENED ? Wish.HUNG_UP : wish;
    }
}
