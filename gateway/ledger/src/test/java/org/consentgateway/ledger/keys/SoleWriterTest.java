package org.consentgateway.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoleWriterTest {
    @TempDir private Path directory;

    private Path file() {
        return directory.resolve("data/count");
    }

    private int next() throws Exception {
        return SoleWriter.change(
                file(),
                () -> {
                    int before =
                            Files.exists(file()) ? Integer.parseInt(Files.readString(file())) : 0;
                    Files.writeString(file(), String.valueOf(before + 1));
                    return before + 1;
                });
    }

    @Test
    void noThreadLosesWhatAnotherHasChanged() throws Exception {
        List<Callable<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(this::next);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> each : threads.invokeAll(all)) {
                assertThat(each.get()).isPositive();
            }
        }
        assertThat(Files.readString(file())).isEqualTo("200");
    }

    /** A lock of this process: to another one the file is locked. */
    @Test
    void anotherProcessWaitsMeanwhile() throws Exception {
        Path lock = directory.resolve("data/count.lock");
        boolean done =
                SoleWriter.change(
                        file(),
                        () -> {
                            try (FileChannel channel =
                                    FileChannel.open(lock, StandardOpenOption.WRITE)) {
                                assertThatThrownBy(channel::tryLock)
                                        .isInstanceOf(OverlappingFileLockException.class);
                            }
                            return true;
                        });
        assertThat(done).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
                .isEqualTo("rw-------");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).as("behind it").isNotNull();
        }
    }
}
