package org.consentgateway.ledger;

import java.time.Duration;

/** Called on the writer's threads: count and return. */
public interface LedgerListener {
    /** One commit of so many entries, and how long the store took. */
    default void committed(int entries, Duration took) {}

    /** One entry became durable so long after it was handed in. */
    default void waited(Duration took) {}

    default void refused(LedgerUnavailable.Reason reason) {}

    default void down(String detail) {}

    default void up() {}

    default void checkpointed(long size) {}

    LedgerListener NONE = new LedgerListener() {};
}
