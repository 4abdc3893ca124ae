package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.consentgateway.source.ConnectionSource;

/**
 * Thread-safe. Accepted connections of which no whole message has come yet, handshakes included:
 * they cost whoever opens them nothing, so they have a share of the places only. For one more the
 * oldest of those that have come least far is given up, and not the new one turned away: a peer in
 * good faith speaks at once. A quarter is kept for each stage, so that neither silent connections
 * cut off handshakes, nor half handshakes those that have just come.
 */
public final class NewConnections {
    private final IntSupplier perSource;
    private final IntSupplier inAll;

    /** By {@link ConnectionSource}. Never empty. */
    private final Map<String, NewOfSource> bySource = new HashMap<>();

    private int count;

    /** How far a connection has come, in this order. */
    public enum Stage {
        /** Nothing has come that could be answered. */
        SILENT,
        /** By TLS: its ClientHello has an answer. */
        GREETED,
        /** The handshake has ended, so whoever has to show a certificate has shown it. */
        SECURED
    }

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
        NewOfSource own = bySource.computeIfAbsent(source, _ -> new NewOfSource());
        own.add(peer, connection);
        count++;
        List<Socket> given = new ArrayList<>();
        while (own.size() > perSource.getAsInt()) {
            given.add(giveUp(source, own));
        }
        while (count > inAll.getAsInt()) {
            Map.Entry<String, NewOfSource> most = greediest();
            given.add(giveUp(most.getKey(), most.getValue()));
        }
        return given;
    }

    /** It has come so far, and takes the youngest place there. */
    public synchronized void reached(InetSocketAddress peer, Stage stage) {
        NewOfSource those = bySource.get(source(peer));
        if (those != null) {
            those.reached(peer, stage);
        }
    }

    public synchronized void remove(InetSocketAddress peer) {
        String source = source(peer);
        NewOfSource those = bySource.get(source);
        if (those != null && those.remove(peer)) {
            gone(source, those);
        }
    }

    private Socket giveUp(String source, NewOfSource those) {
        Socket given = those.giveUp();
        gone(source, those);
        return given;
    }

    private void gone(String source, NewOfSource those) {
        count--;
        if (those.size() == 0) {
            bySource.remove(source);
        }
    }

    private Map.Entry<String, NewOfSource> greediest() {
        return bySource.entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.comparingInt(NewOfSource::size)))
                .orElseThrow();
    }
}
