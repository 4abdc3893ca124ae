package org.consentgateway.sip.transport;

import gov.nist.core.StackLogger;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stack has to say about itself, to SLF4J. Thread-safe. Its texts quote whole messages,
 * which bear telephone numbers: so only the fact that something was said is passed on, with the
 * kind of exception; no text of the stack is. Where an exception is none that a message or a peer
 * can be to blame for, a message was lost that should have been answered, and that is a warning:
 * the first of each place in its code. Public because the stack makes it by name.
 */
public final class StackLog implements StackLogger {
    private static final Logger LOG = LoggerFactory.getLogger("org.consentgateway.sip.stack");

    /** What it says where it cannot answer the empty lines that it adds to a connection itself. */
    private static final String AT_THE_END =
            "A problem occured while trying to send a single CLRF in response to a double CLRF";

    /** The places that were told of; there are few in any code. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

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
        failed(thrown);
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
        if (!AT_THE_END.equals(message)) {
            failed(thrown);
        }
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

    private static void failed(@Nullable Throwable thrown) {
        String what = kind(thrown);
        if (thrown instanceof RuntimeException) {
            what += place(thrown.getStackTrace());
            if (TOLD.add(what)) {
                LOG.warn(
                        "the SIP stack lost a message by a fault of its own ({}); report it", what);
            }
        }
        LOG.debug("the SIP stack reports an error: {}", what);
    }

    /** Where in the stack; the machine leaves it out of an exception that is too frequent. */
    private static String place(StackTraceElement[] frames) {
        return Stream.of(frames)
                .filter(frame -> frame.getClassName().startsWith("gov.nist."))
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
    }

    private static String kind(@Nullable Throwable thrown) {
        return thrown == null ? "unknown" : thrown.getClass().getSimpleName();
    }
}
