package org.consentgateway.sip.dns;

import java.net.InetSocketAddress;
import javax.sip.address.Hop;
import org.consentgateway.sip.message.SipText;

/**
 * One server that requests may be sent to, as RFC 3263 found it. Immutable.
 *
 * @param name the domain that was asked for: what a certificate has to bear (RFC 5922 §4); empty of
 *     a {@link #caller}
 */
public record ServerAddress(Transport transport, InetSocketAddress address, String name)
        implements Hop {

    /** Whoever has called us over a connection that it made, and is met over that. */
    public static ServerAddress caller(Transport transport, InetSocketAddress peer) {
        return new ServerAddress(transport, peer, "");
    }

    public boolean isCaller() {
        return name.isEmpty();
    }

    /** Where its requests really go, whatever name it was found by. */
    public Place place() {
        return new Place(transport, address);
    }

    /** One socket of a server. */
    public record Place(Transport transport, InetSocketAddress address) {}

    @Override
    public String getHost() {
        return SipText.literal(address.getAddress());
    }

    @Override
    public int getPort() {
        return address.getPort();
    }

    @Override
    public String getTransport() {
        return transport.parameter();
    }

    /** As people write it: {@code udp:192.0.2.7:5060}. */
    @Override
    public String toString() {
        return getTransport() + ":" + getHost() + ":" + getPort();
    }
}
