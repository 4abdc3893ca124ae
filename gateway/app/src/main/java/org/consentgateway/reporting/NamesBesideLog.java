package org.consentgateway.reporting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. What is written of callers beside the log is looked through as soon as a
 * person has had somebody erased, on whatever node and by whatever command, and each day for those
 * whose time is over. An Erased entry names nobody, so that all names there are compared with the
 * log.
 */
public final class NamesBesideLog {
    /** Of an erasure by a person, unlike that of what its retention has ended. */
    private static final String REQUEST = "subject request";

    /** More than are written between two looks. */
    private static final int MOST = 500;

    private final LogReader log;
    private final InstantSource clock;
    private final Callable<?> forgetting;
    private Map<String, Long> seen = Map.of();
    private @Nullable LocalDate day;
    private boolean due;

    /**
     * @param forgetting fails where it did not come to its end: it is done again the next time
     */
    public NamesBesideLog(LogReader log, InstantSource clock, Callable<?> forgetting) {
        this.log = log;
        this.clock = clock;
        this.forgetting = forgetting;
    }

    public void look() throws Exception {
        Map<String, Long> sizes = log.sizes();
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        due |= !today.equals(day) || (!sizes.equals(seen) && somebodyWasErased());
        seen = sizes;
        day = today;
        if (due) {
            var _ = forgetting.call();
            due = false;
        }
    }

    private boolean somebodyWasErased() throws LedgerUnavailable {
        List<Entry> erased = log.from(seen, MOST, Set.of(EntryType.ERASED));
        return erased.size() == MOST || erased.stream().anyMatch(NamesBesideLog::isByRequest);
    }

    private static boolean isByRequest(Entry erased) {
        ObjectNode payload = erased.payload();
        return payload != null && payload.path("reason").asText().equals(REQUEST);
    }
}
