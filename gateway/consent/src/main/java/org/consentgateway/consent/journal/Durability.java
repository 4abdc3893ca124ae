package org.consentgateway.consent.journal;

/** Where a record is that was to be written now or later. It counts in this process in any case. */
public enum Durability {
    /** The store has it. */
    STORED,

    /** On this machine's disk, until the store takes it. */
    KEPT,

    /** Nowhere but in this process: lost where it ends before store or disk take it. */
    HELD;

    /** Whether it outlives this process. */
    public boolean durable() {
        return this != HELD;
    }
}
