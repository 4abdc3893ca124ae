package org.consentgateway.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A SIP peer that says exactly what it is told and is asked for what it hears, over UDP, TCP or
 * TLS. What it was asked for and has heard it has heard once: a retransmission of it is the same
 * message, octet by octet, is no answer to a later question and does not break a silence. Confined
 * to one test.
 */
public final class SipPeer implements SipFlow, AutoCloseable {
    public static final int PATIENCE_MILLIS = 10_000;

    private final @Nullable DatagramSocket datagrams;
    private final @Nullable Socket connection;
    private InetSocketAddress target;
    private final @Nullable SipStream stream;
    private final Deque<SipMessage> putBack = new ArrayDeque<>();
    private final Set<SipMessage> taken = new HashSet<>();
    private int patienceMillis = PATIENCE_MILLIS;
    public final String host;
    public final int port;
    public final String transport;

    private SipPeer(
            @Nullable DatagramSocket datagrams,
            @Nullable Socket connection,
            InetSocketAddress target,
            String host,
            int port,
            String transport) {
        this.datagrams = datagrams;
        this.connection = connection;
        this.stream = connection == null ? null : new SipStream(connection);
        this.target = target;
        this.host = host.contains(":") ? "[" + host + "]" : host;
        this.port = port;
        this.transport = transport;
    }

    public static SipPeer udp(String host, InetSocketAddress target) throws IOException {
        return udp(host, 0, target);
    }

    /** From this port. */
    public static SipPeer udp(String host, int port, InetSocketAddress target) throws IOException {
        DatagramSocket socket = new DatagramSocket(port, InetAddress.ofLiteral(host));
        return new SipPeer(socket, null, target, host, socket.getLocalPort(), "UDP");
    }

    public static SipPeer tcp(String host, InetSocketAddress target) throws IOException {
        return tcp(host, new Socket(), 0, target);
    }

    /**
     * From this port, which others of this machine may share, and which is free again as soon as
     * the peer is closed: its end is a reset.
     */
    public static SipPeer resetting(String host, int port, InetSocketAddress target)
            throws IOException {
        Socket socket = new Socket();
        socket.setSoLinger(true, 0);
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        return tcp(host, socket, port, target);
    }

    private static SipPeer tcp(String host, Socket socket, int port, InetSocketAddress target)
            throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        socket.connect(target, PATIENCE_MILLIS);
        return new SipPeer(null, socket, target, host, socket.getLocalPort(), "TCP");
    }

    /** Over a connection that is there, by TCP. */
    public static SipPeer over(Socket socket) {
        return over(socket, "TCP");
    }

    /** Over a connection that is there, by TLS. */
    public static SipPeer tls(Socket socket) {
        return over(socket, "TLS");
    }

    private static SipPeer over(Socket socket, String transport) {
        InetSocketAddress other = (InetSocketAddress) socket.getRemoteSocketAddress();
        String here = socket.getLocalAddress().getHostAddress();
        return new SipPeer(null, socket, other, here, socket.getLocalPort(), transport);
    }

    /** Waits so long for what it expects. */
    public SipPeer patient(int millis) {
        patienceMillis = millis;
        return this;
    }

    /** From now on it speaks to somebody else. */
    public void to(InetSocketAddress other) {
        target = other;
    }

    @Override
    public void send(byte[] octets) throws IOException {
        if (stream != null) {
            stream.send(octets);
        } else {
            send(octets, target);
        }
    }

    /** Over UDP, this once to somebody else. */
    public void send(String text, InetSocketAddress other) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8), other);
    }

    private void send(byte[] octets, InetSocketAddress to) throws IOException {
        if (datagrams != null) {
            datagrams.send(new DatagramPacket(octets, octets.length, to));
        }
    }

    /** The next message, also a retransmission, or null if none comes in time. */
    public @Nullable SipMessage receive(int millis) throws IOException {
        if (!putBack.isEmpty()) {
            return putBack.poll();
        }
        try {
            if (datagrams != null) {
                DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
                datagrams.setSoTimeout(millis);
                datagrams.receive(packet);
                return new SipMessage(
                        new String(
                                packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
            if (connection == null || stream == null) {
                return null;
            }
            connection.setSoTimeout(millis);
            return stream.next();
        } catch (SocketTimeoutException nothing) {
            return null;
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

    /** The next new response of this status; other messages on the way are passed over. */
    public SipMessage expect(int status) throws IOException {
        return expect(Integer.toString(status), message -> message.status() == status);
    }

    /** The next new request of this method; other messages on the way are passed over. */
    public SipMessage expectRequest(String method) throws IOException {
        return expect(method, message -> message.method().equals(method));
    }

    /** The next new final response to a request of this method. */
    public SipMessage expectAnswer(String method) throws IOException {
        return expect(
                "answer to " + method,
                message ->
                        message.status() >= 200 && message.header("CSeq").endsWith(" " + method));
    }

    /** The next new message like this; others on the way are passed over. */
    SipMessage expect(String what, Predicate<SipMessage> wanted) throws IOException {
        SipMessage message = awaited(what, one -> !taken.contains(one) && wanted.test(one));
        taken.add(message);
        return message;
    }

    /** A message that was taken, once more; others on the way are passed over. */
    public SipMessage expectAgain(SipMessage message) throws IOException {
        return awaited("retransmission", message::equals);
    }

    private SipMessage awaited(String what, Predicate<SipMessage> wanted) throws IOException {
        List<String> passed = new ArrayList<>();
        while (true) {
            SipMessage message = receive(patienceMillis);
            if (message == null) {
                throw new AssertionError("no " + what + "; came: " + passed);
            }
            if (wanted.test(message)) {
                return message;
            }
            passed.add(message.startLine());
        }
    }

    /** Whatever comes next, also a retransmission. */
    public SipMessage anything() throws IOException {
        SipMessage message = receive(patienceMillis);
        if (message == null) {
            throw new AssertionError("nothing came");
        }
        return message;
    }

    /** Whatever new comes next. */
    public SipMessage anythingNew() throws IOException {
        return expect("message", message -> true);
    }

    /** What comes, also retransmissions, until nothing has come for so long. */
    public List<SipMessage> untilSilent(int millis) throws IOException {
        List<SipMessage> came = new ArrayList<>();
        for (SipMessage next = receive(millis); next != null; next = receive(millis)) {
            came.add(next);
        }
        return came;
    }

    /** Whether nothing new comes for a while. */
    public boolean hearsNothing(int millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        for (; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            SipMessage message = receive((int) left);
            if (message != null && !taken.contains(message)) {
                putBack.add(message);
                return false;
            }
        }
        return true;
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
