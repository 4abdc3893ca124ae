package org.consentgateway.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a verification has checked and found.
 *
 * @param notes what a reader of the verdict should know though nothing is wrong
 * @param findings at most {@link #MAX_FINDINGS}
 * @param found how many there were
 */
public record Verification(
        List<CheckedLog> logs, List<String> notes, List<Finding> findings, long found) {
    /** More are counted, not kept. */
    public static final int MAX_FINDINGS = 100;

    /**
     * @param payloads opened and compared with their leaves
     * @param erased payloads that are gone, and an Erased entry says so
     * @param checkpoints signatures and roots compared, stored and exported ones
     * @param unsigned entries after the newest checkpoint: chained, but not signed for yet
     */
    public record CheckedLog(
            String log,
            long entries,
            long payloads,
            long erased,
            long checkpoints,
            long unsigned) {}

    /**
     * @param index of the entry; null where it is about a checkpoint or the log as a whole
     */
    public record Finding(String log, @Nullable Long index, String what) {
        @Override
        public String toString() {
            return log + (index == null ? "" : " entry " + index) + ": " + what;
        }
    }

    public boolean passed() {
        return found == 0;
    }
}
