package org.consentgateway.cli;

import org.consentgateway.settings.GatewayConfig;

/** What {@code gateway serve} starts once the configuration is right. */
@FunctionalInterface
public interface Serving {
    /**
     * Starts to serve; when it returns, calls are taken.
     *
     * @throws Exception where it cannot start; the message goes to the operator, without a trace
     */
    Running start(GatewayConfig config) throws Exception;

    /** A gateway that takes calls. */
    interface Running extends AutoCloseable {
        /** Takes no new calls and returns when those under way have ended, or their time is up. */
        void drain() throws InterruptedException;

        @Override
        void close();
    }
}
