package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDiskTest {
    @TempDir private Path directory;

    /** As on a mount that has become read-only, which not even root may write. */
    @Test
    void aDirectoryThatCannotBeWrittenIsToldWithWhatIsToBeDone() throws Exception {
        var disk = new DataDisk(Path.of("/proc/sys"), 0);
        assertThat(disk.isLow()).isTrue();
        assertThat(disk.state()).startsWith("/proc/sys cannot be written").contains("read-write");

        var away = new DataDisk(directory.resolve("data"), 0);
        assertThat(away.isLow()).isTrue();
        Files.createDirectory(directory.resolve("data"));
        assertThat(away.isLow()).as("by itself").isFalse();
        assertThat(away.state()).endsWith("data");
    }
}
