package org.consentgateway.line;

import java.util.concurrent.TimeUnit;
import org.consentgateway.call.far.Withdrawals;

/**
 * Confined to one thread. Finds a short sequence of keys, such as "*9", among all keys pressed.
 * Sans I/O: takes keys with their times.
 */
final class KeySequence {
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
