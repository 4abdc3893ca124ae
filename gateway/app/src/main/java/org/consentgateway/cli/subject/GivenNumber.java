package org.consentgateway.cli.subject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.consentgateway.api.request.WrittenNumber;
import org.jspecify.annotations.Nullable;

/**
 * The telephone number of a caller, as a command is given it. What stands on a command line is
 * shown to each account of the machine, and kept by shells and by sudo: so a number may come by
 * standard input instead.
 */
final class GivenNumber {
    /** In place of a number. */
    static final String ON_INPUT = "-";

    /** For {@code --help}. */
    static final String DESCRIPTION =
            "Such as +4930123456. Better - : it is read from standard input, one line, and stands"
                    + " in no list of processes and no history.";

    static final String NONE = "there is no number on standard input, from which - reads it";

    private GivenNumber() {}

    /**
     * As machines write it.
     *
     * @throws IOException where it was to be read and there is none
     */
    static String e164(String given) throws IOException {
        return WrittenNumber.e164(given.equals(ON_INPUT) ? line() : given);
    }

    private static String line() throws IOException {
        @Nullable String line = input().readLine();
        if (line == null || line.isBlank()) {
            throw new IOException(NONE);
        }
        return line;
    }

    /** A number each. */
    static List<String> lines() {
        return input().lines().filter(line -> !line.isBlank()).toList();
    }

    private static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }
}
