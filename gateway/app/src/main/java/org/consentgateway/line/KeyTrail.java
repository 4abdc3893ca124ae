package org.consentgateway.line;

import java.util.ArrayDeque;
import java.util.Deque;
import org.consentgateway.consent.EndOfConsent;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The keys pressed since the last question was over, and who watches them now. The
 * confirmation tells callers of the withdrawal keys, so keys pressed while it is spoken, or while
 * it still rings, count for whoever watches next.
 */
final class KeyTrail {
    /** Longer than any withdrawal keys. */
    private static final int CAPACITY = 8;

    private final Deque<Happening.KeyDown> pressed = new ArrayDeque<>();
    private @Nullable WithdrawalWatch watch;

    /** How the consent ended outside this call; it counts for whoever watches next, too. */
    private @Nullable Elsewhere elsewhere;

    private record Elsewhere(EndOfConsent.How how, long atNanos) {}

    synchronized void pressed(char digit, long atNanos) {
        pressed.addLast(new Happening.KeyDown(digit, atNanos));
        if (pressed.size() > CAPACITY) {
            pressed.removeFirst();
        }
        if (watch != null) {
            watch.pressed(digit, atNanos);
        }
    }

    /** A line that is being typed: one that withdraws is not kept for whoever watches next. */
    synchronized void typing(String line, long atNanos) {
        if (watch != null) {
            watch.typing(line, atNanos);
        }
    }

    /** The same of a whole line, which began then. */
    synchronized void typed(String line, long beganNanos, long atNanos) {
        if (watch != null) {
            watch.typed(line, beganNanos, atNanos);
        }
    }

    /** As {@link WithdrawalWatch#begunWaitNanos}. */
    synchronized long begunWaitNanos(long nowNanos) {
        return watch == null ? 0 : watch.begunWaitNanos(nowNanos);
    }

    /** From now on this one is told, and first of what was pressed before; null watches nothing. */
    synchronized void watch(@Nullable WithdrawalWatch next) {
        watch = next;
        if (next != null) {
            if (elsewhere != null) {
                next.elsewhere(elsewhere.how(), elsewhere.atNanos());
            }
            pressed.forEach(key -> next.pressed(key.digit(), key.atNanos()));
        }
    }

    synchronized void elsewhere(EndOfConsent.How how, long atNanos) {
        elsewhere = new Elsewhere(how, atNanos);
        if (watch != null) {
            watch.elsewhere(how, atNanos);
        }
    }

    /** What was pressed and typed until now has answered a question, and ends no purpose either. */
    synchronized void clear() {
        pressed.clear();
        if (watch != null) {
            watch.forgetLess();
        }
    }
}
