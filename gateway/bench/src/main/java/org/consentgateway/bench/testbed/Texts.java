package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.consentgateway.testkit.ExampleCompany;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. The shipped notices in a company's own name, since those of the example are refused
 * outside the demonstration, and the sounds that belong to them.
 *
 * @param folder where both lie
 */
public record Texts(Path folder) {
    private static final String MANIFEST = "manifest.tsv";

    public Path notices() {
        return folder.resolve("notices");
    }

    public Path prompts() {
        return folder.resolve("prompts");
    }

    /**
     * Writes them.
     *
     * @param home the project
     * @param folder a new one
     * @param length what the sounds are cut off after, for work whose length is given; null leaves
     *     them whole
     */
    public static Texts in(Path folder, Path home, @Nullable Duration length) throws IOException {
        Texts texts = new Texts(folder);
        copy(
                home.resolve("config/notices"),
                texts.notices(),
                (from, to) ->
                        Files.writeString(to, ExampleCompany.replacedIn(Files.readString(from))));
        copy(
                home.resolve("config/prompts"),
                texts.prompts(),
                (from, to) -> {
                    if (length != null && from.toString().endsWith(".wav")) {
                        Files.write(to, Wav.read(from).first(length.toMillis()).alawOctets());
                    } else {
                        Files.copy(from, to);
                    }
                });
        try (Stream<Path> files = Files.walk(texts.prompts())) {
            for (Path manifest : files.filter(file -> file.endsWith(MANIFEST)).toList()) {
                rewrite(manifest);
            }
        }
        return texts;
    }

    /**
     * Lets one of them sound otherwise, in whatever notice it is.
     *
     * @param text as its manifest has it
     * @throws IOException where no text of these sounds is so called
     */
    public void sounds(String text, Wav as) throws IOException {
        int found = 0;
        try (Stream<Path> files = Files.walk(prompts())) {
            for (Path manifest : files.filter(file -> file.endsWith(MANIFEST)).toList()) {
                for (String row : Files.readAllLines(manifest)) {
                    String[] columns = row.split("\t", -1);
                    if (columns[5].equals(text)) {
                        Files.write(manifest.resolveSibling(columns[1]), as.alawOctets());
                        found++;
                    }
                }
                rewrite(manifest);
            }
        }
        if (found == 0) {
            throw new IOException("no prompt says: " + text);
        }
    }

    private interface Copy {
        void file(Path from, Path to) throws IOException;
    }

    private static void copy(Path shipped, Path folder, Copy copy) throws IOException {
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path from : files.toList()) {
                Path to = folder.resolve(shipped.relativize(from));
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    copy.file(from, to);
                }
            }
        }
    }

    /** Columns: hash of the text, file, hash of the sound, voice, licence, text. */
    private static void rewrite(Path manifest) throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(manifest));
        for (int i = 1; i < rows.size(); i++) {
            String[] row = rows.get(i).split("\t", -1);
            row[5] = ExampleCompany.replacedIn(row[5]);
            row[0] = sha256(row[5].getBytes(StandardCharsets.UTF_8));
            row[2] = sha256(Files.readAllBytes(manifest.resolveSibling(row[1])));
            rows.set(i, String.join("\t", row));
        }
        Files.write(manifest, rows);
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
