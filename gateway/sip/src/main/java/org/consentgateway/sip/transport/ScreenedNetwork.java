package org.consentgateway.sip.transport;

import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.BorneNames;
import org.consentgateway.sip.certificate.RevocationUnknown;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.screen.NewConnections;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.transport.channel.KeptSockets;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.consentgateway.sip.trunk.FailedHandshakes;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * The sockets under the SIP stack. Thread-safe. Strangers are turned away here, below the parser:
 * the stack answers some malformed messages by itself, and a stranger must not learn that anybody
 * lives here.
 */
public final class ScreenedNetwork implements NetworkLayer {
    /** How long a TCP connection of ours may take; a dead target must not hold a call up. */
    private static final int CONNECT_MILLIS = 2000;

    /** The system's own. */
    private static final int USUAL_BACKLOG = 0;

    /** Addresses whose name is remembered. */
    private static final int MAX_NAMES = 10_000;

    private final KnownSources sources;
    private final LiveCounters tally;
    private final Screen screen;
    private final ScreenedConnections.Open open;
    private final SipSettings settings;
    private final ScreenedStream.Rules rules;
    private final LongSupplier nanos;
    private final FailedHandshakes failedHandshakes;
    private final StalledWrites writes;
    private final CountedParser parser;
    private volatile @Nullable SSLContext tls;
    private final String[] versions;
    private final ConcurrentMap<InetSocketAddress, String> names = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetSocketAddress, DatagramSocket> boundDatagrams =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<InetSocketAddress, ServerSocket> boundConnections =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<InetSocketAddress, HeardSocket> connections =
            new ConcurrentHashMap<>();

    /**
     * @throws IOException if a file of the TLS settings cannot be used
     */
    public ScreenedNetwork(
            SipSettings settings,
            KnownSources sources,
            LiveCounters tally,
            Screen screen,
            LongSupplier nanos)
            throws IOException {
        Optional<Tls> tls = settings.tls();
        this.tls = tls.isPresent() ? tls.get().context() : null;
        this.versions = tls.orElseGet(Tls::usual).versions().toArray(String[]::new);
        this.sources = sources;
        this.tally = tally;
        this.screen = screen;
        this.writes = new StalledWrites(nanos);
        this.parser = new CountedParser(tally, settings.assistant(), nanos, screen::unread);
        this.open = new ScreenedConnections.Open(sources, tally, settings, writes);
        this.settings = settings;
        this.nanos = nanos;
        this.failedHandshakes = new FailedHandshakes(nanos);
        this.rules = new ScreenedStream.Rules(screen, tally, settings, open::limits, nanos, parser);
    }

    /** For connections to come; those there are go on. */
    public void limit(SipSettings.Limits next) {
        open.limit(next);
    }

    /** That of the stack, which reads what passes here. */
    CountedParser parser() {
        return parser;
    }

    /** Closes connections of either direction whose peer has not read for so long. */
    void endStalledWrites(Duration longest) {
        for (int ended = writes.end(longest); ended > 0; ended--) {
            tally.rejected(Rejection.DEAF_CONNECTION);
        }
    }

    /** Shows and believes other certificates from the next handshake on. */
    public void use(SSLContext next) {
        tls = next;
    }

    /**
     * Listens on a port that is free, for the stack, which wants to be told one: asked for it soon,
     * this hands out the socket that has it.
     */
    int anyPort(InetAddress address, Transport transport) throws IOException {
        if (transport == Transport.UDP) {
            DatagramSocket socket = createDatagramSocket(0, address);
            boundDatagrams.put(new InetSocketAddress(address, socket.getLocalPort()), socket);
            return socket.getLocalPort();
        }
        if (!accepts(transport)) {
            // Nothing will listen there; the stack wants a number all the same.
            try (ServerSocket socket = new ServerSocket(0, 1, address)) {
                return socket.getLocalPort();
            }
        }
        ServerSocket socket = connections(0, USUAL_BACKLOG, address, transport);
        boundConnections.put(new InetSocketAddress(address, socket.getLocalPort()), socket);
        return socket.getLocalPort();
    }

    @Override
    public DatagramSocket createDatagramSocket(int port, InetAddress address)
            throws SocketException {
        DatagramSocket bound = boundDatagrams.remove(new InetSocketAddress(address, port));
        if (bound != null) {
            return bound;
        }
        DatagramSocket socket =
                new ScreenedDatagrams(
                        new InetSocketAddress(address, port),
                        settings.maxMessageBytes(),
                        sources,
                        screen,
                        tally);
        socket.setTrafficClass(settings.trafficClass());
        return socket;
    }

    @Override
    public DatagramSocket createDatagramSocket() throws SocketException {
        DatagramSocket socket = new DatagramSocket();
        socket.setTrafficClass(settings.trafficClass());
        return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        return accepts(Transport.TCP)
                ? connections(port, backlog, address, Transport.TCP)
                : new NoConnections();
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return connect(address, port, new InetSocketAddress(0), ofOurs());
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local)
            throws IOException {
        return connect(address, port, new InetSocketAddress(local, 0), ofOurs());
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
            throws IOException {
        return connect(address, port, new InetSocketAddress(local, localPort), ofOurs());
    }

    private InputStream accepted(Socket socket, InputStream in) {
        return new ScreenedStream(socket, in, rules, () -> open.spoke(socket));
    }

    /** A connection whose handshake is still to come. */
    private ScreenedTlsSocket handshaken(Socket plain, SSLSocket tls) throws IOException {
        TimedHandshake handshake = handshake(plain, tls, new Accepted(plain));
        StreamScreen streams =
                (socket, in) -> new ScreenedStream(socket, in, rules, () -> open.spoke(plain));
        return new ScreenedTlsSocket(tls, streams, handshake, true);
    }

    private final class Accepted implements TimedHandshake.Told {
        private final Socket plain;

        Accepted(Socket plain) {
            this.plain = plain;
        }

        @Override
        public void shaken() {
            open.reached(plain, NewConnections.Stage.SECURED);
        }

        @Override
        public void failed(SSLException why) {
            boolean unknown = RevocationUnknown.isCauseOf(why);
            tally.rejected(unknown ? Rejection.REVOCATION : Rejection.HANDSHAKE);
            Trunk trunk = sources.trunk(plain.getInetAddress());
            // Whoever only looks whether the port is open begins none.
            if (trunk != null && !(why.getCause() instanceof EOFException)) {
                failedHandshakes.tell(trunk.name(), unknown, why);
            }
        }
    }

    private TimedHandshake handshake(Socket plain, SSLSocket tls, TimedHandshake.Told told)
            throws IOException {
        if (!(plain.getInputStream() instanceof TimedStream timed)) {
            throw new IOException("a connection without a limit of time");
        }
        return new TimedHandshake(tls, timed, open.limits().handshake(), tally, told);
    }

    private InputStream timed(Socket socket, InputStream in) {
        return new TimedStream(socket, in, nanos);
    }

    /** Of a connection that we made: ours to keep. */
    private InputStream made(Socket socket, InputStream in) {
        return new ScreenedStream(socket, in, rules, null);
    }

    /** Of one for an answer: its peer may keep it as one that it has made itself. */
    private InputStream answered(Socket socket, InputStream in) {
        return new ScreenedStream(socket, in, rules, () -> {});
    }

    private StreamScreen ofOurs() {
        return KeptSockets.isAnswering() ? this::answered : this::made;
    }

    private ServerSocket connections(
            int port, int backlog, InetAddress address, Transport transport) throws IOException {
        ServerSocket bound = boundConnections.remove(new InetSocketAddress(address, port));
        if (bound != null) {
            return bound;
        }
        // What TLS itself reads is no message yet.
        StreamScreen streams = transport == Transport.TLS ? this::timed : this::accepted;
        return new ScreenedConnections(port, backlog, address, open, transport, streams);
    }

    private boolean accepts(Transport transport) {
        return settings.listen().stream()
                .anyMatch(each -> each.transport() == transport && each.accepts());
    }

    private HeardSocket connect(
            InetAddress address, int port, InetSocketAddress local, StreamScreen streams)
            throws IOException {
        InetSocketAddress server = new InetSocketAddress(address, port);
        HeardSocket socket = counted(address, new HeardSocket(streams, writes));
        try {
            socket.setTcpNoDelay(true);
            socket.setTrafficClass(settings.trafficClass());
            socket.bind(local);
            socket.connect(server, CONNECT_MILLIS);
            if (connections.size() >= MAX_NAMES) {
                connections.values().removeIf(Socket::isClosed);
            }
            connections.put(server, socket);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * One for an answer has a place among those of its peer: whoever asks and closes, with another
     * port in its Via each time, has us make one for each answer (RFC 3261 §18.2.2).
     */
    private HeardSocket counted(InetAddress peer, HeardSocket socket) throws IOException {
        if (KeptSockets.isAnswering()) {
            if (!open.hasRoom(peer)) {
                socket.close();
                throw new IOException("no place for a connection to answer by");
            }
            var _ = socket.ended().thenRun(() -> open.leave(peer));
        }
        return socket;
    }

    /** Whether a connection to or from exactly there is open, whoever made it. */
    public boolean isOpen(InetSocketAddress peer) {
        return connection(peer) != null || open.holds(peer);
    }

    /** Our latest connection to a server, by TCP or TLS; null if none is open. */
    public @Nullable HeardSocket connection(InetSocketAddress server) {
        HeardSocket socket = connections.get(server);
        return socket == null || socket.isClosed() ? null : socket;
    }

    /**
     * Whether a request may go to a server by that name: by our connection to it, if one is open,
     * since the stack knows connections by address and port alone. One that bears no name but the
     * address, as a Contact of a border controller does, goes to whoever is proven to be there.
     */
    boolean isProven(ServerAddress server) {
        HeardSocket there = connection(server.address());
        return there == null
                || server.isCaller()
                || SipText.address(server.name()) != null
                || there.bears(server.name());
    }

    /** Whether we have connected to there, as far as is remembered. */
    boolean hasConnected(InetSocketAddress server) {
        return connections.containsKey(server);
    }

    /**
     * Remembers the name a server was found by: its certificate has to bear that name, and it is
     * sent as SNI on every later connection to it, in-dialog requests included. An address is no
     * such name.
     */
    void named(InetSocketAddress server, String name) {
        if (SipText.address(name) != null) {
            return;
        }
        if (names.size() >= MAX_NAMES) {
            names.clear();
        }
        names.put(server, name);
    }

    @Override
    public SSLServerSocket createSSLServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        return new ScreenedTls(
                accepts(Transport.TLS)
                        ? connections(port, backlog, address, Transport.TLS)
                        : new NoConnections(),
                this::secured,
                versions,
                this::handshaken);
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port) throws IOException {
        return secure(connect(address, port, new InetSocketAddress(0), this::timed));
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port, InetAddress local)
            throws IOException {
        return secure(connect(address, port, new InetSocketAddress(local, 0), this::timed));
    }

    private SSLSocket secure(HeardSocket plain) throws IOException {
        InetSocketAddress server = new InetSocketAddress(plain.getInetAddress(), plain.getPort());
        String name = names.getOrDefault(server, server.getAddress().getHostAddress());
        SSLSocket socket =
                (SSLSocket)
                        secured()
                                .getSocketFactory()
                                .createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(versions);
        socket.setSSLParameters(parameters);
        TimedHandshake handshake =
                handshake(plain, socket, () -> plain.proven(each -> isBorne(socket, name, each)));
        return new ScreenedTlsSocket(socket, ofOurs(), handshake, false);
    }

    /**
     * @param proven what the runtime has looked at in the handshake
     */
    private static boolean isBorne(SSLSocket tls, String proven, String name) {
        return name.equalsIgnoreCase(proven) || BorneNames.bears(tls.getSession(), name);
    }

    /** The runtime's own choice: the stack's is of another age. */
    String cipherSuites() {
        SSLContext now = tls;
        return now == null ? "" : String.join(" ", now.getDefaultSSLParameters().getCipherSuites());
    }

    private SSLContext secured() throws IOException {
        SSLContext now = tls;
        if (now == null) {
            throw new IOException("TLS is not configured");
        }
        return now;
    }

    @Override
    public void setSipStack(SipStackImpl stack) {
        // Nothing of the stack's is needed here.
    }
}
