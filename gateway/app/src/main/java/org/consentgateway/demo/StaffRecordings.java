package org.consentgateway.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;

/**
 * Thread-safe. A folder of what people said into the recording line, with its {@code labels.tsv} as
 * scripts/evaluate-speech reads it. Each row bears until when its speaker agreed to be kept. What
 * is deleted is gone from both.
 */
public final class StaffRecordings {
    private static final String HEADER = "path\tlanguage\tword\tspeaker\tcondition\tuntil";
    private static final int UNTIL = 5;

    private final Path folder;
    private final InstantSource clock;
    private final Duration kept;

    /**
     * @param kept what speakers are told from now on; not how long the recordings of others are
     */
    public StaffRecordings(Path folder, InstantSource clock, Duration kept) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
        this.kept = kept;
        if (!Files.exists(labels())) {
            write(List.of(HEADER));
        }
    }

    /** Whether a folder is one of these, with the list that says what has to be deleted when. */
    public static boolean areIn(Path folder) {
        return Files.isRegularFile(labels(folder));
    }

    private static Path labels(Path folder) {
        return folder.resolve("labels.tsv");
    }

    private Path labels() {
        return labels(folder);
    }

    /**
     * @param speaker a code; nobody's name
     */
    synchronized void keep(String speaker, String language, String word, short[] samples)
            throws IOException {
        try (var _ = locked()) {
            add(speaker, language, word, samples);
        }
    }

    /** The row first: nothing deletes a recording that no row names. */
    private void add(String speaker, String language, String word, short[] samples)
            throws IOException {
        List<String> rows = new ArrayList<>(List.of(HEADER));
        rows.addAll(rows());
        int number = 1;
        String file;
        do {
            file = speaker.replaceAll("\\W", "-") + "-" + number++ + ".wav";
        } while (Files.exists(folder.resolve(file)));
        String until = clock.instant().plus(kept).toString();
        rows.add(String.join("\t", file, language, word, speaker, "telephone", until));
        write(rows);
        new Wav(samples, PcmFrame.SAMPLE_RATE).write(ownersAlone(folder.resolve(file)));
    }

    /** A voice is personal: nobody else with an account here hears it. */
    private static Path ownersAlone(Path file) throws IOException {
        return Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /**
     * All of one speaker.
     *
     * @return how many recordings went
     */
    public synchronized int delete(String speaker) throws IOException {
        try (var _ = locked()) {
            return deleteWhere(row -> row[3].equals(speaker));
        }
    }

    /**
     * All whose time is over, and those that no row names: of a row that was lost nobody knows what
     * its speaker was told.
     *
     * @return how many recordings went
     */
    public synchronized int deleteOld() throws IOException {
        try (var _ = locked()) {
            return deleteWhere(this::isOver) + deleteUnnamed();
        }
    }

    private int deleteUnnamed() throws IOException {
        Set<String> named = new HashSet<>();
        rows().forEach(row -> named.add(row.split("\t", -1)[0]));
        int deleted = 0;
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, "staff-[0-9]*.wav")) {
            for (Path sound : ours) {
                if (!named.contains(sound.getFileName().toString())) {
                    Files.delete(sound);
                    deleted++;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return deleted;
    }

    /** How many there are. */
    public int size() throws IOException {
        return rows().size();
    }

    /** By what its own speaker was told, however long others are kept today. */
    private boolean isOver(String[] row) throws IOException {
        Path sound = folder.resolve(row[0]);
        return !Files.exists(sound) || !clock.instant().isBefore(until(row, sound));
    }

    /** Rows of before promises were written have none, and go by the age of the file. */
    private Instant until(String[] row, Path sound) throws IOException {
        try {
            if (row.length > UNTIL) {
                return Instant.parse(row[UNTIL]);
            }
        } catch (DateTimeException e) {
            // Written by hand: nobody knows what was meant.
        }
        return Files.getLastModifiedTime(sound).toInstant().plus(kept);
    }

    private interface Which {
        boolean isMeant(String[] row) throws IOException;
    }

    /**
     * Commands delete beside a line that records: of two who write the list at once, the row of one
     * would be lost, and nothing would say when its recording has to go. Only processes are told
     * apart by it.
     */
    private Closeable locked() throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("labels.tsv.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            var _ = channel.lock();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private int deleteWhere(Which which) throws IOException {
        var left = new ArrayList<>(List.of(HEADER));
        int deleted = 0;
        for (String row : rows()) {
            String[] cell = row.split("\t", -1);
            if (which.isMeant(cell)) {
                Files.deleteIfExists(folder.resolve(cell[0]));
                deleted++;
            } else {
                left.add(row);
            }
        }
        write(left);
        return deleted;
    }

    private List<String> rows() throws IOException {
        List<String> all = Files.readAllLines(labels());
        return all.subList(Math.min(1, all.size()), all.size());
    }

    /** Whole or not at all: a row without its recording, or the other way round, helps nobody. */
    private void write(List<String> rows) throws IOException {
        Path whole = folder.resolve("labels.tsv.new");
        Files.deleteIfExists(whole);
        Files.writeString(ownersAlone(whole), String.join("\n", rows) + "\n");
        Files.move(whole, labels(), StandardCopyOption.ATOMIC_MOVE);
    }
}
