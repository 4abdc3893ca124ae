package org.consentgateway.sip.transport;

import gov.nist.core.StackLogger;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stack has to say about itself, to SLF4J. Thread-safe. Its texts quote whole messages,
 * which bear telephone numbers: so only the fact that something was said is passed on, with the
 * kind of exception; no text of the stack is. Public because the stack makes it by name.
 */
public final class StackLog implements StackLogger {
    private static final Logger LOG = LoggerFactory.getLogger("org.consentgateway.sip.stack");

    @Override
    public void logStackTrace() {}

    @Override
    public void logStackTrace(int level) {}

    @Override
    public int getLineCount() {
        return 0;
    }

    @Override
    public void logException(Throwable thrown) {
        LOG.debug("stack: {}", kind(thrown));
    }

    @Override
    public void logDebug(String message) {}

    @Override
    public void logDebug(String message, Exception thrown) {}

    @Override
    public void logTrace(String message) {}

    @Override
    public void logFatalError(String message) {
        LOG.error("the SIP stack reports a fatal error");
    }

    @Override
    public void logError(String message) {
        LOG.debug("the SIP stack reports an error");
    }

    @Override
    public void logError(String message, Exception thrown) {
        LOG.debug("the SIP stack reports an error: {}", kind(thrown));
    }

    @Override
    public boolean isLoggingEnabled() {
        return false;
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return false;
    }

    @Override
    public void logWarning(String message) {}

    @Override
    public void logInfo(String message) {}

    @Override
    public void disableLogging() {}

    @Override
    public void enableLogging() {}

    @Override
    public void setBuildTimeStamp(String stamp) {}

    @Override
    public void setStackProperties(Properties properties) {}

    @Override
    public String getLoggerName() {
        return LOG.getName();
    }

    private static String kind(@Nullable Throwable thrown) {
        return thrown == null ? "unknown" : thrown.getClass().getSimpleName();
    }
}
