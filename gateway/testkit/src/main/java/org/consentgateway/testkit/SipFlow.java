package org.consentgateway.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The way back to where a message came from (RFC 5626 §3.1). Thread-safe. */
@FunctionalInterface
public interface SipFlow {
    void send(byte[] octets) throws IOException;

    default void send(String message) throws IOException {
        send(message.getBytes(StandardCharsets.UTF_8));
    }
}
