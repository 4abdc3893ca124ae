package org.consentgateway.bench.chaos;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.testkit.wire.LossyRelay;

/**
 * Thread-safe, but what is confined to the main thread. Whatever a fault may befall.
 *
 * @param lines how bad those callers' lines are who have one of their own
 * @param turns how often peers have behaved badly, so that each manner has its turn
 */
record World(
        ChaosGateway gateway,
        ChaosStore store,
        Peers peers,
        FakedClock clock,
        AtomicReference<LossyRelay.Quality> lines,
        AtomicInteger turns) {
    /** Whom the gateway talks to. */
    record Peers(ChaosAssistant assistant, ChaosAssistant human, ChaosRegistrar registrar) {}

    static World of(ChaosGateway gateway, ChaosStore store, Peers peers, FakedClock clock) {
        return new World(
                gateway,
                store,
                peers,
                clock,
                new AtomicReference<>(LossyRelay.Quality.GOOD),
                new AtomicInteger());
    }

    /** The next of those that are not the first. */
    <T> T next(T[] manners) {
        return manners[1 + turns.getAndIncrement() % (manners.length - 1)];
    }
}
