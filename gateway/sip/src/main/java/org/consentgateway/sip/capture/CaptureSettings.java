package org.consentgateway.sip.capture;

import java.net.InetSocketAddress;

/**
 * Immutable. Where copies go.
 *
 * @param collector takes HEP3 over UDP
 * @param agent number by which the collector knows this node (chunk 0x0c)
 * @param password shown with each copy (chunk 0x0e), in the clear as HEP has it; empty: none
 */
public record CaptureSettings(InetSocketAddress collector, long agent, String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "CaptureSettings[collector=" + collector + ", agent=" + agent + "]";
    }
}
