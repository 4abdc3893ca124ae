package org.consentgateway.speech.voice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.audio.Wav;

/**
 * Which sound belongs to which text: {@code manifest.tsv} beside the recordings of one language.
 * Both sides are bound by SHA-256, so that neither can change without the other. Immutable.
 */
record Manifest(Path folder, Map<String, Row> rows) {
    private static final String FILE = "manifest.tsv";
    private static final String HEADER = "text-sha256\tfile\taudio-sha256\tvoice\tlicence\ttext";

    record Row(
            String textSha256,
            String file,
            String audioSha256,
            String voice,
            String licence,
            String text) {}

    /** Empty if there is no manifest. */
    static Manifest read(Path folder) throws IOException {
        var rows = new LinkedHashMap<String, Row>();
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new Manifest(folder, rows);
        }
        int line = 0;
        for (String text : Files.readAllLines(file)) {
            line++;
            if (line == 1 || text.isBlank()) {
                continue;
            }
            String[] cell = text.split("\t", -1);
            if (cell.length != 6 || !cell[1].matches("[\\w.-]+")) {
                throw new IOException(
                        "%s:%d: six columns are wanted (%s)"
                                .formatted(file, line, HEADER.replace("\t", ", ")));
            }
            rows.put(cell[0], new Row(cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]));
        }
        return new Manifest(folder, rows);
    }

    /**
     * A sound to be added, or to replace that of the same text.
     *
     * @param sound of 8 kHz
     */
    record Sound(String text, Wav sound, String voice, String licence) {}

    /**
     * Files that are written beside those they replace.
     *
     * @param manifest as it will be
     */
    record StagedFiles(Manifest manifest, List<Path> files) {
        StagedFiles {
            files = List.copyOf(files);
        }

        /** Sounds first, the manifest after them, each in one step. */
        Manifest replace() throws IOException {
            for (Path file : files) {
                Files.move(
                        beside(file),
                        file,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            }
            return manifest;
        }

        /**
         * Takes them away again.
         *
         * @param why is told what of them could not be taken away
         */
        void discard(IOException why) {
            for (Path file : files) {
                try {
                    Files.deleteIfExists(beside(file));
                } catch (IOException e) {
                    why.addSuppressed(e);
                }
            }
        }
    }

    /** Writes them all; nothing that is there changes, and where one fails nothing is left. */
    StagedFiles prepare(List<Sound> sounds) throws IOException {
        List<Path> files = new ArrayList<>();
        var changed = new LinkedHashMap<>(rows);
        try {
            Files.createDirectories(folder);
            for (Sound each : sounds) {
                String hash = sha256(each.text().getBytes(StandardCharsets.UTF_8));
                String name = hash.substring(0, 16) + ".wav";
                byte[] octets = each.sound().alawOctets();
                write(name, octets, files);
                changed.put(
                        hash,
                        new Row(
                                hash,
                                name,
                                sha256(octets),
                                oneCell(each.voice()),
                                oneCell(each.licence()),
                                each.text()));
            }
            var next = new Manifest(folder, changed);
            write(FILE, next.content().getBytes(StandardCharsets.UTF_8), files);
            return new StagedFiles(next, files);
        } catch (IOException e) {
            new StagedFiles(this, files).discard(e);
            throw e;
        }
    }

    private void write(String name, byte[] content, List<Path> files) throws IOException {
        Path file = folder.resolve(name);
        files.remove(file);
        files.add(file);
        Files.write(beside(file), content);
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private String content() {
        var out = new StringBuilder(HEADER).append('\n');
        for (Row r : rows.values()) {
            out.append(
                    String.join(
                                    "\t",
                                    r.textSha256(),
                                    r.file(),
                                    r.audioSha256(),
                                    r.voice(),
                                    r.licence(),
                                    r.text())
                            + "\n");
        }
        return out.toString();
    }

    /** Lower-case hex. */
    static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String oneCell(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
