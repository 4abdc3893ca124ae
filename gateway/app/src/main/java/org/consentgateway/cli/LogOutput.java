package org.consentgateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.consentgateway.settings.GatewayConfig.LogFormat;
import org.consentgateway.settings.GatewayConfig.LogLevel;
import org.slf4j.LoggerFactory;

/** Thread-safe. What a serving gateway logs, on top of {@code logback.xml}. */
public final class LogOutput {
    private static final String OURS = "org.consentgateway";

    /** For the name of a field that is not wanted. */
    private static final String LEFT_OUT = "[ignore]";

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
        LogstashEncoder encoder = json();
        encoder.setContext(context);
        encoder.start();
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    /**
     * One JSON object per line, each key-value pair a field of its own, with the time in ISO 8601
     * and the offset of this machine's zone.
     */
    static LogstashEncoder json() {
        var fields = new LogstashFieldNames();
        fields.setTimestamp("time");
        fields.setLogger("logger");
        fields.setThread("thread");
        fields.setVersion(LEFT_OUT);
        fields.setLevelValue(LEFT_OUT);
        var encoder = new LogstashEncoder();
        encoder.setFieldNames(fields);
        encoder.setIncludeMdc(false);
        encoder.setIncludeContext(false);
        return encoder;
    }
}
