package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;

/**
 * Confined to one periodic task. Writes who was given data under a consent that was withdrawn and
 * could not be told: where no call with that assistant was under way, such as on the privacy line,
 * or its node died before the answer. What stands there as not confirmed is for a person to tell
 * (Art. 19 DSGVO).
 */
public final class UntoldHolders {
    /** Withdrawals per run. */
    public static final int BATCH = 200;

    /** Until then a call that was under way has told its assistant, or given up (64*T1). */
    static final Duration TOLD_BY_THEN = Duration.ofMinutes(1);

    /** After a restart so much is looked through again. */
    private static final Duration LOOKED_BACK = Duration.ofDays(7);

    private final Untold store;
    private final ConsentJournal journal;
    private final Supplier<UUID> ids;
    private Instant seen = Instant.MIN;

    /** Thread-safe. Finds whom nobody has told. */
    public interface Untold {

        /** Withdrawals between these times of consents that assistants were connected under. */
        List<ConsentRecord.Withdrawn> untold(Instant after, Instant until, int limit)
                throws JournalUnavailable;

        List<ConsentRecord.AssistantOpened> openedUnder(UUID grant) throws JournalUnavailable;
    }

    public UntoldHolders(Untold store, ConsentJournal journal, Supplier<UUID> ids) {
        this.store = store;
        this.journal = journal;
        this.ids = ids;
    }

    /**
     * @return how many holders were written
     */
    public int write(Instant now) throws JournalUnavailable {
        Instant until = now.minus(TOLD_BY_THEN);
        Instant after = seen.equals(Instant.MIN) ? now.minus(LOOKED_BACK) : seen;
        List<ConsentRecord.Withdrawn> untold = store.untold(after, until, BATCH);
        int written = 0;
        for (ConsentRecord.Withdrawn withdrawn : untold) {
            written += write(withdrawn, now);
        }
        if (untold.size() < BATCH) {
            seen = until.minus(TOLD_BY_THEN); // nodes' clocks differ a little
        }
        return written;
    }

    private int write(ConsentRecord.Withdrawn withdrawn, Instant now) throws JournalUnavailable {
        Map<String, ConsentRecord.AssistantOpened> holders = new LinkedHashMap<>();
        store.openedUnder(withdrawn.grant())
                .forEach(opened -> holders.put(opened.assistant(), opened));
        var end =
                new EndOfConsent(
                        withdrawn.grant(), EndOfConsent.How.WITHDRAWN, withdrawn.withdrawnAt());
        ConsentRecord[] records =
                holders.values().stream()
                        .map(opened ->
                                new ConsentRecord.HolderNotified(
                                        ids.get(),
                                        now,
                                        opened.call(),
                                        opened.assistant(),
                                        end,
                                        false,
                                        ""))
                        .toArray(ConsentRecord[]::new);
        if (records.length > 0) {
            journal.write(records);
        }
        return records.length;
    }
}
