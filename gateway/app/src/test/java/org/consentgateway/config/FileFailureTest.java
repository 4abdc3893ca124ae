package org.consentgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
    @TempDir private Path directory;

    @Test
    void saysWhichFileAndWhy() throws IOException {
        String there = Files.writeString(directory.resolve("there"), "").toString();
        String not = directory.resolve("not").toString();

        assertThat(FileFailure.inWords(new NoSuchFileException(not)))
                .isEqualTo(not + " is not there");
        for (String file : new String[] {there, not}) {
            assertThat(FileFailure.inWords(new AccessDeniedException(file)))
                    .isEqualTo(file + " cannot be written by this user");
        }
        assertThat(
                        FileFailure.inWords(
                                new FileSystemException(there, null, "No space left on device")))
                .isEqualTo(there + ": No space left on device");
        assertThat(FileFailure.inWords(new UncheckedIOException(new NoSuchFileException(not))))
                .isEqualTo(not + " is not there");
        assertThat(FileFailure.inWords(new IOException("port 5060 is taken")))
                .isEqualTo("port 5060 is taken");
        assertThat(FileFailure.inWords(new IOException())).isEqualTo("java.io.IOException");
    }
}
