package org.consentgateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.consentgateway.settings.GatewayConfig.LogFormat;
import org.consentgateway.settings.GatewayConfig.LogLevel;
import org.slf4j.LoggerFactory;

/** Thread-safe. What a serving gateway logs, on top of {@code logback.xml}. */
public final class LogOutput {
    private static final String OURS = "org.consentgateway";

    private LogOutput() {}

    static void serving(LogFormat format, LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            level(level);
            switch (format) {
                case TEXT -> {}
                case JSON -> json(context);
            }
        }
    }

    /** From now on. */
    public static void level(LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(OURS)
                    .setLevel(
                            switch (level) {
                                case DEBUG -> Level.DEBUG;
                                case INFO -> Level.INFO;
                                case WARN -> Level.WARN;
                            });
        }
    }

    private static void json(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("json");
        appender.setTarget("System.err");
        appender.setEncoder(jsonEncoder(context));
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    /** One JSON object per line, with the key-value pairs as they were given. */
    static JsonEncoder jsonEncoder(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.start();
        return encoder;
    }
}
