package org.consentgateway.testkit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One input after the other as the same file, for doors behind which files are read. It lies in
 * memory where the machine has a file system there: a disk's flushes what is cut short and written
 * anew, which takes longer than most doors.
 */
public final class InputFile implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path path;

    /**
     * @param suffix of its name, with the dot
     */
    public InputFile(String suffix) throws IOException {
        path =
                Files.isWritable(MEMORY)
                        ? Files.createTempFile(MEMORY, "door", suffix)
                        : Files.createTempFile("door", suffix);
    }

    public Path with(byte[] input) throws IOException {
        return Files.write(path, input);
    }

    @Override
    public void close() {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
