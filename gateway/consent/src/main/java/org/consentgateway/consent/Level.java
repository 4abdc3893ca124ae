package org.consentgateway.consent;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Immutable. A named set of purposes to which a caller agrees at once.
 *
 * @param id as in the keys of the notice's parts, such as "basis"
 * @param purposes never empty
 * @param retention for how long the proof is kept after the consent has ended
 * @param spotsPhrase whether the withdrawal phrase may be listened for (locally) during the
 *     conversation
 */
public record Level(
        String id,
        SortedSet<Purpose> purposes,
        Validity validity,
        Period retention,
        boolean spotsPhrase) {
    public Level {
        if (purposes.isEmpty()) {
            throw new IllegalArgumentException("level " + id + " has no purpose");
        }
        purposes = Collections.unmodifiableSortedSet(new TreeSet<>(purposes));
    }

    /**
     * When the proof may go.
     *
     * @param end of the consent
     */
    public Instant keptUntil(Instant end) {
        return end.atZone(ZoneOffset.UTC).plus(retention).toInstant();
    }

    public static Level of(
            String id,
            Collection<Purpose> purposes,
            Validity validity,
            Period retention,
            boolean spotsPhrase) {
        return new Level(id, new TreeSet<>(purposes), validity, retention, spotsPhrase);
    }
}
