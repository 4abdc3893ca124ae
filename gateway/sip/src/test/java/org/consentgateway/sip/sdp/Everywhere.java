package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/** For a peer of which everything is believed. Immutable. */
public record Everywhere() implements MediaPermission {
    @Override
    public Set<InetAddress> sources() {
        return Set.of();
    }

    @Override
    public Verdict to(InetSocketAddress address) {
        return new Verdict.Permitted(true);
    }
}
