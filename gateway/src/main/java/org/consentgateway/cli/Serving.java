package org.consentgateway.cli;

import org.consentgateway.GatewayConfig;

/** What {@code gateway serve} does once the configuration is right. */
@FunctionalInterface
public interface Serving {
    /**
     * Serves calls until the process is told to end.
     *
     * @throws Exception where it cannot start; the message goes to the operator, without a trace
     */
    void serve(GatewayConfig config) throws Exception;
}
