package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
    /** Withdrawals that are asked for at a time: a run looks at all there are. */
    static final int PAGE = 200;

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

        /**
         * Withdrawals between these times of consents under which an assistant may not have been
         * told, in an order that does not change.
         *
         * @param behind as the page before says; null for the first one
         */
        Page untold(Instant after, Instant until, @Nullable UUID behind, int limit)
                throws JournalUnavailable;

        /** The last talk with each assistant that was not told of the end of this consent. */
        List<ConsentRecord.AssistantOpened> untoldUnder(UUID grant) throws JournalUnavailable;

        /**
         * Some of them.
         *
         * @param behind where the next page begins; null where there is none
         */
        record Page(List<ConsentRecord.Withdrawn> withdrawals, @Nullable UUID behind) {}
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
        // Before the store: what it takes meanwhile may be missed by this run, and not by the next.
        Instant whole = earliestKept(until);
        int written = 0;
        @Nullable JournalUnavailable unknown = null;
        @Nullable UUID behind = null;
        do {
            Untold.Page page = store.untold(after, until, behind, PAGE);
            for (ConsentRecord.Withdrawn withdrawn : page.withdrawals()) {
                List<ConsentRecord.AssistantOpened> untold;
                try {
                    untold = store.untoldUnder(withdrawn.grant());
                } catch (JournalUnavailable e) {
                    unknown = e; // the holders of the others do not wait for it
                    continue;
                }
                written += write(withdrawn, untold, now);
            }
            behind = page.behind();
        } while (behind != null);
        if (unknown != null) {
            throw unknown;
        }
        seen = whole.minus(TOLD_BY_THEN); // nodes' clocks differ a little
        return written;
    }

    /**
     * A withdrawal that waits for the store stands in it by when it was said, not by when it came.
     */
    private Instant earliestKept(Instant until) {
        return journal.endingsKept().stream()
                .filter(ConsentRecord.Withdrawn.class::isInstance)
                .map(ConsentRecord::at)
                .filter(until::isAfter)
                .min(Comparator.naturalOrder())
                .orElse(until);
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
