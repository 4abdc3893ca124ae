package org.consentgateway.testkit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What libFuzzer reads and writes, for {@code scripts/fuzz}: a file for each input, and words. */
final class FuzzFiles {
    private FuzzFiles() {}

    /**
     * {@code list}; {@code out DOOR FOLDER}: its inputs into {@code FOLDER/seeds}, its words into
     * {@code FOLDER/words}, and says how long an input may be; {@code in FOLDER FILE}: what is in
     * that folder becomes the file of kept inputs.
     */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "list" -> {
                for (KnownDoor door : KnownDoor.values()) {
                    System.out.println(door.text());
                }
            }
            case "out" -> out(KnownDoor.of(args[1]), Path.of(args[2]));
            case "in" -> in(Path.of(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0); // a door may have left threads
    }

    private static void out(KnownDoor known, Path folder) throws Exception {
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        try (Door door = known.open()) {
            List<byte[]> inputs = new ArrayList<>(door.seeds());
            inputs.addAll(KeptInputs.of(known));
            for (int i = 0; i < inputs.size(); i++) {
                Files.write(seeds.resolve("kept-" + i), inputs.get(i));
            }
            Files.write(
                    folder.resolve("words"),
                    door.words().stream().map(FuzzFiles::quoted).toList(),
                    StandardCharsets.US_ASCII);
            System.out.println(door.longest());
        }
    }

    private static String quoted(String word) {
        String hex =
                HexFormat.of().withPrefix("\\x").formatHex(word.getBytes(StandardCharsets.UTF_8));
        return '"' + hex + '"';
    }

    private static void in(Path folder, Path file) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(each));
            }
        }
        // What somebody wrote a word about stays.
        String told =
                Files.exists(file)
                        ? Files.readString(file)
                                .lines()
                                .filter(line -> line.contains(" "))
                                .map(line -> line + "\n")
                                .collect(Collectors.joining())
                        : "";
        Files.writeString(file, told + KeptInputs.written(inputs));
    }
}
