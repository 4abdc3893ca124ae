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
    private final boolean watched;
    private final LongSupplier cut;
    private final Inbox inbox;
    private boolean withdrawn;

    /**
     * @param cut stops the audio; returns since when, in nanos
     */
    WithdrawalWatch(Withdrawals watching, LongSupplier cut, Inbox inbox) {
        this.keys = new KeySequence(watching.keys());
        this.watched = watching.watched();
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

    /** The consent ended in another call; nothing where no consent is in force. */
    synchronized void elsewhere(long atNanos) {
        if (watched && !withdrawn) {
            withdrawn = true;
            inbox.put(new Happening.EndedElsewhere(atNanos, cut.getAsLong()));
        }
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
