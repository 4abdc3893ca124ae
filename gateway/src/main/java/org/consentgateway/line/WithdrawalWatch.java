package org.consentgateway.line;

import java.util.function.LongSupplier;
import org.consentgateway.call.Withdrawals;
import org.consentgateway.consent.Method;

/**
 * Thread-safe. Sees the caller withdraw, cuts, and only then tells the call's thread: processing
 * stops first, recording comes second, and no busy thread stands between.
 */
final class WithdrawalWatch {
    private final KeySequence keys;
    private final LongSupplier cut;
    private final Inbox inbox;
    private boolean withdrawn;

    /**
     * @param cut stops the audio; returns since when, in nanos
     */
    WithdrawalWatch(Withdrawals watching, LongSupplier cut, Inbox inbox) {
        this.keys = new KeySequence(watching.keys());
        this.cut = cut;
        this.inbox = inbox;
    }

    synchronized void pressed(char digit, long atNanos) {
        if (keys.press(digit, atNanos)) {
            withdraw(Method.KEY, atNanos);
        }
    }

    synchronized void spoken(long atNanos) {
        withdraw(Method.SPEECH, atNanos);
    }

    private void withdraw(Method method, long atNanos) {
        if (withdrawn) {
            return;
        }
        withdrawn = true;
        long cutNanos = cut.getAsLong();
        inbox.put(new Happening.Withdrew(method, atNanos, cutNanos));
    }
}
