package org.consentgateway.line;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.media.Playback;
import org.jspecify.annotations.Nullable;

/** Confined to the call's virtual thread. A caller dials a telephone number into a call. */
final class Typing {
    /** To look for a number, from the end of the prompt. */
    private static final long FIRST_KEY_NANOS = Duration.ofSeconds(10).toNanos();

    /** To look at it again. */
    private static final long NEXT_KEY_NANOS = Duration.ofSeconds(5).toNanos();

    /** More is no number, and ends it. */
    static final int MOST_DIGITS = 17;

    private static final char ENDS = '#';
    private static final char BEGINS_ANEW = '*';

    private final Prompts prompts;
    private final WithdrawalListener withdrawals;
    private final CallTime time;
    private final UnaryOperator<String> complete;

    /**
     * @param complete digits as they are dialled on the caller's trunk to E.164; to the empty
     *     string where they lead nowhere by themselves
     */
    Typing(
            Prompts prompts,
            WithdrawalListener withdrawals,
            CallTime time,
            UnaryOperator<String> complete) {
        this.prompts = prompts;
        this.withdrawals = withdrawals;
        this.time = time;
        this.complete = complete;
    }

    /** As {@link org.consentgateway.call.Caller#type}. */
    Typed type(Utterance prompt, Happenings happenings) {
        Playback playback = prompts.begin(prompt).playback();
        try {
            return typed(digits(playback, happenings));
        } finally {
            playback.stop();
            withdrawals.answered();
        }
    }

    private String digits(Playback playback, Happenings happenings) {
        var digits = new StringBuilder();
        boolean pressed = false;
        long due = Long.MAX_VALUE;
        boolean over = false;
        while (true) {
            if (!over && playback.ended().toCompletableFuture().isDone()) {
                over = true;
                if (!pressed) {
                    due = time.nanos() + FIRST_KEY_NANOS;
                }
            }
            long left = due == Long.MAX_VALUE ? Happenings.PATIENCE_NANOS : due - time.nanos();
            if (left <= 0) {
                return digits.toString();
            }
            @Nullable Happening happening = happenings.next(left);
            if (!(happening instanceof Happening.KeyDown(char key, _))) {
                continue;
            }
            if (!pressed) {
                playback.stop();
                pressed = true;
            }
            due = time.nanos() + NEXT_KEY_NANOS;
            switch (key) {
                case ENDS -> {
                    return digits.toString();
                }
                case BEGINS_ANEW -> digits.setLength(0);
                default -> digits.append(key);
            }
            if (digits.length() > MOST_DIGITS) {
                return digits.toString();
            }
        }
    }

    private Typed typed(String digits) {
        if (digits.isEmpty()) {
            return new Typed.Nothing();
        }
        String whole = complete.apply(digits);
        String number = whole.isEmpty() ? digits : whole;
        return PhoneNumber.is(number) && PhoneNumber.is(digits)
                ? new Typed.Whole(new PhoneNumber(number), new PhoneNumber(digits))
                : new Typed.NoNumber();
    }
}
