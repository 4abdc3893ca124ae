package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.consentgateway.source.ConnectionSource;

/**
 * Thread-safe. Accepted connections of which no whole message has come yet, handshakes included:
 * they cost whoever opens them nothing, so they have a share of the places only. For one more the
 * oldest is given up, and not the new one turned away: a peer in good faith speaks at once.
 */
public final class NewConnections {
    private final IntSupplier perSource;
    private final IntSupplier inAll;

    /** By {@link ConnectionSource}; each the oldest first. Never empty. */
    private final Map<String, Map<InetSocketAddress, Socket>> bySource = new HashMap<>();

    private int count;

    /**
     * @param perSource how many one source may have, at least 1
     * @param inAll how many there may be, at least 1
     */
    public NewConnections(IntSupplier perSource, IntSupplier inAll) {
        this.perSource = perSource;
        this.inAll = inAll;
    }

    private static String source(InetSocketAddress peer) {
        return ConnectionSource.of(peer.getAddress());
    }

    /** How many of so many places. */
    public static int share(int places) {
        return Math.max(1, places / 2);
    }

    /**
     * @return those to be closed for it, which are no longer here
     */
    public synchronized List<Socket> add(InetSocketAddress peer, Socket connection) {
        String source = source(peer);
        bySource.computeIfAbsent(source, _ -> new LinkedHashMap<>()).put(peer, connection);
        count++;
        List<Socket> given = new ArrayList<>();
        while (of(source).size() > perSource.getAsInt()) {
            given.add(oldest(source));
        }
        while (count > inAll.getAsInt()) {
            given.add(oldest(greediest()));
        }
        return given;
    }

    public synchronized void remove(InetSocketAddress peer) {
        String source = source(peer);
        Map<InetSocketAddress, Socket> those = of(source);
        if (those.remove(peer) != null) {
            count--;
        }
        if (those.isEmpty()) {
            bySource.remove(source);
        }
    }

    private Map<InetSocketAddress, Socket> of(String source) {
        return bySource.getOrDefault(source, new LinkedHashMap<>());
    }

    private Socket oldest(String source) {
        Map.Entry<InetSocketAddress, Socket> first = of(source).entrySet().iterator().next();
        remove(first.getKey());
        return first.getValue();
    }

    private String greediest() {
        return bySource.entrySet().stream()
                .max(
                        Map.Entry.comparingByValue(
                                (one, other) -> Integer.compare(one.size(), other.size())))
                .orElseThrow()
                .getKey();
    }
}
