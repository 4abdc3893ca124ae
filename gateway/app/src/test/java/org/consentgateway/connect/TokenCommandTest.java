package org.consentgateway.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls get of a command that prints a token, however many they are and whatever it does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TokenCommandTest {
    /** More than the threads that the JVM would give virtual threads in place of held ones. */
    private static final int CALLS = 400;

    @TempDir private Path folder;

    private static List<Future<String>> printedForMany(ExecutorService calls, TokenCommand from) {
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            all.add(calls.submit(from::printed));
        }
        return all;
    }

    private static long alive(String what) {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().commandLine().orElse("").contains(what))
                .count();
    }

    @Test
    void aCommandThatHangsIsEndedWithItsChildrenAndHoldsNoOtherCall() throws Exception {
        var hangs =
                new TokenCommand(
                        "trap '' TERM; sleep 60.25 & sleep 60.25 | cat", Duration.ofSeconds(2));
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> waiting = printedForMany(calls, hangs);
            await().until(() -> alive("sleep 60.25") > 0);

            assertThat(calls.submit(() -> "goes on").get(1, TimeUnit.SECONDS)).isEqualTo("goes on");
            assertThat(waiting).noneMatch(Future::isDone);
            for (Future<String> one : waiting) {
                assertThatThrownBy(one::get).hasMessageContaining("took longer than PT2S");
            }
            await().atMost(Duration.ofSeconds(2)).until(() -> alive("sleep 60.25") == 0);
        }
    }

    @Test
    void whoeverComesWhileACommandRunsIsGivenItsLineAndWhoeverComesLaterTheNext() throws Exception {
        Path runs = folder.resolve("runs");
        var counts =
                new TokenCommand(
                        "echo once >> '%s'; sleep 1; wc -l < '%s'; sleep 60.75"
                                .formatted(runs, runs),
                        Duration.ofSeconds(30));
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> one : printedForMany(calls, counts)) {
                assertThat(one.get()).isEqualTo("1");
            }
        }

        assertThat(counts.printed()).isEqualTo("2");
        assertThat(Files.readAllLines(runs)).hasSize(2);
        await().until(() -> alive("sleep 60.75") == 0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    true,                   printed nothing
                    exit 3,                 printed nothing
                    exec /nonexistent,      printed nothing
                    echo '   ',             printed nothing
                    (,                      printed nothing
                    yes | tr -d '\\n',      printed too long a line
                    """)
    void whoeverPrintsNoTokenIsRefused(String command, String why) {
        var refused = new TokenCommand(command, Duration.ofSeconds(30));

        assertThatThrownBy(refused::printed)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }

    @Test
    void theFirstLineIsTheToken() {
        var prints = new TokenCommand("printf ' one \\ntwo\\n'", Duration.ofSeconds(30));

        assertThat(prints.printed()).isEqualTo("one");
    }
}
