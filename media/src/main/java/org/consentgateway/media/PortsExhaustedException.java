package org.consentgateway.media;

/** No port pair is free: all are in use, in quarantine, or taken by another process. */
public final class PortsExhaustedException extends Exception {
    private static final long serialVersionUID = 1L;

    public PortsExhaustedException(String message) {
        super(message);
    }
}
