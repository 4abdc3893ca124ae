package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/** The addresses from which messages of one leg may come. Guarded by its leg's lock. */
public final class PeerAddresses {
    private final KnownSources sources;
    private final Set<InetAddress> peers = new HashSet<>();

    public PeerAddresses(KnownSources sources) {
        this.sources = sources;
    }

    /** From now on, until all are forgotten. */
    public void expect(InetAddress peer) {
        if (peers.add(peer)) {
            sources.expect(peer);
        }
    }

    public boolean has(InetAddress source) {
        return peers.contains(source);
    }

    public void forget() {
        for (InetAddress peer : peers) {
            sources.forget(peer);
        }
        peers.clear();
    }
}
