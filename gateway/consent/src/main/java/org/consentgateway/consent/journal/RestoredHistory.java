package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.consentgateway.consent.ConsentRecord;

/**
 * What calls rely on of a caller's records where entries are missing since a restore: on no consent
 * that is older, since its end may be missing, nor on one in whose place such a one came; and on
 * none from elsewhere, nor what that came in the place of, where somebody said no beside one that
 * is left out: whether the number is shared goes by that one. What ends a consent or says no
 * counts, whenever it was written.
 */
public final class RestoredHistory {
    private final List<ConsentRecord> records;

    /**
     * @param records oldest first
     */
    public RestoredHistory(List<ConsentRecord> records) {
        this.records = records;
    }

    /**
     * @param isOlder whether a record was written, or its consent given, before all that is missing
     */
    public List<ConsentRecord> relied(Predicate<ConsentRecord> isOlder) {
        List<ConsentRecord> older =
                records.stream().filter(RestoredHistory::isConsent).filter(isOlder).toList();
        Set<UUID> dropped = withWhatTheyReplaced(older);
        boolean marked = records.stream().anyMatch(record -> saysNoBeside(record, dropped));
        Instant elsewhere = newestFromElsewhere(marked ? records : older);
        return records.stream()
                .filter(record -> !dropped.contains(record.id()))
                .filter(record -> since(record).isAfter(elsewhere))
                .toList();
    }

    private static boolean saysNoBeside(ConsentRecord record, Set<UUID> consents) {
        return record instanceof ConsentRecord.Refused no
                && no.inForce() != null
                && consents.contains(no.inForce());
    }

    /** And what that had replaced, in whatever order clocks have written them. */
    private Set<UUID> withWhatTheyReplaced(List<ConsentRecord> consents) {
        Set<UUID> all = new HashSet<>();
        consents.forEach(each -> all.add(each.id()));
        boolean more = true;
        while (more) {
            more = false;
            for (ConsentRecord record : records) {
                Optional<UUID> replaced = replaced(record);
                more |=
                        all.contains(record.id())
                                && replaced.isPresent()
                                && all.add(replaced.get());
            }
        }
        return all;
    }

    /** When the newest consent from elsewhere was given, in the place of all before it. */
    private static Instant newestFromElsewhere(List<ConsentRecord> consents) {
        return consents.stream()
                .filter(ConsentRecord.Imported.class::isInstance)
                .map(ConsentRecord.Imported.class::cast)
                .filter(one -> one.origin().counts())
                .map(one -> one.grant().from())
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private static boolean isConsent(ConsentRecord record) {
        return record instanceof ConsentRecord.Given
                || record instanceof ConsentRecord.Renewed
                || record instanceof ConsentRecord.Imported;
    }

    /** A consent from elsewhere names none. */
    private static Optional<UUID> replaced(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given -> Optional.ofNullable(given.supersedes());
            case ConsentRecord.Renewed again -> Optional.of(again.renews());
            default -> Optional.empty();
        };
    }

    /** From when a consent holds; what is none is never left out. */
    private static Instant since(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given -> given.grant().from();
            case ConsentRecord.Renewed again -> again.grant().from();
            case ConsentRecord.Imported one -> one.grant().from();
            default -> Instant.MAX;
        };
    }
}
