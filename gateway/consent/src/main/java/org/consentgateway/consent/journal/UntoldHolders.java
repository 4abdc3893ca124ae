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
import org.jspecify.annotations.Nullable;

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

        /** The last talk with each assistant. */
        List<ConsentRecord.AssistantOpened> openedUnder(UUID grant) throws JournalUnavailable;
    }

    public UntoldHolders(Untold store, ConsentJournal journal, Supplier<UUID> ids) {
        this.store = store;
        this.journal = journal;
        this.ids = ids;
    }

    /**
     * @return how many holders were written
     * @throws JournalUnavailable also where the talks under one consent could not be read: all
     *     others are written, and that one is looked for again
     */
    public int write(Instant now) throws JournalUnavailable {
        Instant until = now.minus(TOLD_BY_THEN);
        Instant after = seen.equals(Instant.MIN) ? now.minus(LOOKED_BACK) : seen;
        List<ConsentRecord.Withdrawn> untold = store.untold(after, until, BATCH);
        int written = 0;
        @Nullable JournalUnavailable unknown = null;
        for (ConsentRecord.Withdrawn withdrawn : untold) {
            List<ConsentRecord.AssistantOpened> opened;
            try {
                opened = store.openedUnder(withdrawn.grant());
            } catch (JournalUnavailable e) {
                unknown = e; // the holders of the others do not wait for it
                continue;
            }
            written += write(withdrawn, opened, now);
        }
        if (unknown != null) {
            throw unknown;
        }
        if (untold.size() < BATCH) {
            seen = until.minus(TOLD_BY_THEN); // nodes' clocks differ a little
        }
        return written;
    }

    private int write(
            ConsentRecord.Withdrawn withdrawn,
            List<ConsentRecord.AssistantOpened> talks,
            Instant now)
            throws JournalUnavailable {
        Map<String, ConsentRecord.AssistantOpened> holders = new LinkedHashMap<>();
        talks.forEach(opened -> holders.put(opened.assistant(), opened));
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
