package org.consentgateway.sip.endpoint;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What should not happen while somebody sends nonsense: log lines above INFO, or with an exception,
 * and threads that die of one. Thread-safe.
 */
final class Trouble extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final int DEEPEST = 12;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Thread.UncaughtExceptionHandler before =
            Thread.getDefaultUncaughtExceptionHandler();

    static Trouble watch() {
        Trouble trouble = new Trouble();
        trouble.start();
        trouble.root.addAppender(trouble);
        Thread.setDefaultUncaughtExceptionHandler((thread, error) ->
                trouble.seen.add(
                        Stream.of(error.getStackTrace())
                                .limit(DEEPEST)
                                .map(frame -> "\n  at " + frame)
                                .collect(
                                        Collectors.joining(
                                                "", thread.getName() + " died: " + error, ""))));
        return trouble;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null) {
            seen.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    }

    List<String> seen() {
        return seen;
    }

    @Override
    public void close() {
        root.detachAppender(this);
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}
