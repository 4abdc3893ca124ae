package org.consentgateway.consent;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Immutable. A named set of purposes: a preset for reports and for the menu. Callers agree to
 * purposes; what is granted is the exact set, called by the preset that it holds whole.
 *
 * @param id as in the keys of the notice's parts, such as "basis"
 * @param purposes never empty, in the order in which they are asked for
 * @param retention for how long the proof is kept after the consent has ended
 * @param spotsPhrase whether the withdrawal phrase is listened for, locally and storing nothing,
 *     while this consent can end
 */
public record Level(
        String id,
        SequencedSet<Purpose> purposes,
        ValidityPeriod validity,
        Period retention,
        boolean spotsPhrase) {
    /** § 7a UWG: counted from the day consent to advertising was given, and from each use of it. */
    private static final Period ADVERTISING = Period.ofYears(5);

    public Level {
        if (purposes.isEmpty()) {
            throw new IllegalArgumentException("level " + id + " has no purpose");
        }
        purposes = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(purposes));
    }

    /**
     * When the proof may go.
     *
     * @param used when it was given, or relied on
     * @param end of the consent
     */
    public Instant keptUntil(Instant used, Instant end) {
        Instant kept = later(end, retention);
        if (!purposes.contains(Purpose.MARKETING)) {
            return kept;
        }
        Instant advertised = later(used, ADVERTISING);
        return advertised.isAfter(kept) ? advertised : kept;
    }

    private static Instant later(Instant at, Period period) {
        return at.atZone(ZoneOffset.UTC).plus(period).toInstant();
    }

    public static Level of(
            String id,
            Collection<Purpose> purposes,
            ValidityPeriod validity,
            Period retention,
            boolean spotsPhrase) {
        return new Level(id, new LinkedHashSet<>(purposes), validity, retention, spotsPhrase);
    }

    /** The same, holding for so long. */
    Level holding(ValidityPeriod other) {
        return new Level(id, purposes, other, retention, spotsPhrase);
    }

    /** All that these presets are made of, in order of first appearance. */
    public static SequencedSet<Purpose> purposesOf(List<Level> levels) {
        var all = new LinkedHashSet<Purpose>();
        levels.forEach(level -> all.addAll(level.purposes));
        return Collections.unmodifiableSequencedSet(all);
    }

    /**
     * What an agreement to exactly these purposes is called, and how long it holds: as the preset
     * with most purposes that are all among them, and where there is none as the smallest one. The
     * purposes are those agreed to, never those of the preset.
     *
     * @param levels of the line, never empty
     */
    public static Level granted(List<Level> levels, Collection<Purpose> agreed) {
        Comparator<Level> size = Comparator.comparingInt(level -> level.purposes.size());
        Level preset =
                levels.stream()
                        .filter(level -> agreed.containsAll(level.purposes))
                        .max(size)
                        .orElseGet(() -> Collections.min(levels, size));
        var exact = new LinkedHashSet<>(purposesOf(levels));
        exact.retainAll(agreed);
        return new Level(preset.id, exact, preset.validity, preset.retention, preset.spotsPhrase);
    }

    /**
     * What of an agreement may hold for later calls: nothing that is asked in every call, and
     * nothing without the purpose that is asked for first.
     *
     * @param levels of the line, never empty; what they no longer ask for falls away
     */
    static Optional<Level> remembered(List<Level> levels, Level granted) {
        var kept = new LinkedHashSet<>(purposesOf(levels));
        Purpose first = kept.getFirst();
        kept.retainAll(granted.purposes);
        kept.removeIf(Purpose::everyCall);
        return kept.contains(first) ? Optional.of(granted(levels, kept)) : Optional.empty();
    }
}
