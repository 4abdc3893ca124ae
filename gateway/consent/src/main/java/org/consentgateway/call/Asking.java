package org.consentgateway.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.Answer;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;

/** Confined to the call's virtual thread. Asks for the purposes of a line, in one language. */
final class Asking {
    private final CallInProgress call;
    private final Line.Dialog dialog;
    private final boolean mayChangeLanguage;
    private final Question question;

    /**
     * @param repeats of each question
     * @param mayChangeLanguage whether "*" leads to another language
     */
    Asking(CallStage stage, Line.Dialog dialog, int repeats, boolean mayChangeLanguage) {
        this.call = stage.call();
        this.dialog = dialog;
        this.mayChangeLanguage = mayChangeLanguage && call.line().languages().size() > 1;
        this.question = new Question(stage, repeats);
    }

    /** What came of it. */
    sealed interface Asked {
        record Decided(Decision decision, List<Evidence> evidence, Method method, Duration took)
                implements Asked {}

        record OtherLanguage() implements Asked {}
    }

    Asked ask() {
        long from = call.nanos();
        var answers = new ArrayList<Answer>();
        boolean otherLanguage;
        try {
            otherLanguage =
                    switch (dialog) {
                        case LADDER -> !climb(answers);
                        case MENU -> !choose(answers);
                    };
        } catch (CallerGone e) {
            Unclear why = CallEnded.why(e.how(), Unclear.HANGUP_DURING_QUESTION);
            if (why != Unclear.ERROR) {
                question.keepHangUp(call.since(from));
                call.tell(new CallEvent.Abandoned(call.facts(), call.noticeRef(), why));
            }
            call.note(call.unanswered(why, question.evidence()));
            call.decided();
            throw e;
        }
        if (otherLanguage) {
            return new Asked.OtherLanguage();
        }
        return new Asked.Decided(
                call.rules().decide(answers),
                question.evidence(),
                question.method(),
                call.since(from));
    }

    /**
     * One question per purpose; the first no, or the first missing answer, ends the questions.
     *
     * @return false where the caller wants another language
     */
    private boolean climb(List<Answer> answers) {
        Line line = call.line();
        int most = 1 + line.questions().further();
        for (Purpose purpose : line.purposes().stream().limit(most).toList()) {
            switch (question.put(Wording.of(purpose), yesOrNo(), ANSWERS_TO_YES_OR_NO)) {
                case Question.Outcome.Meant(Meaning meaning) -> {
                    if (meaning == Meaning.OTHER_LANGUAGE) {
                        return false;
                    }
                    if (meaning != Meaning.AGREE) {
                        decline(answers, meaning);
                        return true;
                    }
                    answers.add(new Answer.Agreed(purpose));
                }
                case Question.Outcome.Missing(Unclear why) -> {
                    answers.add(new Answer.Missing(why));
                    return true;
                }
            }
        }
        return true;
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
     * All levels in one question; 0 is none of them.
     *
     * @return false where the caller wants another language
     */
    private boolean choose(List<Answer> answers) {
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
                Wording.ofMenu(), KeyMeanings.ofMenu(levels.size(), mayChangeLanguage), ends)) {
            case Question.Outcome.Meant(Meaning meaning) -> {
                if (meaning == Meaning.OTHER_LANGUAGE) {
                    return false;
                }
                answers.add(
                        chosen.contains(meaning)
                                ? new Answer.Chosen(levels.get(meaning.digit() - 1))
                                : new Answer.Declined());
            }
            case Question.Outcome.Missing(Unclear why) -> answers.add(new Answer.Missing(why));
        }
        return true;
    }
}
