package org.consentgateway.line;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.Playback;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. A caller dials a telephone number into a call, or types it
 * as text.
 */
final class Typing {
    /** To look for a number, from the end of the prompt; to read what to do and type it as well. */
    private static final long FIRST_KEY_NANOS = Duration.ofSeconds(12).toNanos();

    /** To look at it again. */
    private static final long NEXT_KEY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long NOT_YET = Long.MAX_VALUE;

    /** More is no number, and ends it. */
    static final int MOST_DIGITS = 17;

    private static final char ENDS = '#';
    private static final char BEGINS_ANEW = '*';
    private static final char INTERNATIONAL = '+';

    /** +49 (0)30 …: dialled within the country alone. */
    private static final String TRUNK_PREFIX = "(0)";

    private final Prompts prompts;
    private final WithdrawalListener withdrawals;
    private final CallTime time;
    private final Reading reading;

    /**
     * How what is typed is read.
     *
     * @param complete digits as they are dialled on the caller's trunk to E.164; to the empty
     *     string where they lead nowhere by themselves
     */
    record Reading(UnaryOperator<String> complete, TypedWords words) {}

    Typing(Prompts prompts, WithdrawalListener withdrawals, CallTime time, Reading reading) {
        this.prompts = prompts;
        this.withdrawals = withdrawals;
        this.time = time;
        this.reading = reading;
    }

    /** As {@link org.consentgateway.call.Caller#type}. */
    Typed type(Utterance prompt, String begun, Happenings happenings) {
        Playback playback = prompts.begin(prompt).playback();
        try {
            var number = new OneNumber(playback, prompt.notice().language());
            if (!begun.isEmpty()) {
                number.goesOnWith(begun);
            }
            return number.typed(happenings);
        } finally {
            playback.stop();
            withdrawals.answered();
        }
    }

    /** Confined to the call's virtual thread. One number, from its first digit to its last. */
    private final class OneNumber {
        private final Playback playback;
        private final String language;
        private final StringBuilder digits = new StringBuilder();
        private boolean begun;
        private boolean words;
        private boolean over;
        private long due = NOT_YET;

        OneNumber(Playback playback, String language) {
            this.playback = playback;
            this.language = language;
        }

        void goesOnWith(String dialled) {
            digits.append(dialled);
            goesOn();
        }

        Typed typed(Happenings happenings) {
            boolean heardOut = false;
            while (!over && digits.length() <= MOST_DIGITS) {
                if (!heardOut && playback.ended().toCompletableFuture().isDone()) {
                    heardOut = true;
                    due = begun ? due : time.nanos() + FIRST_KEY_NANOS;
                }
                long left = due == NOT_YET ? Happenings.PATIENCE_NANOS : due - time.nanos();
                if (left <= 0) {
                    break;
                }
                take(happenings.next(left));
            }
            return typed();
        }

        private void take(@Nullable Happening happening) {
            switch (happening) {
                case Happening.KeyDown(char key, _) -> {
                    goesOn();
                    key(key);
                }
                case Happening.BeganToType() -> typing();
                case Happening.LineTyped(String line, _, _, boolean ended) -> {
                    line(line.strip(), ended);
                    typing();
                }
                case null, default -> {
                    // no digit
                }
            }
        }

        /**
         * Before the first digit it may be an old answer that is taken back: what to do has yet to
         * be read, and the number to be looked for.
         */
        private void typing() {
            if (!digits.isEmpty()) {
                goesOn();
            } else if (due != NOT_YET) {
                due = time.nanos() + FIRST_KEY_NANOS;
            }
        }

        private void goesOn() {
            if (!begun) {
                begun = true;
                playback.stop();
            }
            due = time.nanos() + NEXT_KEY_NANOS;
        }

        private void key(char key) {
            switch (key) {
                case ENDS -> over = true;
                case BEGINS_ANEW -> digits.setLength(0);
                default -> digits.append(key);
            }
        }

        /**
         * Digits with whatever people write between them; after a pause it may go on. A line
         * without a letter or a digit (an old line taken back, a key that begins anew) is none.
         */
        private void line(String line, boolean ended) {
            int before = digits.length();
            String number = line.startsWith("+") ? line.replace(TRUNK_PREFIX, "") : line;
            for (int at = 0; at < number.length(); at++) {
                char each = number.charAt(at);
                if (isDigit(each) || each == ENDS || each == BEGINS_ANEW) {
                    key(each);
                } else if (each == INTERNATIONAL && digits.isEmpty()) {
                    digits.append(each);
                }
            }
            words =
                    digits.isEmpty()
                            && !over
                            && line.codePoints().anyMatch(Character::isLetterOrDigit);
            if (words && reading.words().means(SpokenMeaning.REFUSE, line, language)) {
                words = false;
                over = true;
            }
            over |= words || (ended && digits.length() > before);
        }

        private static boolean isDigit(char each) {
            return each >= '0' && each <= '9';
        }

        private Typed typed() {
            if (digits.isEmpty()) {
                return words ? new Typed.NoNumber() : new Typed.Nothing();
            }
            String dialled = digits.toString();
            String whole = reading.complete().apply(dialled);
            String number = whole.isEmpty() ? dialled : whole;
            return PhoneNumber.is(number) && PhoneNumber.is(dialled)
                    ? new Typed.Whole(new PhoneNumber(number), new PhoneNumber(dialled))
                    : new Typed.NoNumber();
        }
    }
}
