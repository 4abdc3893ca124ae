package org.consentgateway.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;

/**
 * Thread-safe. A folder of what people said into the recording line, with its {@code labels.tsv} as
 * scripts/evaluate-speech reads it. What is deleted is gone from both.
 */
public final class StaffRecordings {
    private static final String HEADER = "path\tlanguage\tword\tspeaker\tcondition";

    private final Path folder;

    public StaffRecordings(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        if (!Files.exists(labels())) {
            Files.writeString(labels(), HEADER + "\n");
        }
    }

    private Path labels() {
        return folder.resolve("labels.tsv");
    }

    /**
     * @param speaker a code; nobody's name
     */
    synchronized void keep(String speaker, String language, String word, short[] samples)
            throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(labels()));
        int number = 1;
        String file;
        do {
            file = speaker.replaceAll("\\W", "-") + "-" + number++ + ".wav";
        } while (Files.exists(folder.resolve(file)));
        new Wav(samples, PcmFrame.SAMPLE_RATE).write(folder.resolve(file));
        rows.add(String.join("\t", file, language, word, speaker, "telephone"));
        write(rows);
    }

    /**
     * All of one speaker.
     *
     * @return how many recordings went
     */
    public synchronized int delete(String speaker) throws IOException {
        return deleteWhere(row -> row[3].equals(speaker));
    }

    /** All that were made before. */
    public synchronized int deleteOlderThan(Instant then) throws IOException {
        var old = new ArrayList<String>();
        for (String row : rows()) {
            String file = row.split("\t", -1)[0];
            Path sound = folder.resolve(file);
            if (!Files.exists(sound)
                    || Files.getLastModifiedTime(sound).toInstant().isBefore(then)) {
                old.add(file);
            }
        }
        return deleteWhere(row -> old.contains(row[0]));
    }

    private int deleteWhere(Predicate<String[]> which) throws IOException {
        var kept = new ArrayList<>(List.of(HEADER));
        int deleted = 0;
        for (String row : rows()) {
            String[] cell = row.split("\t", -1);
            if (which.test(cell)) {
                Files.deleteIfExists(folder.resolve(cell[0]));
                deleted++;
            } else {
                kept.add(row);
            }
        }
        write(kept);
        return deleted;
    }

    private List<String> rows() throws IOException {
        List<String> all = Files.readAllLines(labels());
        return all.subList(Math.min(1, all.size()), all.size());
    }

    /** Whole or not at all: a row without its recording, or the other way round, helps nobody. */
    private void write(List<String> rows) throws IOException {
        Path whole = folder.resolve("labels.tsv.new");
        Files.writeString(whole, String.join("\n", rows) + "\n");
        Files.move(whole, labels(), StandardCopyOption.ATOMIC_MOVE);
    }
}
