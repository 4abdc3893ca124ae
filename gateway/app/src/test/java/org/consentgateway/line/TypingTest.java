package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.words.Lexicons;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A telephone number that is typed as text, in virtual time. */
class TypingTest {
    private static final Notice NOTICE =
            new Notice(
                    "demo",
                    "1",
                    "de",
                    "a",
                    1,
                    LocalDate.EPOCH,
                    false,
                    new Notice.Controller("", "", Notice.Controller.DEFAULT_COUNTRY),
                    Period.ofMonths(1),
                    Map.of(),
                    Map.of(),
                    "",
                    "");
    private static final PhoneNumber NUMBER = new PhoneNumber("+49301234567");

    private final VirtualTime time = new VirtualTime();
    private final VirtualLeg leg = new VirtualLeg(_ -> {});
    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final TypedWords words = new TypedWords(Lexicons.none());
    private final Queue<Input> inputs = new ArrayDeque<>();

    /** What is said or shown first. */
    private List<AudioClip> prompt = List.of();

    /**
     * Something the caller does.
     *
     * @param line that a pause has ended; empty where one is begun or taken back
     */
    private record Input(long atMillis, String line) {
        Happening at(long nanos) {
            return line.isEmpty()
                    ? new Happening.BeganToType()
                    : new Happening.LineTyped(line, nanos, nanos, false);
        }
    }

    private static Input types(long atMillis) {
        return new Input(atMillis, "");
    }

    /** Dialled of the number before. */
    private String begun = "";

    /** These lines at once. */
    private Typed typed(String... all) {
        return typed(Arrays.stream(all).map(line -> new Input(0, line)).toArray(Input[]::new));
    }

    private Typed typed(Input... all) {
        inputs.addAll(List.of(all));
        var callTime = time.ofCalls();
        var text = new CallerText(leg, UnaryOperator.identity(), inbox, keys);
        var sounds = new Sounds(_ -> prompt, Tone.ringBack());
        var hearing = new Hearing(new ToldRecogniser(false), leg, callTime, _ -> {});
        var typing =
                new Typing(
                        new Prompts(leg, text, sounds, inbox, callTime, _ -> {}),
                        new WithdrawalListener(hearing, keys, words, inbox),
                        callTime,
                        new Typing.Reading(UnaryOperator.identity(), words));
        return typing.type(Utterance.of(NOTICE), begun, this::next);
    }

    /** In order of time; then nothing more, for as long as it is waited. */
    private @Nullable Happening next(long atMostNanos) {
        long until = time.getAsLong() + atMostNanos;
        while (time.getAsLong() < until) {
            Input input = inputs.peek();
            if (input != null && input.atMillis() <= time.sinceStart()) {
                inputs.remove();
                return input.at(time.getAsLong());
            }
            Happening played = inbox.take(0);
            if (played != null) {
                return played;
            }
            var _ = leg.sent();
            time.step();
        }
        return null;
    }

    /** U+FFFD is an answer before it that is taken back. */
    @ParameterizedTest
    @ValueSource(strings = {"\uFFFD", "*", " - ", "?"})
    void aLineWithoutLetterOrDigitIsNoWrongNumber(String line) {
        assertThat(typed(line)).isEqualTo(new Typed.Nothing());
        assertThat(typed(line, NUMBER.text())).isEqualTo(new Typed.Whole(NUMBER, NUMBER));
    }

    @Test
    void wordsAreNoNumberAndEndIt() {
        assertThat(typed("keine", NUMBER.text())).isEqualTo(new Typed.NoNumber());
    }

    /** Twelve seconds to look for the number, from the last moment of that. */
    @Test
    void whoTakesBackAnOldAnswerHasTheWholeTimeForTheNumber() {
        assertThat(typed(types(1000), new Input(2000, "\uFFFD"), new Input(13_800, NUMBER.text())))
                .isEqualTo(new Typed.Whole(NUMBER, NUMBER));
    }

    @Test
    void whoTakesBackAnOldAnswerHasTheTimeToReadWhatToDo() {
        prompt = Collections.nCopies(4, Tone.ringBack());
        long read = 4L * Tone.ringBack().millis();

        assertThat(typed(types(1000), new Input(read + 11_800, NUMBER.text())))
                .isEqualTo(new Typed.Whole(NUMBER, NUMBER));
    }

    @Test
    void whatWasDialledBeforeIsTheBeginningOfTheNumber() {
        begun = NUMBER.text().substring(0, 8);

        assertThat(typed(new Input(4800, NUMBER.text().substring(8))))
                .isEqualTo(new Typed.Whole(NUMBER, NUMBER));
    }

    @Test
    void aNumberIsOverFiveSecondsBehindItsLastDigit() {
        assertThat(typed(new Input(0, NUMBER.text()), new Input(5200, "8")))
                .isEqualTo(new Typed.Whole(NUMBER, NUMBER));
    }
}
