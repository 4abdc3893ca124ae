package org.consentgateway.operation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the project. */
public final class Pages {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private Pages() {}

    /** All that are written by hand. */
    public static List<Path> all() throws IOException {
        try (Stream<Path> all = Files.walk(PROJECT)) {
            return all.filter(file -> file.toString().endsWith(".md"))
                    .filter(file ->
                            !PROJECT.relativize(file)
                                    .toString()
                                    .matches("(?:.*/)?(?:target|node_modules|data|\\.git)/.*"))
                    .toList();
        }
    }
}
