package org.consentgateway.sip.transport;

import java.net.InetSocketAddress;
import javax.sip.SipProvider;
import org.consentgateway.sip.dns.Transport;

/**
 * One address we are at. Immutable.
 *
 * @param accepts whether others may connect to it; else they have to keep to the connection that we
 *     made
 * @param bound what is listened on
 * @param host as others are to see it, IPv6 in brackets
 */
public record LocalAddress(
        SipProvider provider,
        InetSocketAddress bound,
        Transport transport,
        String host,
        int port,
        boolean accepts) {
    /** Whether what comes here comes over a connection, which proves the address of its sender. */
    public boolean hasConnections() {
        return transport != Transport.UDP;
    }

    /** As a Contact's URI. */
    public String uri() {
        return "sip:"
                + host
                + ":"
                + port
                + (transport == Transport.UDP ? "" : ";transport=" + transport.parameter());
    }
}
