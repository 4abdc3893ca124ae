package org.consentgateway.consent.journal;

import java.util.List;
import java.util.Optional;
import org.consentgateway.consent.ConsentRecord;

/**
 * Immutable. How far the ending of all consents of a number came.
 *
 * @param ended now
 * @param where all of their ends are at least, and those that had waited here before
 * @param asked false where the store did not even say which consents there are
 * @param left consents, at most, that were not come to: the store or this machine took no more
 * @param unreadable whether one of them cannot be read
 */
public record EndedAll(
        List<ConsentInForce> ended, Durability where, boolean asked, int left, boolean unreadable) {
    public EndedAll {
        ended = List.copyOf(ended);
    }

    /** Whether nothing is left that may have to be ended. */
    public boolean all() {
        return asked && left == 0 && !unreadable;
    }

    /** Says how a consent ends. */
    public interface Ends {
        /** Empty where it goes on. */
        Optional<ConsentRecord.Withdrawn> of(ConsentInForce consent);
    }
}
