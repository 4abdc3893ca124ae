package org.consentgateway.ledger.store;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What the witnesses of a log have done with its newest checkpoint.
 *
 * @param enough whether as many have cosigned it as are needed
 * @param failing by name, those who have not, and why; empty where they have
 * @param conflict that one of them says of this log, and nobody has resolved: then no consent is to
 *     be built on the log
 */
public record WitnessHealth(
        boolean enough, Map<String, String> failing, @Nullable String conflict) {
    /** Of a log without witnesses. */
    public static final WitnessHealth NONE = new WitnessHealth(true, Map.of(), null);

    public WitnessHealth {
        failing = Collections.unmodifiableMap(new TreeMap<>(failing));
    }
}
