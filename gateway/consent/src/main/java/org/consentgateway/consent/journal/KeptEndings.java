package org.consentgateway.consent.journal;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;

/**
 * Immutable. What of a caller has ended, and waits here for the store. All of it counts; what is in
 * memory alone may be lost with this process, so nobody is told that it is done.
 *
 * @param onDisk oldest first
 * @param inMemory oldest first; what is handed on to the disk just then may be among both
 */
record KeptEndings(List<ConsentRecord> onDisk, List<ConsentRecord> inMemory) {
    KeptEndings {
        onDisk = List.copyOf(onDisk);
        inMemory = List.copyOf(inMemory);
    }

    List<ConsentRecord> all() {
        return Stream.concat(onDisk.stream(), inMemory.stream()).toList();
    }

    /** Those that withdraw one of these consents. */
    KeptEndings withdrawing(Set<UUID> consents) {
        return only(record ->
                record instanceof ConsentRecord.Withdrawn end && consents.contains(end.grant()));
    }

    KeptEndings only(Predicate<ConsentRecord> which) {
        return new KeptEndings(
                onDisk.stream().filter(which).toList(), inMemory.stream().filter(which).toList());
    }

    /** Where all of them are at least; nothing waits where the store has all there is. */
    Durability where() {
        if (!inMemory.isEmpty()) {
            return Durability.HELD;
        }
        return onDisk.isEmpty() ? Durability.STORED : Durability.KEPT;
    }
}
