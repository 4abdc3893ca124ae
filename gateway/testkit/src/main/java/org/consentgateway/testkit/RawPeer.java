package org.consentgateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one test. A SIP peer that says exactly what it is told and remembers what it hears,
 * over UDP or TCP.
 */
public final class RawPeer implements AutoCloseable {
    public static final int PATIENCE_MILLIS = 5000;

    private final @Nullable DatagramSocket datagrams;
    private final @Nullable Socket connection;
    private InetSocketAddress target;
    private final StringBuilder stream = new StringBuilder();
    private final Deque<Message> putBack = new ArrayDeque<>();
    public final String host;
    public final int port;
    public final String transport;

    /** A message as it came. */
    public record Message(String text) {
        public String startLine() {
            return text.substring(0, text.indexOf("\r\n"));
        }

        public int status() {
            return startLine().startsWith("SIP/2.0 ")
                    ? Integer.parseInt(startLine().substring(8, 11))
                    : 0;
        }

        public String method() {
            return startLine().substring(0, startLine().indexOf(' '));
        }

        /** All of that name, as a comma list; the empty string where there is none. */
        public String header(String name) {
            return String.join(", ", headers(name));
        }

        public List<String> headers(String name) {
            List<String> values = new ArrayList<>();
            for (String line : text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    values.add(line.substring(name.length() + 1).strip());
                }
            }
            return values;
        }

        public String toTag() {
            String to = header("To");
            int tag = to.indexOf("tag=");
            return tag < 0 ? "" : to.substring(tag + 4);
        }

        public String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    private RawPeer(
            @Nullable DatagramSocket datagrams,
            @Nullable Socket connection,
            InetSocketAddress target,
            String host,
            int port,
            String transport) {
        this.datagrams = datagrams;
        this.connection = connection;
        this.target = target;
        this.host = host.contains(":") ? "[" + host + "]" : host;
        this.port = port;
        this.transport = transport;
    }

    public static RawPeer udp(String host, InetSocketAddress target) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(host));
        return new RawPeer(socket, null, target, host, socket.getLocalPort(), "UDP");
    }

    public static RawPeer tcp(String host, InetSocketAddress target) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
        socket.connect(target, PATIENCE_MILLIS);
        return new RawPeer(null, socket, target, host, socket.getLocalPort(), "TCP");
    }

    /** Over a connection that is there, by TLS. */
    public static RawPeer tls(Socket socket) {
        InetSocketAddress other = (InetSocketAddress) socket.getRemoteSocketAddress();
        String here = socket.getLocalAddress().getHostAddress();
        return new RawPeer(null, socket, other, here, socket.getLocalPort(), "TLS");
    }

    /** From now on it speaks to somebody else. */
    public void to(InetSocketAddress other) {
        target = other;
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        if (datagrams != null) {
            datagrams.send(new DatagramPacket(bytes, bytes.length, target));
        } else if (connection != null) {
            connection.getOutputStream().write(bytes);
        }
    }

    /** The next message, or null where none comes in time. */
    public @Nullable Message receive(int millis) throws IOException {
        if (!putBack.isEmpty()) {
            return putBack.poll();
        }
        try {
            if (datagrams != null) {
                DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
                datagrams.setSoTimeout(millis);
                datagrams.receive(packet);
                return new Message(
                        new String(
                                packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
            return connection == null ? null : fromStream(connection, millis);
        } catch (SocketTimeoutException nothing) {
            return null;
        }
    }

    private @Nullable Message fromStream(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (true) {
            int end = stream.indexOf("\r\n\r\n");
            if (end >= 0) {
                Message head = new Message(stream.substring(0, end + 4));
                int length = Integer.parseInt(head.header("Content-Length"));
                if (stream.length() >= end + 4 + length) {
                    Message whole = new Message(stream.substring(0, end + 4 + length));
                    stream.delete(0, end + 4 + length);
                    return whole;
                }
            }
            int read = in.read(buffer);
            if (read < 0) {
                return null;
            }
            stream.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
    }

    /** Whether the other side has closed the connection. */
    public boolean isClosedByPeer() throws IOException {
        if (connection == null) {
            return false;
        }
        connection.setSoTimeout(PATIENCE_MILLIS);
        try {
            return connection.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** The next response of this status; other messages on the way are passed over. */
    public Message expect(int status) throws IOException {
        List<String> passed = new ArrayList<>();
        while (true) {
            Message message = receive(PATIENCE_MILLIS);
            if (message == null) {
                throw new AssertionError("no " + status + "; came: " + passed);
            }
            if (message.status() == status) {
                return message;
            }
            passed.add(message.startLine());
        }
    }

    /** The next request of this method; other messages on the way are passed over. */
    public Message expectRequest(String method) throws IOException {
        List<String> passed = new ArrayList<>();
        while (true) {
            Message message = receive(PATIENCE_MILLIS);
            if (message == null) {
                throw new AssertionError("no " + method + "; came: " + passed);
            }
            if (message.status() == 0 && message.method().equals(method)) {
                return message;
            }
            passed.add(message.startLine());
        }
    }

    /** Whatever comes next. */
    public Message anything() throws IOException {
        Message message = receive(PATIENCE_MILLIS);
        if (message == null) {
            throw new AssertionError("nothing came");
        }
        return message;
    }

    /** Whether nothing at all comes for a while. */
    public boolean hearsNothing(int millis) throws IOException {
        Message message = receive(millis);
        if (message != null) {
            putBack.add(message);
        }
        return message == null;
    }

    @Override
    public void close() throws IOException {
        if (datagrams != null) {
            datagrams.close();
        }
        if (connection != null) {
            connection.close();
        }
    }
}
