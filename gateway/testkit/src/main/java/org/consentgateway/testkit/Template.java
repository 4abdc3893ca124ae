package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Thread-safe. A file that takes long to make and is the same for many tests: made once for all
 * that run in this process, and copied for each.
 */
public final class Template {
    /** Makes the file where there is none. */
    public interface Making {
        void make(Path file) throws Exception;
    }

    private static final FileAttribute<?> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Making making;
    private byte[] content = {};

    public Template(Making making) {
        this.making = making;
    }

    /** Only the owner may read it, nor its directory; what is there already stays. */
    public void copyTo(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent(), OURS);
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
                Files.write(file, content());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized byte[] content() throws IOException {
        if (content.length == 0) {
            Path directory = Files.createTempDirectory("template");
            Path made = directory.resolve("made");
            try {
                making.make(made);
            } catch (Exception e) {
                throw new IllegalStateException("a template cannot be made", e);
            }
            content = Files.readAllBytes(made);
            Files.delete(made);
            Files.delete(directory);
        }
        return content;
    }
}
