package org.consentgateway.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.call.CallOutcome.Wish;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.EndedAll;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.Reference;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.SubjectRequest;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The number where callers withdraw, and ask for access or
 * erasure. It serves whoever calls from a number, so it only reduces: it says that there is a
 * consent and nothing of it, ends it, and notes what a person has to answer after making sure who
 * asks (Art. 12(6) DSGVO). It gives no consent, destroys nothing, and dials no assistant.
 */
final class PrivacyDialog {
    /** After so many wishes in one call we say goodbye. */
    static final int MAX_WISHES = 10;

    private static final Map<Character, Meaning> KEYS =
            Map.of(
                    '1', Meaning.WITHDRAW,
                    '2', Meaning.TWO,
                    '3', Meaning.ERASE,
                    '4', Meaning.FOUR,
                    '0', Meaning.HUMAN);

    private static final Map<Character, Meaning> KEYS_OF_UNKNOWN =
            Map.of('4', Meaning.FOUR, '0', Meaning.HUMAN);

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
            wish = Wish.UNKNOWN_CALLER;
        }
        News news = News.NONE;
        // Read once: a store that is slow now must not swallow the news of what was withdrawn.
        List<ConsentInForce> consents = subject == null ? List.of() : stored(subject);
        for (int wishes = 0; wishes < MAX_WISHES; wishes++) {
            var question = new Question(stage, call.line().questions().repeats());
            Question.Outcome outcome;
            try {
                outcome = ask(question, subject, news, consents);
            } catch (ConsentWithdrawn e) {
                news = said(withdraw(subject, e.method(), consents));
                consents = List.of();
                continue;
            }
            if (!(outcome instanceof Question.Outcome.Meant(Meaning meaning))) {
                break;
            }
            if (meaning == Meaning.HUMAN) {
                return new ToHuman(call).connect(_ -> served());
            }
            List<String> came = fulfil(meaning, question.method(), subject, consents);
            news = isWithdrawal(meaning) ? said(came) : new News(came, false);
            if (wish == Wish.WITHDREW) {
                consents = List.of();
            }
        }
        stage.say(Parts.THANKS);
        return served();
    }

    /**
     * What came of a wish.
     *
     * @param parts none where nothing was wished yet: then the line introduces itself
     * @param told whether they were said already, to their end
     */
    private record News(List<String> parts, boolean told) {
        static final News NONE = new News(List.of(), false);
    }

    /** Whoever presses the key twice is told all the same what came of it. */
    private News said(List<String> parts) {
        stage.say(parts);
        return new News(parts, true);
    }

    private static boolean isWithdrawal(Meaning meaning) {
        return meaning == Meaning.WITHDRAW || meaning == Meaning.ONE;
    }

    /** Nobody is told that there is none where there is something that cannot be read. */
    private List<ConsentInForce> stored(Subject subject) throws JournalUnavailable {
        List<ConsentInForce> stored = call.allStored(subject);
        if (stored.isEmpty() && call.inForce().unknown()) {
            throw new JournalUnavailable("what there is cannot be read", false);
        }
        return stored;
    }

    /**
     * Whether there is a consent, and what can be done: may be interrupted from the first word.
     * Nobody can be told of a consent, or end one, whose number we do not see. Other languages are
     * offered first, in one playing with the first sentence; then no digit of the menu counts in it
     * but the one that withdraws.
     *
     * @param news what came of the wish before
     */
    private Question.Outcome ask(
            Question question,
            @Nullable Subject subject,
            News news,
            List<ConsentInForce> consents) {
        Expecting expecting = subject == null ? expectingUnknown() : expectingKnown();
        var introduction = new ArrayList<String>();
        if (news.parts().isEmpty()) {
            List<Utterance> offers = call.languageOffers();
            if (offers.isEmpty()) {
                introduction.add(Parts.PRIVACY_OPENING);
            } else {
                Reply.@Nullable Meant meant = open(offers, expecting);
                if (meant != null) {
                    question.keepDeclined(Parts.PRIVACY_OPENING, meant);
                    return new Question.Outcome.Meant(meant.meaning());
                }
            }
        }
        if (subject == null) {
            introduction.addAll(List.of(Parts.PRIVACY_UNKNOWN_CALLER, Parts.PRIVACY_CONTACT));
            return put(
                    question, wording(introduction, news, Parts.PRIVACY_UNKNOWN_MENU), expecting);
        }
        introduction.add(consents.isEmpty() ? Parts.PRIVACY_NONE : Parts.PRIVACY_CONSENT);
        return put(question, wording(introduction, news, Parts.PRIVACY_MENU), expecting);
    }

    private Reply.@Nullable Meant open(List<Utterance> offers, Expecting expecting) {
        return stage.announce(offers, List.of(Parts.PRIVACY_OPENING), expecting.announcing())
                .meant();
    }

    private Expecting expectingKnown() {
        var ends = EnumSet.copyOf(KEYS.values());
        ends.add(Meaning.ONE);
        ends.add(Meaning.THREE);
        return expecting(KEYS, ends);
    }

    private Expecting expectingUnknown() {
        return expecting(KEYS_OF_UNKNOWN, EnumSet.copyOf(KEYS_OF_UNKNOWN.values()));
    }

    /** News are told once more where nothing came back: somebody may have looked for a pencil. */
    private static Wording wording(List<String> introduction, News news, String menu) {
        boolean any = !news.parts().isEmpty();
        var whole = new ArrayList<>(any ? news.parts() : introduction);
        whole.add(menu);
        List<String> alone = List.of(menu);
        return Wording.alike(
                any ? List.of(news.told() ? alone : whole, whole, alone) : List.of(whole, alone));
    }

    private Expecting expecting(Map<Character, Meaning> keys, Set<Meaning> words) {
        var allKeys = new HashMap<>(keys);
        var allWords = EnumSet.copyOf(words);
        allWords.add(Meaning.REPEAT);
        if (call.hasOtherLanguages()) {
            allKeys.put('*', Meaning.OTHER_LANGUAGE);
            allWords.add(Meaning.OTHER_LANGUAGE);
        }
        return new Expecting(allKeys, allWords);
    }

    private static Question.Outcome put(Question question, Wording wording, Expecting expecting) {
        var ends = EnumSet.copyOf(expecting.words());
        ends.remove(Meaning.REPEAT);
        return question.put(wording, expecting, ends);
    }

    /**
     * @return what to tell the caller of it
     */
    private List<String> fulfil(
            Meaning meaning,
            Method method,
            @Nullable Subject subject,
            List<ConsentInForce> consents)
            throws JournalUnavailable {
        if (meaning == Meaning.OTHER_LANGUAGE) {
            call.speakNextLanguage();
            return List.of();
        }
        if (subject == null) {
            return List.of(Parts.PRIVACY_CONTACT);
        }
        return switch (meaning) {
            case ONE, WITHDRAW -> withdraw(subject, method, consents);
            case TWO -> {
                wish = Wish.ASKED_FOR_ACCESS;
                yield request(SubjectRequest.Kind.ACCESS, Parts.PRIVACY_ACCESS, subject);
            }
            case THREE, ERASE -> {
                wish = Wish.ASKED_FOR_ERASURE;
                yield request(SubjectRequest.Kind.ERASURE, Parts.PRIVACY_ERASURE, subject);
            }
            case FOUR -> List.of(Parts.PRIVACY_CONTACT);
            case ZERO,
                    FIVE,
                    AGREE,
                    REFUSE,
                    REPEAT,
                    HELP,
                    HUMAN,
                    INFORMATION,
                    COMPLAIN,
                    KEEP_NOTHING,
                    HEDGED,
                    OTHER_LANGUAGE ->
                    List.of();
        };
    }

    /**
     * All of them, whatever notice they were given to: those that were found when the call began,
     * and then whatever else there is. Of a crowded number not all were found, and somebody may
     * have agreed on another telephone of it while this caller listened.
     */
    private List<String> withdraw(
            @Nullable Subject subject, Method method, List<ConsentInForce> known)
            throws JournalUnavailable {
        Durability where = end(subject, method, known);
        boolean any = !known.isEmpty();
        boolean durable = where.durable();
        if (subject != null && where == Durability.STORED) {
            EndedAll others =
                    call.endAll(
                            subject, consent -> Optional.of(withdrawn(subject, method, consent)));
            others.ended().forEach(consent -> tell(consent, method));
            any |= !others.ended().isEmpty();
            durable = others.where().durable();
        }
        if (!durable) {
            // It counts here, but would be forgotten with this process: a person has to know.
            throw new JournalUnavailable("a withdrawal is on no disk", false);
        }
        if (call.inForce().unknown()) {
            // What can be read has ended; of the rest nobody is told that it has.
            throw new JournalUnavailable("what else there is cannot be read", false);
        }
        if (!any) {
            return List.of(Parts.PRIVACY_NONE);
        }
        wish = Wish.WITHDREW;
        return List.of(Parts.PRIVACY_WITHDRAWN);
    }

    /**
     * What flows under them is cut before anything waits for the store.
     *
     * @return where that is now
     */
    private Durability end(
            @Nullable Subject subject, Method method, List<ConsentInForce> consents) {
        if (consents.isEmpty()) {
            return Durability.STORED;
        }
        Durability where =
                call.note(
                        consents.stream()
                                .map(consent -> withdrawn(subject, method, consent))
                                .toArray(ConsentRecord[]::new));
        consents.forEach(consent -> tell(consent, method));
        return where;
    }

    private ConsentRecord.Withdrawn withdrawn(
            @Nullable Subject subject, Method method, ConsentInForce consent) {
        Instant now = call.now();
        return new ConsentRecord.Withdrawn(
                call.newId(),
                now,
                call.facts(),
                subject,
                consent.lineage(),
                consent.grant(),
                ConsentRecord.Withdrawn.Reason.CALLER,
                method,
                now,
                null);
    }

    private void tell(ConsentInForce consent, Method method) {
        call.inForce().remove(consent.grant());
        call.tell(new CallEvent.Withdrawn(call.facts(), consent.level(), method));
    }

    /** Only what is on disk is said to be noted. */
    private List<String> request(SubjectRequest.Kind kind, String what, Subject subject)
            throws JournalUnavailable {
        var deadline = AnswerDeadline.of(call.notice().answerWithin(), call.line().zone());
        Instant now = call.now();
        Instant due = deadline.due(now);
        Line.@Nullable CallingBack callingBack = call.line().service().callingBack();
        if (callingBack != null) {
            @Nullable PhoneNumber number = stage.number();
            return number == null || !callingBack.reaches(number)
                    ? List.of(Parts.PRIVACY_CONTACT)
                    : toConfirm(
                            kind,
                            what,
                            new RequestDesk.Requester(
                                    call.facts(), subject, call.noticeRef(), number),
                            new RequestDesk.Times(now, due));
        }
        SubjectRequest.Opened opened =
                call.durably(() ->
                        call.services().requests().open(kind, call.facts(), subject, now, due));
        return noted(what, opened.reference());
    }

    /** What gives out or destroys; a withdrawal never comes here (Art. 7(3) DSGVO). */
    private List<String> toConfirm(
            SubjectRequest.Kind kind,
            String what,
            RequestDesk.Requester asking,
            RequestDesk.Times times)
            throws JournalUnavailable {
        RequestDesk.Taken taken =
                call.durably(() -> call.services().requests().openToConfirm(kind, asking, times));
        return switch (taken) {
            case RequestDesk.Taken.ToConfirm(SubjectRequest.Opened opened) -> {
                var parts = new ArrayList<>(noted(what, opened.reference()));
                parts.add(Parts.PRIVACY_CALL_BACK);
                yield parts;
            }
            case RequestDesk.Taken.Before(SubjectRequest.Opened opened) ->
                    noted(what, opened.reference());
            case RequestDesk.Taken.Pending() -> List.of(Parts.PRIVACY_CALL_BACK_PENDING);
            case RequestDesk.Taken.TooOften() ->
                    List.of(Parts.PRIVACY_CALL_BACK_LIMIT, Parts.PRIVACY_CONTACT);
        };
    }

    private static List<String> noted(String what, Reference reference) {
        List<String> digits =
                reference.spoken().stream()
                        .map(digit -> Parts.of(Parts.PRIVACY_DIGIT, digit))
                        .toList();
        var parts = new ArrayList<>(List.of(what, Parts.PRIVACY_REFERENCE));
        parts.addAll(digits);
        parts.add(Parts.PRIVACY_REFERENCE_AGAIN);
        parts.addAll(digits);
        return parts;
    }

    private CallOutcome served() {
        return new CallOutcome.PrivacyServed(call.trail(), wish);
    }

    private Wish wishOrHungUp() {
        return wish == Wish.LISTENED ? Wish.HUNG_UP : wish;
    }
}
