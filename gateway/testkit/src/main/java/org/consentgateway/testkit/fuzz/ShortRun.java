package org.consentgateway.testkit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.consentgateway.testkit.Mutations;

/**
 * A door in each run of the tests: what was kept, and some mutations of it. More of them by {@code
 * -Dfuzz.rounds}; what is guided by coverage is {@code scripts/fuzz}.
 */
public final class ShortRun {
    private static final long SEED = Long.getLong("fuzz.seed", 4733);

    private ShortRun() {}

    /**
     * @param rounds how many mutations, if nothing else is said
     * @throws AssertionError with the input that found a fault
     */
    public static void of(KnownDoor known, int rounds) throws Exception {
        Door door = known.open();
        try (Guarded guarded = new Guarded(door)) {
            List<byte[]> inputs = new ArrayList<>(door.seeds());
            inputs.addAll(KeptInputs.of(known));
            for (byte[] input : inputs) {
                Mutations.tell(known.text(), input, guarded::takes);
            }
            List<byte[]> words =
                    door.words().stream()
                            .map(word -> word.getBytes(StandardCharsets.UTF_8))
                            .toList();
            new Mutations(door.longest(), inputs, words, new Random(SEED))
                    .at(Integer.getInteger("fuzz.rounds", rounds), guarded::takes);
        }
    }
}
