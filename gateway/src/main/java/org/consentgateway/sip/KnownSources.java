package org.consentgateway.sip;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Who may speak to us at all: the trunks, and those we have called, for as long as the
 * call lasts. Everybody else is met with silence before a byte of theirs is parsed.
 */
final class KnownSources {
    private final List<Trunk> trunks;
    private final ConcurrentMap<InetAddress, Trunk> registrars = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> called = new ConcurrentHashMap<>();

    KnownSources(List<Trunk> trunks) {
        this.trunks = trunks;
    }

    boolean knows(InetAddress source) {
        return called.containsKey(source) || trunk(source) != null;
    }

    @Nullable Trunk trunk(InetAddress source) {
        for (Trunk trunk : trunks) {
            if (trunk.sends(source)) {
                return trunk;
            }
        }
        return registrars.get(source);
    }

    /** An address we register with belongs to that trunk from now on. */
    void learn(InetAddress address, String trunkName) {
        for (Trunk trunk : trunks) {
            if (trunk.name().equals(trunkName)) {
                registrars.put(address, trunk);
            }
        }
    }

    /** From now on until {@link #forget}, once each. */
    void expect(InetAddress peer) {
        called.merge(peer, 1, Integer::sum);
    }

    void forget(InetAddress peer) {
        called.computeIfPresent(peer, (address, calls) -> calls == 1 ? null : calls - 1);
    }
}
