package org.consentgateway.sip.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.screen.NewConnections;
import org.consentgateway.sip.transport.channel.FirstWrite;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.source.ConnectionSource;
import org.jspecify.annotations.Nullable;

/** Accepts from known sources only, and only so many at a time, in all and of each. Thread-safe. */
final class ScreenedConnections extends ServerSocket {
    private final Open open;
    private final Transport by;
    private final StreamScreen streams;

    /**
     * @param by TCP or TLS
     * @param streams what is read of a connection is read through it
     */
    ScreenedConnections(
            int port,
            int backlog,
            InetAddress address,
            Open open,
            Transport by,
            StreamScreen streams)
            throws IOException {
        super(port, backlog, address);
        this.open = open;
        this.by = by;
        this.streams = streams;
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            Accepted socket = new Accepted(open, by, streams);
            implAccept(socket);
            if (open.admits(socket.getInetAddress(), by)) {
                try {
                    prepare(socket);
                    return socket;
                } catch (IOException goneAlready) {
                    // One connection: the stack would never accept another if it heard of it.
                }
            }
            socket.close();
        }
    }

    private void prepare(Accepted socket) throws IOException {
        socket.counted((InetSocketAddress) socket.getRemoteSocketAddress());
        socket.setTcpNoDelay(true);
        socket.setTrafficClass(open.settings.trafficClass());
        socket.setSoTimeout(ScreenedStream.UNFINISHED_MILLIS);
        open.isNew(socket);
    }

    /** The connections held, of all listening points together. Thread-safe. */
    static final class Open {
        private final KnownSources sources;
        private final LiveCounters tally;
        private final SipSettings settings;
        private final StalledWrites writes;
        private volatile SipSettings.Limits limits;
        private final AtomicInteger all = new AtomicInteger();

        /** By {@link ConnectionSource}. */
        private final ConcurrentMap<String, Integer> bySource = new ConcurrentHashMap<>();

        /** How many from exactly there: one may come before the end of the other is seen. */
        private final ConcurrentMap<InetSocketAddress, Integer> peers = new ConcurrentHashMap<>();

        private final NewConnections silent;

        Open(KnownSources sources, LiveCounters tally, SipSettings settings, StalledWrites writes) {
            this.writes = writes;
            this.limits = settings.limits();
            this.silent =
                    new NewConnections(
                            () -> NewConnections.share(limits.tcpConnectionsPerSource()),
                            () -> NewConnections.share(limits.tcpConnections()));
            this.sources = sources;
            this.tally = tally;
            this.settings = settings;
        }

        SipSettings.Limits limits() {
            return limits;
        }

        /** For connections to come; those there are go on. */
        void limit(SipSettings.Limits next) {
            limits = next;
        }

        /** Whether one more of this source may be there; it is then counted. */
        boolean admits(InetAddress source, Transport by) {
            Rejection unwanted = Rejection.of(sources.recognise(source, by));
            if (unwanted != null) {
                tally.rejected(unwanted);
                return false;
            }
            return hasRoom(source);
        }

        /** Whether one more from or to this source may be there; it is then counted. */
        boolean hasRoom(InetAddress source) {
            if (!enter(source)) {
                tally.rejected(Rejection.TOO_MANY_CONNECTIONS);
                return false;
            }
            return true;
        }

        private boolean enter(InetAddress source) {
            SipSettings.Limits most = limits;
            if (all.incrementAndGet() > most.tcpConnections()) {
                all.decrementAndGet();
                return false;
            }
            if (bySource.merge(ConnectionSource.of(source), 1, Integer::sum)
                    > most.tcpConnectionsPerSource()) {
                leave(source);
                return false;
            }
            return true;
        }

        /** Of a connection just admitted; others that have said nothing may have to go for it. */
        private void isNew(Accepted connection) throws IOException {
            InetSocketAddress peer = (InetSocketAddress) connection.getRemoteSocketAddress();
            for (Socket given : silent.add(peer, connection)) {
                tally.rejected(Rejection.NEW_CONNECTION);
                given.close();
            }
        }

        /** A handshake has come so far. */
        void reached(Socket connection, NewConnections.Stage stage) {
            silent.reached(connection, stage);
        }

        /** Its first whole message has come. */
        void spoke(Socket connection) {
            silent.remove(connection);
        }

        /** Whether a connection from exactly there is open. */
        boolean holds(InetSocketAddress peer) {
            return peers.containsKey(peer);
        }

        void leave(InetAddress source) {
            all.decrementAndGet();
            oneLess(bySource, ConnectionSource.of(source));
        }

        private static <K> void oneLess(ConcurrentMap<K, Integer> counts, K key) {
            counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Counted while it is open. Thread-safe. */
    private static final class Accepted extends ScreenedSocket {
        private final Open open;
        private final Transport by;
        private final AtomicBoolean counted = new AtomicBoolean();
        private volatile @Nullable InetSocketAddress peer;

        Accepted(Open open, Transport by, StreamScreen streams) {
            super(streams, open.writes);
            this.open = open;
            this.by = by;
        }

        void counted(InetSocketAddress from) {
            peer = from;
            open.peers.merge(from, 1, Integer::sum);
            counted.set(true);
        }

        /** Below TLS: what is written first answers a whole ClientHello, or is the last. */
        @Override
        OutputStream written(OutputStream out) {
            return by != Transport.TLS
                    ? out
                    : new FirstWrite(out, () -> open.reached(this, NewConnections.Stage.GREETED));
        }

        @Override
        public void close() throws IOException {
            InetSocketAddress from = peer;
            if (counted.getAndSet(false) && from != null) {
                Open.oneLess(open.peers, from);
                open.silent.remove(this);
                open.leave(from.getAddress());
            }
            super.close();
        }
    }
}
