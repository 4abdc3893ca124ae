package org.consentgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.media.audio.Wav;

/** The shipped prompts, cut off after some time: for work whose length is given. */
final class CutPrompts {
    private static final String MANIFEST = "manifest.tsv";

    private CutPrompts() {}

    /** The folder where they lie, written anew. */
    static Path of(Path home, Duration each) throws IOException, NoSuchAlgorithmException {
        Path shipped = GatewayProcess.prompts(home);
        Path cut =
                Files.createTempDirectory(
                        Files.createDirectories(home.resolve("gateway/bench/target/bench")),
                        "prompts");
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.toList()) {
                Path to = cut.resolve(shipped.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (file.toString().endsWith(".wav")) {
                    Files.write(to, Wav.read(file).first(each.toMillis()).alawOctets());
                } else if (!file.endsWith(MANIFEST)) {
                    Files.copy(file, to);
                }
            }
        }
        for (String language : List.of("de", "en")) {
            manifest(shipped.resolve(language, MANIFEST), cut.resolve(language));
        }
        return cut;
    }

    /** The third column is the sound's SHA-256, the second its file. */
    private static void manifest(Path shipped, Path folder)
            throws IOException, NoSuchAlgorithmException {
        List<String> rows = new ArrayList<>(Files.readAllLines(shipped));
        for (int i = 1; i < rows.size(); i++) {
            String[] row = rows.get(i).split("\t", -1);
            byte[] sound = Files.readAllBytes(folder.resolve(row[1]));
            row[2] = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sound));
            rows.set(i, String.join("\t", row));
        }
        Files.write(folder.resolve(MANIFEST), rows);
    }
}
