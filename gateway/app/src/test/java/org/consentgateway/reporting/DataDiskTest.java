package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDiskTest {
    @TempDir private Path directory;

    /** As on a mount that has become read-only, which not even root may write. */
    @Test
    void aDirectoryThatCannotBeWrittenIsToldWithWhatIsToBeDone() throws Exception {
        var disk = new DataDisk(Path.of("/proc/sys"), List.of(), 0);
        assertThat(disk.isLow()).isTrue();
        assertThat(disk.state()).startsWith("/proc/sys cannot be written").contains("read-write");

        var away = new DataDisk(directory.resolve("data"), List.of(), 0);
        assertThat(away.isLow()).isTrue();
        Files.createDirectory(directory.resolve("data"));
        assertThat(away.isLow()).as("by itself").isFalse();
        assertThat(away.state()).endsWith("data");
    }

    /** Of /proc no system says that there is room. */
    @Test
    void ofSeveralDisksTheOneWithTheLeastRoomIsTold() {
        Path full = Path.of("/proc/self");
        var disks = new DataDisk(directory, List.of(directory.resolve("archive"), full), 1);

        assertThat(disks.free()).isZero();
        assertThat(disks.isLow()).isTrue();
        assertThat(disks.state()).startsWith("0 MB free for /proc/self, less than store.low-disk");

        var one = new DataDisk(directory, List.of(directory.resolve("archive/of/nobody")), 0);
        assertThat(one.free()).isPositive();
        assertThat(one.isLow()).isFalse();
        assertThat(one.state()).endsWith(" MB free for " + directory.toAbsolutePath());
    }
}
