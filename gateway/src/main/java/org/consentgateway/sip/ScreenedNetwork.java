package org.consentgateway.sip;

import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The sockets under the SIP stack. Strangers are turned away here, below the parser:
 * the stack answers some malformed messages by itself, and a stranger must not learn that anybody
 * lives here.
 */
final class ScreenedNetwork implements NetworkLayer {
    /** How long a TCP connection of ours may take; a dead target must not hold a call up. */
    private static final int CONNECT_MILLIS = 2000;

    /** Addresses whose name is remembered. */
    private static final int MAX_NAMES = 10_000;

    private final KnownSources sources;
    private final Tally tally;
    private final int maxTcpConnections;
    private final @Nullable SSLContext tls;
    private final String[] versions;
    private final ConcurrentMap<InetAddress, String> names = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /**
     * @throws IOException where a file of the TLS settings cannot be used
     */
    ScreenedNetwork(KnownSources sources, Tally tally, int maxTcpConnections, Optional<Tls> tls)
            throws IOException {
        this.tls = tls.isPresent() ? tls.get().context() : null;
        this.versions = tls.orElseGet(Tls::usual).versions().toArray(String[]::new);
        this.sources = sources;
        this.tally = tally;
        this.maxTcpConnections = maxTcpConnections;
    }

    @Override
    public DatagramSocket createDatagramSocket(int port, InetAddress address)
            throws SocketException {
        return new ScreenedDatagrams(port, address);
    }

    @Override
    public DatagramSocket createDatagramSocket() throws SocketException {
        return new DatagramSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        return new ScreenedConnections(port, backlog, address);
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return connect(address, port, new InetSocketAddress(0));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local)
            throws IOException {
        return connect(address, port, new InetSocketAddress(local, 0));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
            throws IOException {
        return connect(address, port, new InetSocketAddress(local, localPort));
    }

    private static Socket connect(InetAddress address, int port, InetSocketAddress local)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.bind(local);
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * Remembers the name a target was dialled by: its certificate has to bear that name, and it is
     * sent as SNI on every later connection to the same address, in-dialog requests included.
     */
    void named(InetAddress address, String name) {
        if (names.size() >= MAX_NAMES) {
            names.clear();
        }
        names.put(address, name);
    }

    @Override
    public SSLServerSocket createSSLServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        return new ScreenedTls(
                new ScreenedConnections(port, backlog, address), secured(), versions);
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port) throws IOException {
        return secure(createSocket(address, port));
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port, InetAddress local)
            throws IOException {
        return secure(createSocket(address, port, local));
    }

    private SSLSocket secure(Socket plain) throws IOException {
        InetAddress address = plain.getInetAddress();
        String name = names.getOrDefault(address, address.getHostAddress());
        SSLSocket socket =
                (SSLSocket)
                        secured()
                                .getSocketFactory()
                                .createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(versions);
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** The runtime's own choice: the stack's is of another age. */
    String cipherSuites() {
        return tls == null ? "" : String.join(" ", tls.getDefaultSSLParameters().getCipherSuites());
    }

    private SSLContext secured() throws IOException {
        if (tls == null) {
            throw new IOException("TLS is not configured");
        }
        return tls;
    }

    @Override
    public void setSipStack(SipStackImpl stack) {
        // Nothing of the stack's is needed here.
    }

    /** Thread-safe. Receives from known sources only. */
    private final class ScreenedDatagrams extends DatagramSocket {
        ScreenedDatagrams(int port, InetAddress address) throws SocketException {
            super(port, address);
        }

        @Override
        public void receive(DatagramPacket packet) throws IOException {
            int room = packet.getData().length;
            while (true) {
                packet.setLength(room);
                super.receive(packet);
                if (!sources.knows(packet.getAddress())) {
                    tally.rejected(Rejection.UNKNOWN_SOURCE);
                } else if (packet.getLength() >= room) {
                    // Filled to the brim: cut off by the kernel, so not the message that was sent.
                    tally.rejected(Rejection.TOO_LONG);
                } else {
                    return;
                }
            }
        }
    }

    /** Thread-safe. Accepts from known sources only, and only so many at a time. */
    private final class ScreenedConnections extends ServerSocket {
        ScreenedConnections(int port, int backlog, InetAddress address) throws IOException {
            super(port, backlog, address);
        }

        @Override
        public Socket accept() throws IOException {
            while (true) {
                Socket socket = new CountedSocket();
                implAccept(socket);
                if (!sources.knows(socket.getInetAddress())) {
                    tally.rejected(Rejection.UNKNOWN_SOURCE);
                    socket.close();
                } else if (accepted.get() > maxTcpConnections) {
                    tally.rejected(Rejection.TOO_MANY_CONNECTIONS);
                    socket.close();
                } else {
                    socket.setTcpNoDelay(true);
                    return socket;
                }
            }
        }
    }

    /** Thread-safe. Counts itself while it is open. */
    private final class CountedSocket extends Socket {
        private final AtomicInteger open = new AtomicInteger(1);

        CountedSocket() {
            accepted.incrementAndGet();
        }

        @Override
        public synchronized void close() throws IOException {
            if (open.getAndSet(0) == 1) {
                accepted.decrementAndGet();
            }
            super.close();
        }
    }
}
