package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Which consent came in the place of which, lately: whoever gave both gave one
 * consent, and withdraws it as a whole.
 */
final class Replacements {
    /** What calls under way need is read from the store again each second. */
    private static final int MOST = 1000;

    /** By the consent that came later; the newest last. */
    private final SequencedMap<UUID, Replaced> replaced = new LinkedHashMap<>();

    /**
     * @param consent in whose place it came
     * @param from when it was given
     */
    private record Replaced(UUID consent, Instant from) {}

    void note(ConsentRecord record) {
        switch (record) {
            case ConsentRecord.Renewed again ->
                    note(again.id(), again.renews(), again.grant().from());
            case ConsentRecord.Given given -> note(given.id(), given.supersedes(), given.at());
            default -> {
                // replaces nothing
            }
        }
    }

    private synchronized void note(UUID consent, @Nullable UUID before, Instant from) {
        if (before != null) {
            replaced.putLast(consent, new Replaced(before, from));
            if (replaced.size() > MOST) {
                replaced.pollFirstEntry();
            }
        }
    }

    /** The consent, and in whose place it came: calls that began under those may go on. */
    synchronized SequencedSet<UUID> before(UUID consent) {
        var all = new LinkedHashSet<UUID>(List.of(consent));
        Replaced next = replaced.get(consent);
        while (next != null && all.add(next.consent())) {
            next = replaced.get(next.consent());
        }
        return all;
    }

    /**
     * These, and what came in their place until this time: what was given later is not meant by
     * what was withdrawn then.
     */
    synchronized SequencedSet<UUID> since(Collection<UUID> consents, Instant until) {
        var all = new LinkedHashSet<>(consents);
        boolean more = true;
        while (more) {
            more = false;
            for (var each : replaced.entrySet()) {
                if (all.contains(each.getValue().consent())
                        && !each.getValue().from().isAfter(until)) {
                    more |= all.add(each.getKey());
                }
            }
        }
        return all;
    }
}
