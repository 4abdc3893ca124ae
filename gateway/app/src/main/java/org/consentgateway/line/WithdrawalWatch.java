package org.consentgateway.line;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.line.text.TypedKeys;
import org.consentgateway.line.text.TypedLines;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Sees the caller withdraw, whatever is going on; cuts what flows, and only then tells
 * the call's thread: processing stops first, recording comes second, and no busy thread stands
 * between. Made when there is a consent that can end; tells of one withdrawal, and before it of one
 * end outside the call: that need not have ended all that the caller can withdraw.
 *
 * <p>So it sees that the caller wants less, which only a talk with an assistant can heed: until it
 * goes on that is kept here, since whoever speaks to the caller takes keys and lines for nothing.
 */
final class WithdrawalWatch {
    /** More than there are purposes to end one by one. */
    private static final int MOST_WISHES = 8;

    /** So long the next key is waited for. */
    private static final long NEXT_KEY_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

    /** A line that is being typed ends by a pause a little sooner. */
    private static final long LINE_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    private final KeySequence keys;
    private final KeySequence onePurpose = new KeySequence(Withdrawals.ONE_PURPOSE);
    private final BiPredicate<SpokenMeaning, String> words;
    private final Inbox inbox;
    private final Queue<BridgeEnd.LessWanted> less = new ArrayDeque<>();
    private @Nullable Supplier<CompletionStage<Long>> cut;
    private boolean withdrawn;

    /** When something was added to the line that is being typed; null where none is. */
    private @Nullable Long typingNanos;

    private EndOfConsent.@Nullable How elsewhere;

    /**
     * @param keys that withdraw, one after the other
     * @param words whether this is what a typed line means, where that counts
     */
    WithdrawalWatch(String keys, BiPredicate<SpokenMeaning, String> words, Inbox inbox) {
        this.keys = new KeySequence(keys);
        this.words = words;
        this.inbox = inbox;
    }

    /**
     * From now on audio of the caller flows, unless the consent has just ended.
     *
     * @param cut stops it at once; tells later from when on nothing was sent, in nanos
     * @return false where the consent has ended: a withdrawal is about to surface
     */
    synchronized boolean flows(Supplier<CompletionStage<Long>> cut) {
        this.cut = cut;
        return !withdrawn && elsewhere == null;
    }

    /**
     * How the consent has ended outside this call; null where it has not. Whoever was spoken to or
     * asked meanwhile has taken what was told of it out of the inbox.
     */
    synchronized EndOfConsent.@Nullable How endedElsewhere() {
        return elsewhere;
    }

    synchronized void flowsNoMore() {
        cut = null;
    }

    synchronized void pressed(char digit, long atNanos) {
        if (keys.press(digit, atNanos)) {
            withdraw(Method.KEY, atNanos);
        }
        if (onePurpose.press(digit, atNanos)) {
            wants(new BridgeEnd.LessWanted(Method.KEY));
        }
    }

    /** What is being typed: the keys count as soon as they stand there. */
    synchronized void typing(String line, long atNanos) {
        typingNanos = atNanos;
        if (keys.are(TypedKeys.of(line))) {
            withdraw(Method.TEXT, atNanos);
        }
    }

    /**
     * A whole line: words count, and a key that stands alone in it as one that is pressed; also
     * where the line was changed after a pause, or something of it was lost.
     *
     * @param beganNanos when its first character came
     */
    synchronized void typed(String line, long beganNanos, long atNanos) {
        typingNanos = null;
        String typed = TypedKeys.of(TypedLines.withoutMark(line));
        if (keys.typed(typed, beganNanos) || words.test(SpokenMeaning.WITHDRAW, line)) {
            withdraw(Method.TEXT, atNanos);
        }
        if (onePurpose.typed(typed, beganNanos)) {
            wants(new BridgeEnd.LessWanted(Method.TEXT, true));
        } else if (words.test(SpokenMeaning.KEEP_NOTHING, line)) {
            wants(new BridgeEnd.LessWanted(Method.TEXT));
        }
    }

    /**
     * For how long the rest of what was begun by key, or of a line, is waited for; 0 of neither.
     */
    synchronized long begunWaitNanos(long nowNanos) {
        long line = typingNanos == null ? 0 : typingNanos + LINE_NANOS - nowNanos;
        return Math.max(0, Math.max(line, keys.waitNanos(nowNanos)));
    }

    synchronized void spoken(long atNanos) {
        withdraw(Method.SPEECH, atNanos);
    }

    /** That nothing may be kept any more. */
    synchronized void lessSpoken() {
        wants(new BridgeEnd.LessWanted(Method.SPEECH));
        inbox.put(new Happening.LessSaid());
    }

    private void wants(BridgeEnd.LessWanted wish) {
        if (less.size() < MOST_WISHES) {
            less.add(wish);
        }
    }

    /**
     * The first wish for less that was not taken yet; null where there is none, or where all has
     * ended.
     */
    synchronized BridgeEnd.@Nullable LessWanted takeLess() {
        return withdrawn || elsewhere != null ? null : less.poll();
    }

    /** What was wished until now does not count. */
    synchronized void forgetLess() {
        less.clear();
    }

    /** The consent ended outside this call. */
    synchronized void elsewhere(EndOfConsent.How how, long atNanos) {
        if (!withdrawn && elsewhere == null) {
            elsewhere = how;
            inbox.put(new Happening.EndedElsewhere(how, atNanos, cut()));
        }
    }

    synchronized void withdraw(Method method, long atNanos) {
        if (!withdrawn && !erased()) {
            withdrawn = true;
            inbox.put(new Happening.Withdrew(method, atNanos, elsewhere == null ? cut() : null));
        }
    }

    /** Then nothing is left to withdraw, and no record of it may name the caller again. */
    private boolean erased() {
        return elsewhere == EndOfConsent.How.ERASED;
    }

    private @Nullable CompletionStage<Long> cut() {
        return cut == null ? null : cut.get();
    }

    /**
     * Confined to its watch. Finds a short sequence of keys, such as "*9", among all keys pressed.
     * Sans I/O: takes keys with their times.
     */
    private static final class KeySequence {
        private static final long BETWEEN_KEYS_NANOS =
                TimeUnit.MILLISECONDS.toNanos(Withdrawals.BETWEEN_KEYS_MILLIS);

        private final String wanted;
        private String pressed = "";
        private long lastNanos;

        /**
         * @param wanted 2 to 4 keys, or empty: then nothing is ever found
         */
        KeySequence(String wanted) {
            this.wanted = wanted;
        }

        boolean are(String typed) {
            return !wanted.isEmpty() && typed.equals(wanted);
        }

        /**
         * Whether these keys of one line are the sequence, or the one of them completes it.
         *
         * @param beganNanos when the first character of the line came
         */
        boolean typed(String typed, long beganNanos) {
            boolean last = typed.length() == 1 && press(typed.charAt(0), beganNanos);
            return last || are(typed);
        }

        /** Until the next key comes too late to be waited for; none is waited for at 0 or below. */
        long waitNanos(long nowNanos) {
            boolean begun = false;
            for (int from = 0; from < pressed.length(); from++) {
                begun |= wanted.startsWith(pressed.substring(from));
            }
            return begun ? lastNanos + NEXT_KEY_NANOS - nowNanos : 0;
        }

        /** Whether this key completes the sequence. */
        boolean press(char digit, long atNanos) {
            if (wanted.isEmpty()) {
                return false;
            }
            boolean tooLate = atNanos - lastNanos > BETWEEN_KEYS_NANOS;
            pressed = tooLate ? String.valueOf(digit) : pressed + digit;
            if (pressed.length() > wanted.length()) {
                pressed = pressed.substring(pressed.length() - wanted.length());
            }
            lastNanos = atNanos;
            if (!pressed.equals(wanted)) {
                return false;
            }
            pressed = "";
            return true;
        }
    }
}
