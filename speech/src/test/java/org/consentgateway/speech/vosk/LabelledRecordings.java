package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** A folder of recordings and what is said in them, from its {@code labels.tsv}. */
final class LabelledRecordings {
    static final String HEADER = "path\tlanguage\tword\tspeaker\tcondition";

    /** As the recording line writes it: with the time until which each may be kept. */
    static final String HEADER_OF_THE_LINE = HEADER + "\tuntil";

    /** Of Google's Speech Commands 60 % of the speakers were trained on, the others tuned on. */
    private static final String SPEECH_COMMANDS = "sc|";

    /**
     * @param word as it was said, lower case; empty or {@code *} for speech that is not known
     * @param speaker who may say many of them
     * @param condition how it was recorded, in one word
     */
    record Recording(Path file, String language, String word, String speaker, String condition) {}

    private LabelledRecordings() {}

    /**
     * @throws IOException in words for whoever wrote the file
     */
    static List<Recording> read(Path folder) throws IOException {
        Path labels = folder.resolve("labels.tsv");
        List<String> rows = Files.readAllLines(labels);
        if (rows.isEmpty() || !List.of(HEADER, HEADER_OF_THE_LINE).contains(rows.getFirst())) {
            throw new IOException(
                    labels + ": its first row must be: " + HEADER.replace("\t", " TAB "));
        }
        int most = rows.getFirst().split("\t", -1).length;
        var all = new ArrayList<Recording>();
        for (int i = 1; i < rows.size(); i++) {
            String[] cell = rows.get(i).split("\t", -1);
            if (cell.length < 5 || cell.length > most || cell[3].isBlank()) {
                throw new IOException(labels + ", row " + (i + 1) + ": five cells, and a speaker");
            }
            Path file = folder.resolve(cell[0]);
            if (!Files.isRegularFile(file)) {
                throw new IOException(labels + ", row " + (i + 1) + ": no file " + file);
            }
            all.add(
                    new Recording(
                            file, cell[1], cell[2].toLowerCase(Locale.ROOT), cell[3], cell[4]));
        }
        return all;
    }

    /**
     * Whom the models were trained or tuned on: figures of their voices would say nothing about
     * others.
     *
     * @param list config/models/TRAINED-ON.tsv
     */
    static Set<String> known(List<Recording> recordings, Path list) throws IOException {
        var trained = new HashSet<String>();
        for (String row : Files.readAllLines(list)) {
            trained.add(plain(row.split("\t", -1)[1]));
        }
        var found = new TreeSet<String>();
        for (Recording recording : recordings) {
            String speaker = plain(recording.speaker());
            if (trained.contains(speaker) || speaker.startsWith(SPEECH_COMMANDS)) {
                found.add(recording.speaker());
            }
        }
        return found;
    }

    /** "fsdd: george" and "fsdd/george" are the same speaker. */
    private static String plain(String speaker) {
        return speaker.toLowerCase(Locale.ROOT).strip().replaceAll("\\s*[/:|]\\s*", "|");
    }
}
