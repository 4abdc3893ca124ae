package org.consentgateway.media;

/**
 * No port pair can be had: all are in use, in quarantine, or taken by another process, or no file
 * descriptor is left.
 */
public final class PortsExhaustedException extends Exception {
    private static final long serialVersionUID = 1L;

    public PortsExhaustedException(String message) {
        super(message);
    }
}
