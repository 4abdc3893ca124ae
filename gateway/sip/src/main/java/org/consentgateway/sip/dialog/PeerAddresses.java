package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.consentgateway.sip.trunk.KnownSources;

/** The addresses from which messages of one leg may come. Guarded by its leg's lock. */
final class PeerAddresses {
    private final KnownSources sources;
    private final Set<InetAddress> peers = new HashSet<>();

    PeerAddresses(KnownSources sources) {
        this.sources = sources;
    }

    /** From now on, until all are forgotten. */
    void expect(InetAddress peer) {
        if (peers.add(peer)) {
            sources.expect(peer);
        }
    }

    boolean has(InetAddress source) {
        return peers.contains(source);
    }

    void forget() {
        for (InetAddress peer : peers) {
            sources.forget(peer);
        }
        peers.clear();
    }
}
