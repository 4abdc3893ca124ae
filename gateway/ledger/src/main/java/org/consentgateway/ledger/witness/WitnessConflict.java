package org.consentgateway.ledger.witness;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A witness says that a log is not the one it has seen: entries are missing, or others
 * stand in their place.
 *
 * @param log by origin
 * @param witness its name and the hash of its key
 * @param theirs entries that it has seen
 * @param ours entries that the log had when it was asked
 * @param proof the checkpoint it shows for that, signed by a key of the log; null where it shows
 *     none
 * @param resolved null while it stands
 */
public record WitnessConflict(
        Instant at,
        String log,
        String witness,
        long theirs,
        long ours,
        @Nullable String proof,
        @Nullable Resolution resolved) {

    /**
     * A person has looked at it.
     *
     * @param by name
     * @param reason what it was, and what was done
     */
    public record Resolution(Instant at, String by, String reason) {}

    WitnessConflict resolvedBy(Resolution resolution) {
        return new WitnessConflict(at, log, witness, theirs, ours, proof, resolution);
    }

    boolean isSame(WitnessConflict other) {
        return log.equals(other.log) && witness.equals(other.witness) && theirs == other.theirs;
    }

    /** Fit for a log. */
    public String words() {
        return "witness "
                + witness
                + (theirs > ours
                        ? " has seen " + theirs + " entries of " + log + ", which has " + ours
                        : " has seen other entries in the first " + theirs + " of " + log)
                + (proof == null
                        ? " (it shows no proof of that)"
                        : " (and shows a checkpoint that a key of this log has signed)")
                + ": entries were cut off or changed, an old backup was restored, or the witness"
                + " errs";
    }
}
