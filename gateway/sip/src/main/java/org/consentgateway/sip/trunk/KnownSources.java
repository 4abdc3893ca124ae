package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.consentgateway.sip.dns.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak to us at all: the trunks, and those we have called, for as long as the call lasts;
 * also trunks that are gone, until the calls have ended that they had. Thread-safe. Everybody else
 * is met with silence before a byte of theirs is parsed.
 */
public final class KnownSources {
    /** Addresses of a trunk's registrar remembered. */
    private static final int MAX_REGISTRARS = 1000;

    private volatile List<Trunk> trunks;

    /** By the name of the trunk: of two accounts at one provider each has all of its servers. */
    private final ConcurrentMap<String, Set<InetAddress>> registrars = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, Instant> heard = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> called = new ConcurrentHashMap<>();
    private final Set<Leaving> leaving = ConcurrentHashMap.newKeySet();

    /**
     * A trunk that is gone, or is another now: it may speak to us about the calls it has.
     *
     * @param registrars that were learnt of it
     */
    private record Leaving(Trunk trunk, Set<InetAddress> registrars) {
        boolean sends(InetAddress source) {
            return registrars.contains(source) || trunk.sends(source);
        }
    }

    public KnownSources(List<Trunk> trunks) {
        this.trunks = trunks;
    }

    /** Whether somebody may speak to us. */
    public enum Recognition {
        KNOWN,
        STRANGER,
        /** Of a trunk, by a transport that the trunk does not come by. */
        BY_ANOTHER_TRANSPORT
    }

    /** Whether a source may speak to us by this transport. */
    public Recognition recognise(InetAddress source, Transport by) {
        if (called.containsKey(source) || isLeaving(source)) {
            return Recognition.KNOWN;
        }
        List<Trunk> all = trunks(source);
        if (all.isEmpty()) {
            return Recognition.STRANGER;
        }
        for (Trunk trunk : all) {
            if (trunk.comesBy(by)) {
                return Recognition.KNOWN;
            }
        }
        return Recognition.BY_ANOTHER_TRANSPORT;
    }

    /** Whether it belongs to a trunk that is gone and has calls, or had some a moment ago. */
    public boolean isLeaving(InetAddress source) {
        for (Leaving one : leaving) {
            if (one.sends(source)) {
                return true;
            }
        }
        return false;
    }

    /** Whether messages of this trunk may come from there; also of one that is gone. */
    public boolean sends(Trunk trunk, InetAddress source) {
        return trunks(source).contains(trunk)
                || leaving.stream().anyMatch(one -> one.trunk().equals(trunk) && one.sends(source));
    }

    /** The first of those that have this address; null if none has it. */
    public @Nullable Trunk trunk(InetAddress source) {
        List<Trunk> all = trunks(source);
        return all.isEmpty() ? null : all.getFirst();
    }

    /**
     * The trunk that names the narrowest network around this address, and behind it those whose
     * registrar it is, in the order of the settings. Of several, a request says by whom it
     * addresses of which it is.
     */
    public List<Trunk> trunks(InetAddress source) {
        List<Trunk> all = List.of();
        Trunk narrowest = null;
        int most = -1;
        for (Trunk trunk : trunks) {
            int prefix = trunk.prefixAround(source);
            if (prefix > most) {
                narrowest = trunk;
                most = prefix;
            }
            if (registrars.getOrDefault(trunk.name(), Set.of()).contains(source)) {
                all = all.isEmpty() ? new ArrayList<>() : all;
                all.add(trunk);
            }
        }
        if (narrowest == null) {
            return all;
        }
        if (all.isEmpty()) {
            return List.of(narrowest);
        }
        all.remove(narrowest);
        all.addFirst(narrowest);
        return all;
    }

    /** By name, also one that is leaving; null if there is none. */
    public @Nullable Trunk named(String name) {
        for (Trunk trunk : trunks) {
            if (trunk.name().equals(name)) {
                return trunk;
            }
        }
        for (Leaving one : leaving) {
            if (one.trunk().name().equals(name)) {
                return one.trunk();
            }
        }
        return null;
    }

    /**
     * These trunks from now on. Those that are gone or changed are leaving: {@link #left} says when
     * they are strangers.
     *
     * @param elsewhere names of trunks that register elsewhere, or no more: what was learnt of
     *     their registrars counts no longer
     */
    public synchronized void change(List<Trunk> next, Set<String> elsewhere) {
        Map<String, Trunk> named = new HashMap<>();
        next.forEach(trunk -> named.put(trunk.name(), trunk));
        for (Trunk before : trunks) {
            boolean moved = elsewhere.contains(before.name());
            if (moved || !before.equals(named.get(before.name()))) {
                leaving.add(new Leaving(before, registrars.getOrDefault(before.name(), Set.of())));
            }
            if (moved) {
                var _ = registrars.remove(before.name());
            }
        }
        trunks = List.copyOf(next);
        var _ = registrars.keySet().retainAll(named.keySet());
    }

    /**
     * Trunks that are gone and have no call any more are strangers from now on.
     *
     * @param busy whether a trunk has calls
     * @return whether some have still
     */
    public synchronized boolean left(Predicate<Trunk> busy) {
        leaving.removeIf(one -> !busy.test(one.trunk()));
        return !leaving.isEmpty();
    }

    /**
     * The servers of the registrar belong to that trunk from now on, and to others that have them
     * as well. Those it had before stay: calls may still come from there for a while.
     */
    public synchronized void learn(String trunkName, List<InetAddress> addresses) {
        for (Trunk trunk : trunks) {
            if (trunk.name().equals(trunkName)) {
                Set<InetAddress> servers = new HashSet<>(addresses);
                Set<InetAddress> before = registrars.getOrDefault(trunkName, Set.of());
                if (before.size() <= MAX_REGISTRARS) {
                    servers.addAll(before);
                }
                registrars.put(trunkName, Set.copyOf(servers));
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
