package org.consentgateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.util.Iterator;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Thread-safe. The log of a rehearsal: its lines are made as those of real calls are, in the
 * operator's format, and written nowhere.
 */
final class UnheardLog {
    private static final String NAME = "org.consentgateway.unheard";

    private UnheardLog() {}

    static org.slf4j.Logger open() {
        if (!(LoggerFactory.getLogger(NAME) instanceof Logger logger)) {
            return NOPLogger.NOP_LOGGER;
        }
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.detachAndStopAllAppenders();
        Iterator<Appender<ILoggingEvent>> heard =
                logger.getLoggerContext()
                        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                        .iteratorForAppenders();
        while (heard.hasNext()) {
            if (heard.next() instanceof OutputStreamAppender<ILoggingEvent> written) {
                logger.addAppender(unheard(written));
            }
        }
        return logger;
    }

    private static Appender<ILoggingEvent> unheard(OutputStreamAppender<ILoggingEvent> written) {
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(written.getContext());
        appender.setEncoder(written.getEncoder());
        appender.setOutputStream(OutputStream.nullOutputStream());
        appender.start();
        return appender;
    }
}
