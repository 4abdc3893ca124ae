package org.consentgateway.call;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.consentgateway.call.CallStage.CallerGone;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.Task;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Takes down where a person may call back: the last resort
 * of who reached nobody, and the way back to who complains. By keys; without any AI.
 */
final class CallBack {
    /** How often a number may be dialled anew. */
    static final int TRIES = 3;

    private static final Expecting WHICH_NUMBER =
            new Expecting(
                    Map.of('1', Meaning.ONE, '2', Meaning.TWO, '0', Meaning.ZERO),
                    EnumSet.of(
                            Meaning.AGREE,
                            Meaning.REFUSE,
                            Meaning.ONE,
                            Meaning.TWO,
                            Meaning.REPEAT),
                    Expecting.Starts.ONCE_PUT);

    private static final Expecting RIGHT =
            new Expecting(
                    Map.of('1', Meaning.AGREE, '2', Meaning.REFUSE),
                    EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.REPEAT),
                    Expecting.Starts.YES_ONCE_PUT);

    /** Any key while a number is read back says that it is not the whole of it. */
    private static final Expecting GOES_ON =
            new Expecting(
                    "0123456789*"
                            .chars()
                            .mapToObj(key -> (char) key)
                            .collect(Collectors.toMap(Function.identity(), _ -> Meaning.REFUSE)),
                    EnumSet.of(Meaning.AGREE, Meaning.REFUSE));

    private static final char BEGINS_ANEW = '*';

    private static final Set<Meaning> YES_OR_NO = EnumSet.of(Meaning.AGREE, Meaning.REFUSE);

    private static final Set<Meaning> WHICH =
            EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.ONE, Meaning.TWO, Meaning.ZERO);

    private final CallInProgress call;
    private final CallStage stage;
    private final Task.Kind kind;
    private @Nullable PhoneNumber wanted;
    private boolean noted;

    /**
     * @param outcome of the call if the caller leaves meanwhile, by whether it was noted
     */
    CallBack(CallInProgress call, Task.Kind kind, Function<Boolean, CallOutcome> outcome) {
        this.call = call;
        this.kind = kind;
        this.stage = call.stage(() -> outcome.apply(noted));
    }

    /**
     * Asks where, and takes it down.
     *
     * @param before said before the question
     * @return whether it was noted; then the caller was told so
     */
    boolean offer(List<String> before) {
        try {
            wanted = number(before);
        } catch (CallerGone | ConsentWithdrawn | CallDrained e) {
            leftMeanwhile();
            throw e;
        }
        if (wanted == null && kind == Task.Kind.CALL_BACK) {
            stage.say(Parts.THANKS);
            return false;
        }
        if (!note()) {
            stage.say(Parts.APOLOGY, Parts.GOODBYE);
            return false;
        }
        stage.say(kind == Task.Kind.CALL_BACK ? Parts.CALL_BACK_NOTED : Parts.COMPLAINT_NOTED);
        return true;
    }

    /**
     * Who complains and hangs up, or withdraws, or is talking when we shut down, has complained;
     * who dialled a number wants to be called at it.
     */
    private void leftMeanwhile() {
        if (wanted != null || kind == Task.Kind.COMPLAINT) {
            boolean _ = note();
        }
    }

    private @Nullable PhoneNumber number(List<String> before) {
        @Nullable PhoneNumber shown = stage.number();
        if (shown == null) {
            return dialled(before);
        }
        var first = new ArrayList<>(before);
        first.add(Parts.CALL_BACK);
        var question = new Question(stage, 1);
        var wording = Wording.alike(List.of(first, List.of(Parts.CALL_BACK)));
        return switch (question.put(wording, WHICH_NUMBER, WHICH)) {
            case Question.Outcome.Meant(Meaning meaning) ->
                    switch (meaning) {
                        case ONE, AGREE -> shown;
                        case TWO -> dialled(List.of());
                        default -> null;
                    };
            case Question.Outcome.Missing _ -> null;
        };
    }

    /** What a key would cut short, were it one with the invitation to dial, is said first. */
    private @Nullable PhoneNumber dialled(List<String> before) {
        if (!before.isEmpty()) {
            stage.say(before);
        }
        List<String> words = List.of(Parts.CALL_BACK_NUMBER);
        for (int tries = 0; tries < TRIES; tries++) {
            switch (wholeNumber(words)) {
                case Typed.Whole(PhoneNumber number, _) -> {
                    if (isRight()) {
                        return number;
                    }
                    wanted = null;
                    words = List.of(Parts.CALL_BACK_NUMBER);
                }
                case Typed.NoNumber() ->
                        words = List.of(Parts.CALL_BACK_WRONG, Parts.CALL_BACK_NUMBER);
                case Typed.Nothing() -> {
                    return null;
                }
            }
        }
        return null;
    }

    /** One that was heard to its end, and with which nobody has gone on meanwhile. */
    private Typed wholeNumber(List<String> words) {
        Typed typed = stage.type(words, "");
        while (typed instanceof Typed.Whole(PhoneNumber number, PhoneNumber dialled)) {
            wanted = number;
            Reply.@Nullable Meant meanwhile =
                    stage.announce(List.of(), heard(dialled), GOES_ON).meant();
            if (meanwhile == null) {
                return typed;
            }
            wanted = null;
            @Nullable Character key = key(meanwhile);
            if (key == null || key == BEGINS_ANEW) {
                return new Typed.NoNumber();
            }
            typed = stage.type(List.of(), dialled.text() + key);
        }
        return typed;
    }

    private static List<String> heard(PhoneNumber number) {
        var words = new ArrayList<>(List.of(Parts.CALL_BACK_HEARD));
        number.digits().forEach(digit -> words.add(Parts.of(Parts.PRIVACY_DIGIT, digit)));
        return words;
    }

    /**
     * @return null where it was said
     */
    private static @Nullable Character key(Reply.Meant meant) {
        return switch (meant) {
            case Reply.Key(char digit, _, _, _) -> digit;
            case Reply.Written(_, @Nullable Character digit, _, _) -> digit;
            case Reply.Spoken _ -> null;
        };
    }

    /** Whoever says nothing to that has nothing against it. */
    private boolean isRight() {
        Question.Outcome outcome =
                new Question(stage, 0)
                        .put(
                                Wording.alike(List.of(List.of(Parts.CALL_BACK_RIGHT))),
                                RIGHT,
                                YES_OR_NO);
        return !(outcome instanceof Question.Outcome.Meant(Meaning meaning)
                && meaning == Meaning.REFUSE);
    }

    /** Only what is on disk is said to be noted. */
    private boolean note() {
        try {
            Task.Opened _ =
                    call.durably(() ->
                            call.services()
                                    .tasks()
                                    .open(
                                            kind,
                                            call.facts(),
                                            call.noticeRef(),
                                            wanted,
                                            call.now()));
        } catch (JournalUnavailable e) {
            return false;
        }
        noted = true;
        call.tell(new CallEvent.TaskOpened(call.facts(), call.noticeRef(), kind));
        return true;
    }
}
