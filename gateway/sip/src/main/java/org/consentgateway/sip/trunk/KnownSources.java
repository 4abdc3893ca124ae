package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak to us at all: the trunks, and those we have called, for as long as the call lasts.
 * Thread-safe. Everybody else is met with silence before a byte of theirs is parsed.
 */
public final class KnownSources {
    /** Addresses of registrars remembered. */
    private static final int MAX_REGISTRARS = 1000;

    private final List<Trunk> trunks;
    private final ConcurrentMap<InetAddress, Trunk> registrars = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> heard = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> called = new ConcurrentHashMap<>();

    public KnownSources(List<Trunk> trunks) {
        this.trunks = trunks;
    }

    public boolean knows(InetAddress source) {
        return called.containsKey(source) || trunk(source) != null;
    }

    public @Nullable Trunk trunk(InetAddress source) {
        for (Trunk trunk : trunks) {
            if (trunk.sends(source)) {
                return trunk;
            }
        }
        return registrars.get(source);
    }

    /**
     * The servers of the registrar belong to that trunk from now on. Those it had before stay as
     * long as no other trunk has them: calls may still come from there for a while.
     */
    public void learn(String trunkName, List<InetAddress> addresses) {
        for (Trunk trunk : trunks) {
            if (trunk.name().equals(trunkName)) {
                if (registrars.size() > MAX_REGISTRARS) {
                    registrars.values().removeIf(trunk::equals);
                }
                addresses.forEach(address -> registrars.put(address, trunk));
            }
        }
    }

    /** A request has come from this trunk. */
    public void heard(Trunk trunk, Instant now) {
        heard.put(trunk.name(), now);
    }

    public @Nullable Instant heard(String trunkName) {
        return heard.get(trunkName);
    }

    /** From now on until {@link #forget}, once each. */
    public void expect(InetAddress peer) {
        called.merge(peer, 1, Integer::sum);
    }

    public void forget(InetAddress peer) {
        called.computeIfPresent(peer, (address, calls) -> calls == 1 ? null : calls - 1);
    }
}
