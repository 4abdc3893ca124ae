package org.consentgateway.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Thread-safe. A WebSocket server (RFC 6455) that can be made to misbehave; written once more,
 * apart from the product's client.
 */
public final class SocketServer implements AutoCloseable {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket server;
    private final boolean secure;
    private final Behaviour behaviour;
    private final List<SocketPeer> peers = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** What a server does with those who come. Called on the connection's own thread. */
    public interface Behaviour {
        /**
         * An upgrade has been asked for.
         *
         * @return such as "101" to take it, "401 Unauthorized" to refuse it; empty: no answer at
         *     all
         */
        default String answers(String path, Map<String, String> headers) {
            return "101";
        }

        default void opened(SocketPeer peer) throws IOException {}

        default void text(SocketPeer peer, String message) throws IOException {}

        default void binary(SocketPeer peer, byte[] message) throws IOException {}
    }

    private SocketServer(ServerSocket server, boolean secure, Behaviour behaviour) {
        this.server = server;
        this.secure = secure;
        this.behaviour = behaviour;
    }

    public static SocketServer start(Behaviour behaviour) throws IOException {
        return start(0, behaviour);
    }

    /** At a port that somebody was told of before. */
    public static SocketServer start(int port, Behaviour behaviour) throws IOException {
        ServerSocket server = new ServerSocket(port, 500, InetAddress.ofLiteral("127.0.0.1"));
        return new SocketServer(server, false, behaviour).listening();
    }

    /**
     * @param client whether those who come must show a certificate
     */
    public static SocketServer secure(SSLContext tls, boolean client, Behaviour behaviour)
            throws IOException {
        ServerSocket server =
                tls.getServerSocketFactory()
                        .createServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));
        ((SSLServerSocket) server).setNeedClientAuth(client);
        return new SocketServer(server, true, behaviour).listening();
    }

    private SocketServer listening() {
        Thread.ofVirtual().start(this::listen);
        return this;
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url(String path) {
        return (secure ? "wss" : "ws") + "://127.0.0.1:" + port() + path;
    }

    /** All who have come and were taken. */
    public List<SocketPeer> peers() {
        return peers;
    }

    private void serve(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(socket.getInputStream());
            String request = line(in);
            Map<String, String> headers = new LinkedHashMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            String path = request.split(" ", -1)[1];
            String answer = behaviour.answers(path, headers);
            OutputStream out = socket.getOutputStream();
            if (answer.isEmpty()) {
                return; // and the connection stays
            }
            if (!answer.equals("101")) {
                String refusal = "HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n";
                out.write(refusal.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                return;
            }
            String taken =
                    taken(
                            headers.getOrDefault("sec-websocket-key", ""),
                            headers.getOrDefault("sec-websocket-protocol", ""));
            out.write(taken.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            SocketPeer peer = new SocketPeer(socket, in, path, headers);
            peers.add(peer);
            behaviour.opened(peer);
            peer.serve(behaviour);
        } catch (IOException e) {
            close(socket);
        }
    }

    /**
     * The answer that takes a WebSocket (RFC 6455 §4.2.2).
     *
     * @param key that was offered
     * @param protocol of its own; empty for none
     */
    public static String taken(String key, String protocol) {
        byte[] hash;
        try {
            hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(hash)
                + (protocol.isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + protocol)
                + "\r\n\r\n";
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.readUnsignedByte(); each != '\n'; each = in.readUnsignedByte()) {
            if (each != '\r') {
                line.append((char) each);
            }
        }
        return line.toString();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // it is gone either way
        }
        sockets.forEach(SocketServer::close);
    }
}
