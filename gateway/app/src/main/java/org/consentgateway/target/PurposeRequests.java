package org.consentgateway.target;

import java.util.Optional;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What one assistant asks for in the middle of a call: one purpose at a time, kept
 * until its talk can put the question, and not asked again before it was answered.
 */
public final class PurposeRequests {
    private @Nullable Runnable talk;
    private @Nullable Purpose untaken;
    private boolean unanswered;

    /**
     * From now on this is run, on any thread, when there is something to take; at once where
     * something waits already.
     */
    public synchronized void asking(Runnable told) {
        talk = told;
        if (untaken != null) {
            told.run();
        }
    }

    /**
     * @return false where another question is under way
     */
    public synchronized boolean ask(Purpose purpose) {
        if (unanswered) {
            return false;
        }
        unanswered = true;
        untaken = purpose;
        Runnable told = talk;
        if (told != null) {
            told.run();
        }
        return true;
    }

    /** Taken once: whoever takes it owes an answer. */
    public synchronized Optional<Purpose> take() {
        Optional<Purpose> taken = Optional.ofNullable(untaken);
        untaken = null;
        return taken;
    }

    /** Told before the assistant is: it may ask again as soon as it knows. */
    public synchronized void told(PurposeNews news) {
        switch (news) {
            case PurposeNews.Granted _, PurposeNews.Declined _ -> unanswered = false;
            case PurposeNews.AskedNow _, PurposeNews.Ended _ -> {
                // no answer to what was asked
            }
        }
    }
}
