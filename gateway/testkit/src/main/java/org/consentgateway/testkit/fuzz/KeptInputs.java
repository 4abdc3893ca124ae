package org.consentgateway.testkit.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Inputs of a door that once led where no other did, or found a fault: {@code fuzz/DOOR.txt}, one
 * in each line, by base64. What is written behind one says what it is there for.
 */
public final class KeptInputs {
    private KeptInputs() {}

    static String resource(KnownDoor door) {
        return "fuzz/" + door.text() + ".txt";
    }

    public static List<byte[]> of(KnownDoor door) throws IOException {
        try (InputStream in = KeptInputs.class.getResourceAsStream("/" + resource(door))) {
            return in == null
                    ? List.of()
                    : read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static List<byte[]> read(String lines) {
        return lines.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> Base64.getDecoder().decode(line.split(" ", 2)[0]))
                .toList();
    }

    /** Each once, the shortest first; the same inputs make the same text. */
    static String written(List<byte[]> inputs) {
        return inputs.stream()
                .sorted((a, b) ->
                        a.length != b.length
                                ? Integer.compare(a.length, b.length)
                                : Arrays.compareUnsigned(a, b))
                .map(input -> Base64.getEncoder().encodeToString(input))
                .distinct()
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
