package org.consentgateway.speech.voice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.media.audio.PcmFrame;
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

    /** Adds or replaces a sound; file first, manifest after it, each in one step. */
    Manifest with(String text, short[] samples, String voice, String licence) throws IOException {
        String hash = sha256(text.getBytes(StandardCharsets.UTF_8));
        String name = hash.substring(0, 16) + ".wav";
        byte[] sound = new Wav(samples, PcmFrame.SAMPLE_RATE).alawOctets();
        Files.createDirectories(folder);
        replace(folder.resolve(name), sound);
        var changed = new LinkedHashMap<>(rows);
        changed.put(
                hash, new Row(hash, name, sha256(sound), oneCell(voice), oneCell(licence), text));
        var next = new Manifest(folder, changed);
        next.write();
        return next;
    }

    private void write() throws IOException {
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
        replace(folder.resolve(FILE), out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(next, content);
        Files.move(
                next,
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
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
