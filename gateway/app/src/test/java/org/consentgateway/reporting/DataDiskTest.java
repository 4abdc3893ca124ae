package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

    /** Asked every few seconds: a line for each turn of things, and none in between. */
    @Test
    void theLogTellsOnceThatItIsLowAndOnceThatThereIsRoomAgain() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(DataDisk.class);
        log.addAppender(said);
        log.setLevel(Level.INFO);
        try {
            var disk = new DataDisk(directory.resolve("data"), List.of(), 0);
            disk.watch();
            disk.watch();
            assertThat(said.list)
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.getLevel()).isEqualTo(Level.WARN);
                        assertThat(line.getFormattedMessage()).contains("data cannot be written");
                    });

            Files.createDirectory(directory.resolve("data"));
            disk.watch();
            disk.watch();
            assertThat(said.list).hasSize(2);
            assertThat(said.list.getLast().getLevel()).isEqualTo(Level.INFO);
            assertThat(said.list.getLast().getFormattedMessage()).contains(" MB free for ");
        } finally {
            log.detachAppender(said);
            log.setLevel(null);
        }
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
