package org.consentgateway.consent.journal;

import java.util.Collection;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;

/**
 * Thread-safe. A small local file beside the store for what must not be lost while the store is
 * down: withdrawals above all. Bounded by its implementation, with places for what goes first that
 * nothing else takes.
 */
public interface LateJournal {

    /**
     * Keeps the record durably on this machine.
     *
     * @return false where its places are full or the disk fails: counted by the caller
     */
    boolean keep(ConsentRecord record);

    /** All that is kept, oldest first. */
    List<ConsentRecord> kept();

    /** The store has them now. */
    void forget(Collection<ConsentRecord> written);

    /**
     * Whether it ends a consent, so that other machines honour that one until the store has this. A
     * grant waits only together with its end, and stands before it.
     */
    static boolean goesFirst(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Withdrawn _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Given _,
                    ConsentRecord.Renewed _ ->
                    true;
            case ConsentRecord.PurposeDecided decided -> decided.ends();
            case ConsentRecord.Imported _,
                    ConsentRecord.Served _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Expired _ ->
                    false;
        };
    }
}
