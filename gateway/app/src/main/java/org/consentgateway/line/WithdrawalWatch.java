package org.consentgateway.line;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;

/**
 * Thread-safe. Sees the caller withdraw, cuts, and only then tells the call's thread: processing
 * stops first, recording comes second, and no busy thread stands between.
 */
final class WithdrawalWatch {
    private final KeySequence keys;
    private final boolean watched;
    private final Supplier<CompletionStage<Long>> cut;
    private final Inbox inbox;
    private boolean withdrawn;

    /**
     * @param cut stops the audio at once; tells later from when on nothing was sent, in nanos
     */
    WithdrawalWatch(Withdrawals watching, Supplier<CompletionStage<Long>> cut, Inbox inbox) {
        this.keys = new KeySequence(watching.keys());
        this.watched = watching.watched();
        this.cut = cut;
        this.inbox = inbox;
    }

    /** For when no audio flows yet, or none any more: there is nothing to cut. */
    static WithdrawalWatch beforeAnyAudio(Withdrawals watching, CallTime time, Inbox inbox) {
        return new WithdrawalWatch(
                watching, () -> CompletableFuture.completedStage(time.nanos()), inbox);
    }

    synchronized void pressed(char digit, long atNanos) {
        if (keys.press(digit, atNanos)) {
            withdraw(Method.KEY, atNanos);
        }
    }

    synchronized void spoken(long atNanos) {
        withdraw(Method.SPEECH, atNanos);
    }

    /** The consent ended outside this call; nothing where no consent is in force. */
    synchronized void elsewhere(EndOfConsent.How how, long atNanos) {
        if (watched && !withdrawn) {
            withdrawn = true;
            inbox.put(new Happening.EndedElsewhere(how, atNanos, cut.get()));
        }
    }

    private void withdraw(Method method, long atNanos) {
        if (withdrawn) {
            return;
        }
        withdrawn = true;
        CompletionStage<Long> lastSent = cut.get();
        inbox.put(new Happening.Withdrew(method, atNanos, lastSent));
    }
}
