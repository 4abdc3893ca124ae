package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.consentgateway.source.ConnectionSource;

/**
 * Thread-safe. Accepted connections of which no whole message has come yet, handshakes included:
 * they cost whoever opens them nothing, so they have a share of the places only. For one more the
 * oldest of those that have come least far is given up, and not the new one turned away: a peer in
 * good faith speaks at once. A quarter is kept for each stage, so that neither silent connections
 * cut off handshakes, nor half handshakes those that have just come. Where there are too many in
 * all, that is one of the source that has most; but not of a source that has a few, else whoever
 * has one in each of many networks would have each of two be given up that an honest peer opens.
 */
public final class NewConnections {
    /** Of those that a source may have, this part is a few. */
    private static final int FEW = 4;

    private final IntSupplier perSource;
    private final IntSupplier inAll;

    /** By {@link ConnectionSource}. Never empty; who came first is first. */
    private final Map<String, NewOfSource> bySource = new LinkedHashMap<>();

    /** Of all sources. */
    private final NewOfSource all = new NewOfSource("");

    /**
     * Where each has its place. By the connection itself: a peer may have several at one address
     * and port, as to two of our ports, or where it has closed one and we have not seen it yet.
     */
    private final Map<Socket, NewOfSource> places = new HashMap<>();

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
        NewOfSource own = bySource.computeIfAbsent(source, NewOfSource::new);
        own.add(connection);
        all.add(connection);
        places.put(connection, own);
        List<Socket> given = new ArrayList<>();
        while (own.size() > perSource.getAsInt()) {
            given.add(giveUp(own));
        }
        while (places.size() > inAll.getAsInt()) {
            NewOfSource most = greediest();
            boolean few = most.size() <= Math.max(1, perSource.getAsInt() / FEW);
            given.add(giveUp(few ? all : most));
        }
        return given;
    }

    /** It has come so far, and takes the youngest place there. */
    public synchronized void reached(Socket connection, Stage stage) {
        NewOfSource those = places.get(connection);
        if (those != null) {
            those.reached(connection, stage);
            all.reached(connection, stage);
        }
    }

    /** Nothing where it is not here any more. */
    public synchronized void remove(Socket connection) {
        NewOfSource those = places.remove(connection);
        if (those != null) {
            those.remove(connection);
            all.remove(connection);
            if (those.size() == 0) {
                bySource.remove(those.source);
            }
        }
    }

    private Socket giveUp(NewOfSource those) {
        Socket given = those.giveUp();
        remove(given);
        return given;
    }

    private NewOfSource greediest() {
        return bySource.values().stream()
                .max(Comparator.comparingInt(NewOfSource::size))
                .orElseThrow();
    }
}
