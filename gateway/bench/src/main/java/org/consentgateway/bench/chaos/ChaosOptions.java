package org.consentgateway.bench.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What {@code scripts/chaos} says: {@code --NAME VALUE …} and, behind {@code --}, the
 * gateway's command line.
 *
 * @param disk a small one, for the gateway's data; null where there is none
 * @param ownNetwork whether packets of this network may be dropped
 * @param kills 0 for faults of all kinds during {@code time}; else nothing but so many kills
 */
record ChaosOptions(
        Path home,
        @Nullable Path disk,
        boolean ownNetwork,
        Duration time,
        long seed,
        int kills,
        boolean postgresql,
        List<String> command) {
    static ChaosOptions of(String... args) {
        Map<String, String> told = new HashMap<>();
        int at = 0;
        while (!args[at].equals("--")) {
            told.put(args[at], args[at + 1]);
            at += 2;
        }
        return new ChaosOptions(
                Path.of(told.getOrDefault("--home", ".")),
                path(told.get("--disk")),
                told.getOrDefault("--own-network", "no").equals("yes"),
                Duration.ofMinutes(Long.parseLong(told.getOrDefault("--minutes", "5"))),
                Long.parseLong(told.getOrDefault("--seed", "1")),
                Integer.parseInt(told.getOrDefault("--kills", "0")),
                told.getOrDefault("--store", "sqlite").equals("postgresql"),
                List.of(args).subList(at + 1, args.length));
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    Fault.Means means() {
        return new Fault.Means(disk != null, ownNetwork, postgresql);
    }
}
