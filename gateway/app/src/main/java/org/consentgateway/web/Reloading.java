package org.consentgateway.web;

import java.util.List;

/** Thread-safe. Has the configuration read again, with all that belongs to it. */
@FunctionalInterface
public interface Reloading {
    /** Reads it, and waits until it counts or was refused. */
    Outcome reload();

    /**
     * Immutable. What became of it.
     *
     * @param refusal what is wrong; empty where it counts now
     * @param changed what counts for calls to come, a line each
     * @param atRestart what counts only after a restart, a line each
     */
    record Outcome(String refusal, List<String> changed, List<String> atRestart) {
        public Outcome {
            changed = List.copyOf(changed);
            atRestart = List.copyOf(atRestart);
        }

        /** Nothing was changed. */
        public static Outcome refused(String why) {
            return new Outcome(why, List.of(), List.of());
        }

        public boolean isDone() {
            return refusal.isEmpty();
        }
    }
}
