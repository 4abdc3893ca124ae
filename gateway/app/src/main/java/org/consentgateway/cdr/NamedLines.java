package org.consentgateway.cdr;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Lines of files that name a caller. Only reads, so also beside the gateway that writes them; what
 * it writes meanwhile may be missed.
 */
public final class NamedLines {
    private NamedLines() {}

    /** Told of a line. */
    public interface LineVisitor {
        /**
         * @param ending of the file's name, by which the format is known
         */
        void at(String ending, String line) throws IOException;
    }

    /** The same, with whom it names. */
    interface Look {
        void at(NamedCall named, String line) throws IOException;
    }

    /**
     * Those that bear one of these pseudonyms, in the files of all nodes that lie here.
     *
     * @return how many
     */
    public static int each(Path directory, Set<String> pseudonyms, LineVisitor visitor)
            throws IOException {
        int[] found = {0};
        for (Path file : RotatedFiles.in(directory)) {
            Optional<CdrFormat> format = CdrFormat.of(file);
            if (format.isPresent()) {
                in(
                        file,
                        format.get(),
                        (named, line) -> {
                            if (pseudonyms.contains(named.pseudonym())) {
                                found[0]++;
                                visitor.at(format.get().ending, line);
                            }
                        });
            }
        }
        return found[0];
    }

    /** Nothing where the file has gone since it was listed. */
    static void in(Path file, CdrFormat format, Look look) throws IOException {
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Optional<NamedCall> named = format.named(line);
                if (named.isPresent()) {
                    look.at(named.get(), line);
                }
            }
        } catch (NoSuchFileException e) {
            // too old
        }
    }
}
