package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(20)
class PeriodicTasksTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @Test
    void whateverIsThrownItIsDoneAgainAndSaidOnceWithoutAWordOfIt() {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(PeriodicTasks.class);
        log.addAppender(said);
        var turns = new AtomicInteger();
        var beside = new AtomicInteger();
        try (var tasks = new PeriodicTasks("test")) {
            tasks.every(
                    OFTEN,
                    "expiries",
                    () -> {
                        if (turns.incrementAndGet() < 4) {
                            throw new NoClassDefFoundError("of +491701234567");
                        }
                    });
            tasks.every(OFTEN, "others", beside::incrementAndGet);

            await().until(() -> turns.get() > 10 && beside.get() > 10);
        } finally {
            log.detachAppender(said);
        }
        assertThat(said.list).hasSize(1);
        assertThat(said.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
        assertThat(said.list.getFirst().getFormattedMessage())
                .contains("expiries", "java.lang.NoClassDefFoundError")
                .doesNotContain("+49");
    }
}
