package org.consentgateway.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.call.CallStage.CallerGone;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.Answer;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Asks for the purposes of a line, in one language; whoever
 * calls from a number with a remembered consent is asked for that in one short question.
 */
final class Asking {
    /** A question whose answer is a favour is repeated once at most. */
    private static final int REPEATS_OF_REMEMBER = 1;

    private final CallInProgress call;
    private final Line.Dialog dialog;
    private final ConsentStatus status;
    private final ConsentStatus found;
    private final boolean mayRemember;
    private final boolean mayChangeLanguage;
    private final Question question;

    /**
     * @param standing what the store knows of this caller; null where it knows nothing, or cannot
     *     say: then nothing is remembered either, nor beside what may not be relied on
     * @param mayChangeLanguage whether "*" leads to another language
     */
    Asking(
            CallStage stage,
            Line.Dialog dialog,
            @Nullable Standing standing,
            boolean mayChangeLanguage) {
        this.call = stage.call();
        this.dialog = dialog;
        this.status = standing == null ? new ConsentStatus.None() : standing.status();
        this.found = standing == null ? status : standing.found();
        this.mayRemember = standing != null && standing.complete();
        this.mayChangeLanguage = mayChangeLanguage && call.hasOtherLanguages();
        this.question = new Question(stage, call.line().questions().repeats());
    }

    /** What came of it. */
    sealed interface Asked {
        /**
         * @param forLaterCalls whether the caller has agreed to that, too
         */
        record Decided(
                Decision decision,
                boolean forLaterCalls,
                List<Evidence> evidence,
                Method method,
                Duration took)
                implements Asked {}

        record OtherLanguage() implements Asked {}
    }

    /** The caller wants another language: what was agreed to so far is asked for again in that. */
    private static final class OtherLanguageWanted extends Exception {
        private static final long serialVersionUID = 1L;
    }

    Asked ask() {
        long from = call.nanos();
        try {
            Decision decision = decide();
            boolean forLaterCalls = false;
            if (decision instanceof Decision.Given(Level level) && isToBeRemembered(level)) {
                switch (remember(level)) {
                    case AGREE -> forLaterCalls = true;
                    case REFUSE -> {}
                    default -> decision = new Decision.Refused();
                }
            }
            return new Asked.Decided(
                    decision,
                    forLaterCalls,
                    question.evidence(),
                    question.method(),
                    call.since(from));
        } catch (OtherLanguageWanted e) {
            return new Asked.OtherLanguage();
        } catch (CallerGone e) {
            Unclear why = CallEnded.why(e.how(), Unclear.HANGUP_DURING_QUESTION);
            if (why != Unclear.ERROR) {
                question.keepHangUp(call.since(from));
                call.tell(
                        new CallEvent.Abandoned(call.facts(), call.noticeRef(), call.known(), why));
            }
            call.note(call.unanswered(why, question.evidence()));
            call.decided();
            throw e;
        } catch (ConsentWithdrawn e) {
            if (!call.noneRecorded()) {
                throw e;
            }
            return takenBack(e, from);
        }
    }

    /** Withdrawn before it was recorded: then it was never given. */
    private Asked takenBack(ConsentWithdrawn how, long from) {
        question.keepWithdrawal(how.method(), call.since(from));
        return new Asked.Decided(
                new Decision.Refused(), false, question.evidence(), how.method(), call.since(from));
    }

    private Decision decide() throws OtherLanguageWanted {
        var answers = new ArrayList<Answer>();
        @Nullable Level remembered = call.remembered(status);
        if (remembered != null) {
            reaffirm(remembered, answers);
        } else {
            switch (dialog) {
                case LADDER -> climb(answers);
                case MENU -> choose(answers);
            }
        }
        return call.rules().decide(answers);
    }

    /** Whether what was granted remains agreed to; then what is asked for in every call. */
    private void reaffirm(Level remembered, List<Answer> answers) throws OtherLanguageWanted {
        List<Purpose> everyCall =
                call.line().purposes().stream()
                        .filter(Purpose::everyCall)
                        .filter(p -> call.hasWords(Parts.of(Parts.QUESTION, p)))
                        .limit(call.line().questions().further())
                        .toList();
        Wording known = Wording.ofKnown(remembered.id());
        if (agrees(known, new Answer.Chosen(remembered), answers, everyCall)) {
            climb(everyCall, answers);
        }
    }

    private void climb(List<Answer> answers) throws OtherLanguageWanted {
        Line line = call.line();
        int most = 1 + line.questions().further();
        climb(line.purposes().stream().limit(most).toList(), answers);
    }

    /** One question per purpose; the first no, or the first missing answer, ends the questions. */
    private void climb(List<Purpose> purposes, List<Answer> answers) throws OtherLanguageWanted {
        for (int i = 0; i < purposes.size(); i++) {
            Purpose purpose = purposes.get(i);
            List<Purpose> left = purposes.subList(i + 1, purposes.size());
            if (!agrees(wording(purpose), new Answer.Agreed(purpose), answers, left)) {
                return;
            }
        }
    }

    /** What is new is named when it is asked for. */
    private Wording wording(Purpose purpose) {
        Wording wording = Wording.of(purpose);
        return status instanceof ConsentStatus.PurposeAdded(_, _, var added)
                        && added.contains(purpose)
                ? wording.after(Parts.of(Parts.NEW_PURPOSE, purpose))
                : wording;
    }

    /**
     * Puts one yes/no question and adds what was answered.
     *
     * @param yes what a yes to it agrees to
     * @param left what is asked for after a yes
     * @return whether it was that
     */
    private boolean agrees(Wording wording, Answer yes, List<Answer> answers, List<Purpose> left)
            throws OtherLanguageWanted {
        switch (question.put(
                wording, yesOrNo(), ANSWERS_TO_YES_OR_NO, _ -> after(yes, answers, left))) {
            case Question.Outcome.Meant(Meaning meaning) -> {
                if (meaning == Meaning.OTHER_LANGUAGE) {
                    throw new OtherLanguageWanted();
                }
                if (meaning == Meaning.AGREE) {
                    answers.add(yes);
                    call.inForce().agreed(true);
                    return true;
                }
                decline(answers, meaning);
            }
            case Question.Outcome.Missing(Unclear why) -> answers.add(new Answer.Missing(why));
        }
        return false;
    }

    /**
     * What follows on a yes at once: the next question, or what confirms that it was all. Behind a
     * yes to what is remembered a no would end that: right behind it, it corrects the answer.
     */
    private Question.After.Spoken after(Answer yes, List<Answer> answers, List<Purpose> left) {
        if (!left.isEmpty()) {
            return asks(wording(left.getFirst()));
        }
        var all = new ArrayList<>(answers);
        all.add(yes);
        return call.rules().decide(all) instanceof Decision.Given(Level level)
                ? granted(level, yes instanceof Answer.Chosen)
                : Question.After.Spoken.NOTHING;
    }

    private Question.After.Spoken granted(Level level, boolean corrected) {
        return isToBeRemembered(level) ? asks(Wording.ofRemember()) : confirms(level, corrected);
    }

    private Question.After.Spoken asks(Wording wording) {
        return new Question.After.Spoken(wording.parts(1, call.hears()), true, true);
    }

    private Question.After.Spoken confirms(Level level, boolean corrected) {
        return new Question.After.Spoken(call.confirmation(level), false, corrected);
    }

    /** Whether it lasts, and nobody said no on this number, as far as we know. */
    private boolean isToBeRemembered(Level granted) {
        boolean another =
                switch (found) {
                    case ConsentStatus.None _,
                            ConsentStatus.RenewalDue _,
                            ConsentStatus.Expired _,
                            ConsentStatus.TextChanged _,
                            ConsentStatus.PurposeAdded _,
                            ConsentStatus.Withdrawn _ ->
                            true;
                    case ConsentStatus.Valid _, ConsentStatus.Shared _ -> false;
                };
        return another
                && call.line().questions().remember() != Line.Remember.NEVER
                && mayRemember
                && call.hasWords(Parts.REMEMBER)
                && call.rules()
                        .rememberable(granted)
                        .filter(level -> call.hasWords(Parts.of(Parts.KNOWN, level.id())))
                        .isPresent();
    }

    /**
     * @return AGREE, REFUSE also where nothing was answered, or what takes back all
     */
    private Meaning remember(Level granted) throws OtherLanguageWanted {
        int repeats = Math.min(REPEATS_OF_REMEMBER, call.line().questions().repeats());
        return switch (question.put(
                Wording.ofRemember(),
                yesOrNo(),
                ANSWERS_TO_YES_OR_NO,
                repeats,
                _ -> confirms(granted, false))) {
            case Question.Outcome.Meant(Meaning meaning) -> {
                if (meaning == Meaning.OTHER_LANGUAGE) {
                    throw new OtherLanguageWanted();
                }
                yield meaning;
            }
            case Question.Outcome.Missing _ -> Meaning.REFUSE;
        };
    }

    /** Who asks for a human, or withdraws, takes back what was agreed to before as well. */
    private static void decline(List<Answer> answers, Meaning meaning) {
        if (meaning != Meaning.REFUSE) {
            answers.clear();
        }
        answers.add(new Answer.Declined());
    }

    private static final Set<Meaning> ANSWERS_TO_YES_OR_NO =
            EnumSet.of(
                    Meaning.AGREE,
                    Meaning.REFUSE,
                    Meaning.HUMAN,
                    Meaning.WITHDRAW,
                    Meaning.OTHER_LANGUAGE);

    private Expecting yesOrNo() {
        return KeyMeanings.ofYesOrNo(mayChangeLanguage);
    }

    /**
     * All levels in one question; 0 is none of them, and another level's key corrects the first.
     */
    private void choose(List<Answer> answers) throws OtherLanguageWanted {
        List<Level> levels = call.line().levels();
        var chosen = EnumSet.noneOf(Meaning.class);
        for (int digit = 1; digit <= levels.size(); digit++) {
            chosen.add(Meaning.ofDigit(digit));
        }
        var ends = EnumSet.copyOf(chosen);
        ends.addAll(ANSWERS_TO_YES_OR_NO);
        ends.add(Meaning.ZERO);
        ends.remove(Meaning.AGREE);
        switch (question.put(
                Wording.ofMenu(),
                KeyMeanings.ofMenu(levels.size(), mayChangeLanguage),
                ends,
                chosenNow -> granted(levels.get(chosenNow.digit() - 1), true))) {
            case Question.Outcome.Meant(Meaning meaning) -> {
                if (meaning == Meaning.OTHER_LANGUAGE) {
                    throw new OtherLanguageWanted();
                }
                boolean agreed = chosen.contains(meaning);
                answers.add(
                        agreed
                                ? new Answer.Chosen(levels.get(meaning.digit() - 1))
                                : new Answer.Declined());
                call.inForce().agreed(agreed);
            }
            case Question.Outcome.Missing(Unclear why) -> answers.add(new Answer.Missing(why));
        }
    }
}
