package org.consentgateway.proof.imports;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Withdrawn;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.proof.LedgerStore;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one import. What the callers have decided, each asked for once, and what a call would
 * therefore make of a consent that was given elsewhere: the call's own rules say so.
 */
final class CallerHistories {
    private final LedgerStore store;
    private final Duration deadline;
    private final Map<Whose, History> stored = new HashMap<>();
    private final Map<Whose, List<ConsentRecord>> added = new HashMap<>();
    private @Nullable Instant completeSince;

    CallerHistories(LedgerStore store, Duration deadline) {
        this.store = store;
        this.deadline = deadline;
    }

    /** To one notice, as calls ask for it. */
    private record Whose(Subject subject, String lineage) {
        static Whose of(ConsentRecord.Imported one) {
            return new Whose(one.subject(), one.notice().id());
        }
    }

    private History stored(ConsentRecord.Imported one) throws JournalUnavailable {
        Whose whose = Whose.of(one);
        History known = stored.get(whose);
        if (known == null) {
            known = store.history(whose.subject(), whose.lineage(), deadline);
            stored.put(whose, known);
        }
        return known;
    }

    /** False where there is something that cannot be read: it may be a withdrawal. */
    boolean areComplete(ConsentRecord.Imported one) throws JournalUnavailable {
        return stored(one).complete();
    }

    /**
     * Whether the caller has withdrawn since this was given. A grant that was taken back since it
     * came too late is no wish of anybody's.
     */
    boolean withdrawnSince(ConsentRecord.Imported one) throws JournalUnavailable {
        return ConsentValidity.withdrawnSince(
                one, stored(one).found().stream().filter(CallerHistories::isWish).toList());
    }

    private static boolean isWish(ConsentRecord entry) {
        return !(entry instanceof Withdrawn end
                && end.reason() == Withdrawn.Reason.GRANT_CAME_LATE);
    }

    /** Of what was given before, a withdrawal may be missing. */
    private Instant completeSince() throws JournalUnavailable {
        Instant known = completeSince;
        if (known == null) {
            known = store.completeSince(deadline);
            completeSince = known;
        }
        return known;
    }

    /** It is written with the others. */
    void add(ConsentRecord.Imported one) {
        added.computeIfAbsent(Whose.of(one), _ -> new ArrayList<>()).add(one);
    }

    /**
     * Whether a call would rely on it once all that was added is written. Not where it is in doubt
     * what has ended: that the log does not have all of it is no promise.
     *
     * @param id under which it is stored, or will be
     */
    boolean relyOn(UUID id, ConsentRecord.Imported one) throws JournalUnavailable {
        History known = stored(one);
        if (!known.complete()
                || known.reliable().size() < known.found().size()
                || one.grant().from().isBefore(completeSince())) {
            return false;
        }
        var all = new ArrayList<>(known.reliable());
        all.addAll(added.getOrDefault(Whose.of(one), List.of()));
        return ConsentValidity.isReliedOn(id, all, one.at());
    }
}
