package org.consentgateway.cdr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Immutable. The files of a node whose days are long past are deleted: of every format, since what
 * is no longer written has the same end, and whether or not there are calls.
 */
final class OldFiles {
    private final Path directory;
    private final Period keep;
    private final Pattern names;

    OldFiles(Path directory, String node, Period keep) {
        this.directory = directory;
        this.keep = keep;
        this.names =
                RotatedFiles.names(
                        Pattern.quote(node),
                        Arrays.stream(CdrFormat.values())
                                .map(format -> format.ending)
                                .collect(
                                        Collectors.joining(
                                                "|", "(?:", ")(?:" + OutdatedNames.FRESH + ")?")));
    }

    /**
     * Deletes those of days before.
     *
     * @throws IOException where one could not be deleted, or the folder not be read
     */
    void delete(LocalDate today) throws IOException {
        LocalDate oldest = today.minus(keep);
        for (Path file : RotatedFiles.in(directory)) {
            Matcher name = names.matcher(file.getFileName().toString());
            if (name.matches() && isBefore(name.group(1), oldest)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isBefore(String date, LocalDate oldest) {
        try {
            return LocalDate.parse(date).isBefore(oldest);
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
