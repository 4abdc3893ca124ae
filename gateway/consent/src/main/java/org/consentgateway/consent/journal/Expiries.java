package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.NoticeRef;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Writes that a consent has ended when its time is over, also where nobody calls. A
 * consent that ends during a talk holds to the end of that call, and is written as ended only then.
 * To be run every minute or so; what it says changes nothing for a call, which counts the time
 * itself.
 */
public final class Expiries {
    /** Records per run, so that one run never holds the writer for long. */
    public static final int BATCH = 500;

    /** Thread-safe. Finds the consents whose time is over. */
    public interface Ended {

        /**
         * Given and Renewed with an end at or before {@code now} that are not superseded,
         * withdrawn, erased or written as expired, and under which no call of whatever node has an
         * assistant that is not cut off; oldest first, at most {@code limit}.
         */
        List<ConsentRecord> endedBy(Instant now, int limit) throws JournalUnavailable;
    }

    private final Ended ended;
    private final ConsentJournal journal;
    private final Supplier<UUID> ids;

    public Expiries(Ended ended, ConsentJournal journal, Supplier<UUID> ids) {
        this.ended = ended;
        this.journal = journal;
        this.ids = ids;
    }

    /**
     * @return how many were written; {@link #BATCH} means that there may be more
     */
    public int write(Instant now) throws JournalUnavailable {
        ConsentRecord[] due =
                ended.endedBy(now, BATCH).stream()
                        .filter(grant -> !journal.inUse().holds(grant.id()))
                        .map(grant -> expired(grant, now))
                        .filter(java.util.Objects::nonNull)
                        .toArray(ConsentRecord[]::new);
        if (due.length > 0) {
            journal.write(due);
        }
        return due.length;
    }

    private @Nullable ConsentRecord expired(ConsentRecord grant, Instant now) {
        return switch (grant) {
            case ConsentRecord.Given given -> entry(given, given.notice(), given.grant(), now);
            case ConsentRecord.Renewed again -> entry(again, again.notice(), again.grant(), now);
            case ConsentRecord.Imported one -> entry(one, one.notice(), one.grant(), now);
            case ConsentRecord.Served _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Used _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _ ->
                    null;
        };
    }

    private @Nullable ConsentRecord entry(
            ConsentRecord record, NoticeRef notice, Grant grant, Instant now) {
        @Nullable Instant until = grant.until();
        if (until == null || now.isBefore(until)) {
            return null;
        }
        return new ConsentRecord.Expired(
                ids.get(), now, record.subject(), notice.id(), record.id());
    }
}
