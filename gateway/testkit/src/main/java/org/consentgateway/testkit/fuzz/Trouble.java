package org.consentgateway.testkit.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What should not happen while somebody sends nonsense: log lines above INFO, with an exception or
 * with what may be a telephone number, and threads that die of one. Thread-safe. Only for modules
 * whose tests have Logback.
 */
public final class Trouble extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final int DEEPEST = 12;
    private static final Pattern NUMBER = Pattern.compile("\\d{8}");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Thread.UncaughtExceptionHandler before =
            Thread.getDefaultUncaughtExceptionHandler();

    public static Trouble watch() {
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
        String text = event.getFormattedMessage();
        if (event.getLevel().isGreaterOrEqual(Level.WARN)
                || event.getThrowableProxy() != null
                || NUMBER.matcher(text).find()) {
            seen.add(event.getLevel() + " " + text);
        }
    }

    /** In order; empty where all is well. */
    public List<String> seen() {
        return seen;
    }

    @Override
    public void close() {
        root.detachAppender(this);
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}
