package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A listening SIP socket on loopback, over UDP, TCP or TLS, that hands each message on with the way
 * back to its sender. Thread-safe.
 */
public final class SipServer implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int MOST_WAITING = 50;

    private final String transport;
    private final Handler handler;
    private final @Nullable DatagramSocket datagrams;
    private final @Nullable ServerSocket listening;
    private final Set<SipStream> streams = ConcurrentHashMap.newKeySet();

    /** Takes what came. */
    public interface Handler {
        void take(SipMessage message, SipFlow back) throws Exception;
    }

    private SipServer(
            String transport,
            Handler handler,
            @Nullable DatagramSocket datagrams,
            @Nullable ServerSocket listening) {
        this.transport = transport;
        this.handler = handler;
        this.datagrams = datagrams;
        this.listening = listening;
    }

    /** On a free port. */
    public static SipServer udp(Handler handler) throws IOException {
        return udp(HERE, handler);
    }

    /** On a free port of another address of this machine; {@link #contact} does not lead there. */
    public static SipServer udp(InetAddress at, Handler handler) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, at);
        SipServer server = new SipServer("UDP", handler, socket, null);
        Thread.ofVirtual().name("sip server").start(() -> server.receive(socket));
        return server;
    }

    /**
     * @param tls null for TCP
     * @param port 0 for a free one
     */
    public static SipServer stream(@Nullable SSLContext tls, int port, Handler handler)
            throws IOException {
        ServerSocket socket =
                tls == null
                        ? new ServerSocket(port, MOST_WAITING, HERE)
                        : tls.getServerSocketFactory().createServerSocket(port, MOST_WAITING, HERE);
        SipServer server = new SipServer(tls == null ? "TCP" : "TLS", handler, null, socket);
        Thread.ofVirtual().name("sip server").start(() -> server.accept(socket));
        return server;
    }

    public int port() {
        if (datagrams != null) {
            return datagrams.getLocalPort();
        }
        return listening == null ? 0 : listening.getLocalPort();
    }

    /** A Contact that leads here, with its line's end. */
    public String contact(String user) {
        String parameter =
                transport.equals("UDP") ? "" : ";transport=" + transport.toLowerCase(Locale.ROOT);
        return "Contact: <sip:" + user + "@127.0.0.1:" + port() + parameter + ">\r\n";
    }

    /** The start of a Via of ours. */
    String sentBy() {
        return "SIP/2.0/" + transport + " 127.0.0.1:" + port();
    }

    private void receive(DatagramSocket socket) {
        byte[] buffer = new byte[65_535];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                SocketAddress from = packet.getSocketAddress();
                String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
                handle(
                        new SipMessage(text),
                        octets -> socket.send(new DatagramPacket(octets, octets.length, from)));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().name("sip stream").start(() -> read(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void read(Socket connection) {
        SipStream stream = new SipStream(connection);
        streams.add(stream);
        try (stream) {
            for (SipMessage next = stream.next(); next != null; next = stream.next()) {
                handle(next, stream);
            }
        } catch (IOException closed) {
            // The gateway is gone.
        } finally {
            streams.remove(stream);
        }
    }

    /** A keep-alive is answered here. */
    private void handle(SipMessage message, SipFlow back) throws IOException {
        try {
            if (message.text().isBlank()) {
                back.send("\r\n");
            } else {
                handler.take(message, back);
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (datagrams != null) {
            datagrams.close();
        }
        try {
            if (listening != null) {
                listening.close();
            }
            for (SipStream stream : streams) {
                stream.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
