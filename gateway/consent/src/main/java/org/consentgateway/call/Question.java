package org.consentgateway.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.Unclear;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. One question with its repeats: asks until there is an
 * answer, says it again or explains it where the caller wants that, and keeps what shows it.
 */
final class Question {
    /** How often a caller may ask for a repeat or for help before it counts as no answer. */
    static final int MAX_REQUESTS = 5;

    private final CallStage stage;
    private final CallInProgress call;
    private final int repeats;
    private final List<Evidence> evidence = new ArrayList<>();

    private BooleanSupplier again = () -> true;

    /** What is being asked, for the case that the caller leaves. */
    private String part = "";

    private String about = "";
    private int attempt;

    /** What was spoken while the last yes rested. */
    private List<String> begun = List.of();

    Question(CallStage stage, int repeats) {
        this.stage = stage;
        this.call = stage.call();
        this.repeats = repeats;
    }

    /** Whoever it is asked for may be gone when it has not been answered. */
    Question askedAgainIf(BooleanSupplier wanted) {
        again = wanted;
        return this;
    }

    /** What came of a question in the end. */
    sealed interface Outcome {
        record Meant(Meaning meaning) implements Outcome {}

        record Missing(Unclear why) implements Outcome {}
    }

    /** Of all questions put so far. */
    List<Evidence> evidence() {
        return evidence;
    }

    /** How the last answer was given. */
    Method method() {
        return evidence.reversed().stream()
                .map(Evidence::method)
                .filter(m -> m != Method.NONE)
                .findFirst()
                .orElse(Method.NONE);
    }

    /** What is spoken right after a yes, so that nobody hears it rest. */
    interface After {
        /**
         * @param parts without any where nothing is spoken
         * @param question whether they ask the next question
         * @param corrected whether a key rests as well, since another one at once corrects it
         */
        record Spoken(List<String> parts, boolean question, boolean corrected) {
            static final Spoken NOTHING = new Spoken(List.of(), false, false);
        }

        Spoken yes(Meaning meaning);
    }

    /** As often as any other, and nothing is spoken after a yes. */
    Outcome put(Wording wording, Expecting expecting, Set<Meaning> answers) {
        return put(wording, expecting, answers, _ -> After.Spoken.NOTHING);
    }

    /** As often as any other. */
    Outcome put(Wording wording, Expecting expecting, Set<Meaning> answers, After after) {
        return put(wording, expecting, answers, repeats, after);
    }

    /**
     * Whoever was not understood once is helped by keys: the second asking names them, the third
     * knows nothing else.
     *
     * @param answers what ends the question; anything else understood is no answer
     * @param most repeats of this question
     * @param after what comes next, if this is a yes
     */
    Outcome put(Wording wording, Expecting expecting, Set<Meaning> answers, int most, After after) {
        boolean understood = true;
        Unclear why = Unclear.NO_INPUT;
        int requests = 0;
        boolean explain = false;
        about = wording.about();
        attempt = 1;
        while (attempt == 1 || (attempt <= 1 + most && again.getAsBoolean())) {
            boolean speech =
                    !expecting.words().isEmpty() && !isBegunByKeys(wording) && call.hears();
            List<String> parts = wording.parts(attempt, speech && (understood || attempt < 3));
            part = parts.getLast();
            Expecting now = speech ? expecting : expecting.keysOnly();
            Reply reply = ask(explain ? explained(parts) : parts, now);
            if (reply instanceof Reply.Meant meant && answers.contains(meant.meaning())) {
                reply = settled(reply, now, after);
            }
            @Nullable Meaning meaning = meaning(reply);
            explain = false;
            if (meaning == Meaning.INFORMATION && requests < MAX_REQUESTS) {
                requests++;
                Reply.@Nullable Meant other = new Information(stage).speak(expecting.announcing());
                if (other == null) {
                    continue;
                }
                part = Parts.INFORMATION;
                reply = other;
                meaning = other.meaning();
            }
            if (meaning != null && answers.contains(meaning)) {
                keep(reply, result(meaning));
                return new Outcome.Meant(meaning);
            }
            if (isRequest(meaning) && requests < MAX_REQUESTS) {
                requests++;
                explain = meaning == Meaning.HELP;
                continue;
            }
            why = why(reply);
            understood &= why != Unclear.NO_MATCH;
            keep(reply, noAnswer(reply));
            attempt++;
        }
        return new Outcome.Missing(why);
    }

    /** What was begun while a yes rested goes on, and invites nobody to speak who was not. */
    private boolean isBegunByKeys(Wording wording) {
        return attempt == 1
                && begun.equals(wording.parts(attempt, false))
                && !begun.equals(wording.parts(attempt, true));
    }

    private static boolean isRequest(@Nullable Meaning meaning) {
        return meaning == Meaning.REPEAT || meaning == Meaning.HELP;
    }

    private static List<String> explained(List<String> parts) {
        var longer = new ArrayList<String>();
        longer.add(Parts.HELP);
        longer.addAll(parts);
        return longer;
    }

    private Reply ask(List<String> parts, Expecting expecting) {
        return stage.ask(call.utterance(parts), expecting);
    }

    /**
     * A spoken yes is asked back where it was a weak one, and a number that was is not understood;
     * in words it rests before it counts, by key only where another key at once would not end it
     * but correct it.
     */
    private Reply settled(Reply reply, Expecting expecting, After after) {
        if (!(reply instanceof Reply.Meant yes) || !grants(yes, expecting)) {
            return reply;
        }
        if (yes instanceof Reply.Spoken spoken && spoken.weak()) {
            return spoken.meaning() == Meaning.AGREE
                    ? askedBack(spoken, expecting, after)
                    : new Reply.NoMatch(spoken.latency());
        }
        After.Spoken next = after.yes(yes.meaning());
        begun = next.parts();
        if (yes instanceof Reply.Key && !next.corrected()) {
            return yes;
        }
        return stage.rest(yes, new Next(call.utterance(next.parts()), next.question()), expecting);
    }

    /** Where nothing is granted a word counts as it is. */
    private static boolean grants(Reply.Meant said, Expecting expecting) {
        return expecting.grants() && said.meaning().agrees();
    }

    /** "Haben Sie Ja gesagt?", once: a second weak word is not understood. */
    private Reply askedBack(Reply.Spoken weak, Expecting expecting, After after) {
        keep(weak, Evidence.Result.NO_MATCH);
        var notUnderstood = new Reply.NoMatch(weak.latency());
        if (!call.notice().texts().containsKey(Parts.SAID_YES)) {
            return notUnderstood;
        }
        Reply reply = ask(List.of(Parts.SAID_YES), expecting);
        return switch (reply) {
            case Reply.Spoken again when again.weak() && grants(again, expecting) -> notUnderstood;
            case Reply.NoInput _ -> notUnderstood;
            case Reply.Key _,
                    Reply.Spoken _,
                    Reply.Written _,
                    Reply.Conflict _,
                    Reply.NoMatch _,
                    Reply.PromptIncomplete _ ->
                    settled(reply, expecting, after);
        };
    }

    private static @Nullable Meaning meaning(Reply reply) {
        return switch (reply) {
            case Reply.Meant meant -> meant.meaning();
            case Reply.Conflict _, Reply.NoInput _, Reply.NoMatch _, Reply.PromptIncomplete _ ->
                    null;
        };
    }

    private static Unclear why(Reply reply) {
        return switch (reply) {
            case Reply.Meant _, Reply.NoMatch _ -> Unclear.NO_MATCH;
            case Reply.Conflict _ -> Unclear.CONFLICT;
            case Reply.NoInput _ -> Unclear.NO_INPUT;
            case Reply.PromptIncomplete _ -> Unclear.PROMPT_INCOMPLETE;
        };
    }

    private static Evidence.Result result(Meaning meaning) {
        return switch (meaning) {
            case AGREE -> Evidence.Result.AGREED;
            case ONE, TWO, THREE, FOUR, FIVE -> Evidence.Result.CHOSEN;
            case REFUSE,
                    ZERO,
                    HUMAN,
                    WITHDRAW,
                    HEDGED,
                    ERASE,
                    COMPLAIN,
                    KEEP_NOTHING,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE ->
                    Evidence.Result.DECLINED;
        };
    }

    /** Of a reply that was no answer. */
    private static Evidence.Result noAnswer(Reply reply) {
        return switch (reply) {
            case Reply.Meant _, Reply.NoMatch _ -> Evidence.Result.NO_MATCH;
            case Reply.Conflict _ -> Evidence.Result.CONFLICT;
            case Reply.NoInput _ -> Evidence.Result.NO_INPUT;
            case Reply.PromptIncomplete _ -> Evidence.Result.PROMPT_INCOMPLETE;
        };
    }

    private void keep(Reply reply, Evidence.Result result) {
        Method method = Method.NONE;
        @Nullable Character key = null;
        @Nullable SpokenWords words = null;
        double confidence = 0;
        switch (reply) {
            case Reply.Key(char digit, _, boolean spokenToo, _) -> {
                key = digit;
                method = spokenToo ? Method.BOTH : Method.KEY;
            }
            case Reply.Spoken(_, SpokenWords said, double sure, _, _, _) -> {
                words = said;
                confidence = sure;
                method = Method.SPEECH;
            }
            case Reply.Written(_, @Nullable Character digit, SpokenWords typed, _) -> {
                key = digit;
                words = digit == null ? typed : null;
                confidence = digit == null ? 1 : 0;
                method = Method.TEXT;
            }
            case Reply.Conflict _, Reply.NoInput _, Reply.NoMatch _, Reply.PromptIncomplete _ -> {}
        }
        evidence.add(
                new Evidence(
                        part,
                        about,
                        attempt,
                        result,
                        method,
                        key,
                        words,
                        confidence,
                        method == Method.SPEECH ? call.model() : "",
                        reply.latency()));
    }

    /** A no to what asked nothing yet. */
    void keepDeclined(String announced, Reply.Meant no) {
        part = announced;
        about = "";
        attempt = 1;
        keep(no, Evidence.Result.DECLINED);
    }

    /** That the caller left before answering. */
    void keepHangUp(Duration latency) {
        keep(Evidence.Result.HUNG_UP, Method.NONE, latency);
    }

    /** That the caller withdrew here what was agreed to in the questions before. */
    void keepWithdrawal(Method method, Duration latency) {
        keep(Evidence.Result.DECLINED, method, latency);
    }

    /** The same, in what asked nothing. */
    void keepWithdrawal(String announced, Method method, Duration latency) {
        part = announced;
        about = "";
        attempt = 1;
        keepWithdrawal(method, latency);
    }

    private void keep(Evidence.Result result, Method method, Duration latency) {
        evidence.add(
                new Evidence(part, about, attempt, result, method, null, null, 0, "", latency));
    }
}
