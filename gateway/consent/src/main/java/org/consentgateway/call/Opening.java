package org.consentgateway.call;

import java.time.Instant;
import java.util.List;
import org.consentgateway.call.CallStage.CallerGone;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The first part of a notice: the disclosure that an AI
 * speaks (Art. 50 (1) AI Act), on every call, and the record that it was played. Nobody can agree
 * during it; a no, another language and the information count from the first sample on.
 */
final class Opening {
    /** What was not heard whole is played once more; then something is wrong with the line. */
    private static final int TIMES = 2;

    private static final Said NOTHING_SAID = new Said(0, 0, 0, false, Said.End.CALLER_GONE);

    private final CallStage stage;
    private final CallInProgress call;
    private final Expecting expecting;
    private final long from;

    /**
     * @param dialog of the questions that follow: what refuses in them counts already
     * @param mayChangeLanguage whether "*" leads to another language
     */
    Opening(CallStage stage, Line.Dialog dialog, boolean mayChangeLanguage) {
        this.stage = stage;
        this.call = stage.call();
        boolean others = mayChangeLanguage && call.hasOtherLanguages();
        Expecting questions =
                switch (dialog) {
                    case LADDER -> KeyMeanings.ofYesOrNo(others);
                    case MENU -> KeyMeanings.ofMenu(call.line().levels().size(), others);
                };
        this.expecting = questions.announcing();
        this.from = call.nanos();
    }

    /** What came of it. */
    sealed interface Outcome {
        /** The caller has heard it whole. */
        record HeardWhole() implements Outcome {}

        /** Nor a second time. */
        record NotHeard() implements Outcome {}

        record OtherLanguage() implements Outcome {}

        /** The caller did not wait for the question. */
        record Declined(Asking.Asked.Decided decided) implements Outcome {}
    }

    /**
     * Speaks it and records that.
     *
     * @param parts the first one names it in the record
     */
    Outcome speak(List<String> parts) throws JournalUnavailable {
        try {
            return spoken(parts);
        } catch (ConsentWithdrawn e) {
            if (!call.noneRecorded()) {
                throw e;
            }
            return new Outcome.Declined(takenBack(e, parts.getFirst()));
        }
    }

    /** Agreed to in another language, and withdrawn before it was recorded: never given. */
    private Asking.Asked.Decided takenBack(ConsentWithdrawn how, String part) {
        var question = new Question(stage, 0);
        question.keepWithdrawal(part, how.method(), call.since(from));
        return refused(question, how.method());
    }

    private Outcome spoken(List<String> parts) throws JournalUnavailable {
        int unheard = 0;
        int requests = 0;
        while (true) {
            Instant started = call.now();
            Announced announced =
                    announce(
                            parts,
                            requests < Question.MAX_REQUESTS
                                    ? expecting
                                    : expecting.without(Meaning.INFORMATION),
                            started);
            ConsentRecord served = served(parts.getFirst(), started, announced.said());
            Reply.@Nullable Meant meant = announced.meant();
            if (meant != null) {
                call.note(served);
                Outcome outcome = outcome(meant, parts.getFirst());
                requests++;
                if (outcome != null) {
                    return outcome;
                }
                continue;
            }
            call.durably(() -> {
                call.journal().write(served);
                return served;
            });
            if (announced.said().heard()) {
                return new Outcome.HeardWhole();
            }
            if (++unheard == TIMES) {
                return new Outcome.NotHeard();
            }
        }
    }

    private Announced announce(List<String> parts, Expecting now, Instant started) {
        try {
            return stage.announce(call.languageOffers(), parts, now);
        } catch (CallerGone | CallDrained e) {
            leftDuring(e, parts.getFirst(), started);
            throw e;
        } catch (ConsentWithdrawn e) {
            call.note(served(parts.getFirst(), started, saidOf(e.said())));
            throw e;
        }
    }

    /**
     * @param part during which it was meant
     * @return null where the opening is spoken again
     */
    private @Nullable Outcome outcome(Reply.Meant meant, String part) {
        return switch (meant.meaning()) {
            case OTHER_LANGUAGE -> new Outcome.OtherLanguage();
            case REFUSE, HUMAN, WITHDRAW, ZERO -> new Outcome.Declined(declined(meant, part));
            case INFORMATION -> {
                Reply.@Nullable Meant meanwhile = new Information(stage).speak(expecting);
                yield meanwhile == null ? null : outcome(meanwhile, Parts.INFORMATION);
            }
            case AGREE,
                    HEDGED,
                    ERASE,
                    COMPLAIN,
                    KEEP_NOTHING,
                    REPEAT,
                    HELP,
                    ONE,
                    TWO,
                    THREE,
                    FOUR,
                    FIVE ->
                    throw new IllegalStateException("not expected: " + meant.meaning());
        };
    }

    private Asking.Asked.Decided declined(Reply.Meant meant, String part) {
        var question = new Question(stage, 0);
        question.keepDeclined(part, meant);
        return refused(question, question.method());
    }

    private Asking.Asked.Decided refused(Question question, Method method) {
        return new Asking.Asked.Decided(
                new Decision.Refused(), false, question.evidence(), method, call.since(from));
    }

    private void leftDuring(RuntimeException left, String part, Instant started) {
        Said said = NOTHING_SAID;
        Unclear reason = Unclear.ERROR;
        if (left instanceof CallerGone gone) {
            said = saidOf(gone.said());
            reason = CallEnded.why(gone.how(), Unclear.HANGUP_DURING_OPENING);
        }
        ConsentRecord served = served(part, started, said);
        if (reason != Unclear.ERROR) {
            call.tell(
                    new CallEvent.Abandoned(call.facts(), call.noticeRef(), call.known(), reason));
        }
        call.note(served, call.unanswered(reason, List.of()));
        call.decided();
    }

    private static Said saidOf(@Nullable Said said) {
        return said == null ? NOTHING_SAID : said;
    }

    private ConsentRecord.Served served(String part, Instant started, Said said) {
        call.disclosed(said.heard());
        return new ConsentRecord.Served(
                call.newId(),
                call.now(),
                call.facts(),
                call.noticeRef(),
                part,
                playing(started, said));
    }

    /**
     * @param started when the gateway began to speak, with the offers of other languages where
     *     these came first
     */
    static Playing playing(Instant started, Said said) {
        return new Playing(
                started,
                said.samplesPlanned(),
                said.samplesSent(),
                said.heard(),
                said.interruptedBy());
    }
}
