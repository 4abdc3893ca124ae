package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ThreadPriorityTest {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** Fields of /proc/PID/stat behind the name of the command; see proc(5). */
    private static final int NICE = 16;

    @Test
    void recognisingGoesBehindEveryOtherThread() throws Exception {
        int usual = nice(TASKS.resolve("../stat"));
        try (var recogniser =
                new VoskRecogniser(Map.of(), Map.of(), Utterances.shipped(), System::nanoTime)) {
            var never = new java.util.concurrent.CountDownLatch(1);
            int lowered = Math.min(19, usual + 10);
            for (int i = 0; i < 500 && !recognising().equals(List.of(lowered)); i++) {
                never.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            assertThat(recognising()).containsOnly(lowered);
            assertThat(recogniser.totals().listening()).isZero();
        }
    }

    /** Of each thread that recognises. */
    private static List<Integer> recognising() throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> read(task.resolve("comm")).matches("speech-\\d+\\s*"))
                    .map(task -> nice(task.resolve("stat")))
                    .distinct()
                    .toList();
        }
    }

    private static int nice(Path stat) {
        String[] fields = read(stat).replaceFirst(".*\\) ", "").split(" ", -1);
        return Integer.parseInt(fields[NICE]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
