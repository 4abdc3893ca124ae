package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Subject;

/**
 * Thread-safe. Ends the consents of a number, however many: some hundred at a time, each of which
 * is cut off and recorded before the next are looked at. Whatever fails meanwhile, what has ended
 * stays so, and whoever does it again goes on with the rest.
 */
final class EndingAll {
    /** Whoever withdraws waits for this, and no call does that rings. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JournalStore store;
    private final KeptRecords kept;
    private final Writing writing;

    /** {@link ConsentJournal#writeNowOrLater}. */
    interface Writing {
        Durability write(ConsentRecord... records);
    }

    EndingAll(JournalStore store, KeptRecords kept, Writing writing) {
        this.store = store;
        this.kept = kept;
        this.writing = writing;
    }

    /** As {@link ConsentJournal#endAll}. */
    EndedAll end(
            Subject subject,
            Instant now,
            Instant until,
            List<ConsentRecord> first,
            EndedAll.Ends ends) {
        Optional<List<UUID>> asked = asked(subject);
        List<UUID> all = asked.orElse(List.of());
        var ended = new ArrayList<ConsentInForce>();
        List<ConsentRecord> records = new ArrayList<>(first);
        Durability where = Durability.STORED;
        boolean unreadable = false;
        int done = 0;
        boolean goesOn;
        do {
            List<UUID> some =
                    all.subList(done, Math.min(all.size(), done + ConsentJournal.LATE_BATCH));
            KeptEndings waiting = kept.endingsOf(subject).withdrawing(Set.copyOf(some));
            Optional<History> history = read(subject, some);
            if (history.isPresent()) {
                Set<UUID> before = withdrawnBy(waiting);
                for (ConsentInForce one : inForce(history.get(), some, now, until)) {
                    Optional<ConsentRecord.Withdrawn> end =
                            before.contains(one.grant()) ? Optional.empty() : ends.of(one);
                    if (end.isPresent()) {
                        records.add(end.get());
                        ended.add(one);
                    }
                }
                // Of what is written first that says itself where it is.
                where = least(where, waiting.only(end -> !first.contains(end)).where());
                unreadable |= !history.get().complete();
                done += some.size();
            }
            if (!records.isEmpty()) {
                where = least(where, writing.write(records.toArray(ConsentRecord[]::new)));
                records.clear();
            }
            // One number takes no more of the places for withdrawals here than these.
            goesOn = history.isPresent() && where == Durability.STORED && done < all.size();
        } while (goesOn);
        return new EndedAll(ended, where, asked.isPresent(), all.size() - done, unreadable);
    }

    private Optional<List<UUID>> asked(Subject subject) {
        try {
            return Optional.of(store.inForce(subject, PATIENCE));
        } catch (JournalUnavailable e) {
            return Optional.empty();
        }
    }

    private Optional<History> read(Subject subject, List<UUID> consents) {
        if (consents.isEmpty()) {
            return Optional.of(History.of(List.of()));
        }
        try {
            return Optional.of(store.history(subject, consents, PATIENCE));
        } catch (JournalUnavailable e) {
            return Optional.empty();
        }
    }

    private static Set<UUID> withdrawnBy(KeptEndings waiting) {
        Set<UUID> withdrawn = new HashSet<>();
        for (ConsentRecord end : waiting.all()) {
            if (end instanceof ConsentRecord.Withdrawn one) {
                withdrawn.add(one.grant());
            }
        }
        return withdrawn;
    }

    private static List<ConsentInForce> inForce(
            History history, List<UUID> consents, Instant now, Instant until) {
        Set<UUID> wanted = Set.copyOf(consents);
        List<ConsentRecord> before =
                history.found().stream().filter(record -> !isGivenAfter(record, until)).toList();
        return ConsentInForce.of(before, now).stream()
                .filter(consent -> wanted.contains(consent.grant()))
                .toList();
    }

    private static boolean isGivenAfter(ConsentRecord record, Instant until) {
        return switch (record) {
            case ConsentRecord.Given given -> given.grant().from().isAfter(until);
            case ConsentRecord.Renewed again -> again.grant().from().isAfter(until);
            case ConsentRecord.Imported one -> one.grant().from().isAfter(until);
            case ConsentRecord.Served _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ ->
                    false;
        };
    }

    private static Durability least(Durability one, Durability other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
