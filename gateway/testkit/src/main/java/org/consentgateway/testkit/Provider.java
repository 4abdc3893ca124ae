package org.consentgateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A provider as strict as they come: challenges every REGISTER and INVITE, takes no
 * number that is not the customer's (403), and wants its own route to be taken.
 */
public final class Provider implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final Customer customer;
    private final String transport;
    private final @Nullable DatagramSocket datagrams;
    private final @Nullable ServerSocket listening;
    private final BlockingQueue<RawPeer.Message> registered = new LinkedBlockingQueue<>();
    private final BlockingQueue<RawPeer.Message> called = new LinkedBlockingQueue<>();
    private final BlockingQueue<RawPeer.Message> answers = new LinkedBlockingQueue<>();
    private final AtomicInteger nonces = new AtomicInteger();
    private volatile @Nullable Way way;

    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

    /**
     * Whom it serves.
     *
     * @param serviceRoute told with the registration, and demanded of every call; may be empty
     */
    public record Customer(
            String domain,
            String login,
            String password,
            Set<String> numbers,
            String algorithm,
            String serviceRoute) {}

    /** Back to where something came from. */
    private interface Way {
        void send(String text) throws IOException;
    }

    /**
     * @param transport UDP, TCP or TLS
     * @param tls for a provider that is reached by TLS
     */
    public Provider(Customer customer, String transport, @Nullable SSLContext tls)
            throws IOException {
        this.customer = customer;
        this.transport = transport;
        if (transport.equals("UDP")) {
            datagrams = new DatagramSocket(0, HERE);
            listening = null;
            start(this::receive);
        } else {
            datagrams = null;
            listening =
                    tls == null
                            ? new ServerSocket(0, 5, HERE)
                            : tls.getServerSocketFactory().createServerSocket(0, 5, HERE);
            start(this::accept);
        }
    }

    private static void start(Runnable work) {
        Thread.ofVirtual().start(work);
    }

    public int port() {
        return datagrams != null
                ? datagrams.getLocalPort()
                : listening == null ? 0 : listening.getLocalPort();
    }

    // ------------------------------------------------------------------ the wire

    private void receive() {
        DatagramSocket socket = datagrams;
        byte[] buffer = new byte[65_535];
        while (socket != null && !socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                SocketAddress from = packet.getSocketAddress();
                take(
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8),
                        text -> {
                            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                            socket.send(new DatagramPacket(bytes, bytes.length, from));
                        });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void accept() {
        ServerSocket socket = listening;
        while (socket != null && !socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start(() -> read(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void read(Socket connection) {
        try (connection) {
            Way back =
                    text -> {
                        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                        connection.getOutputStream().flush();
                    };
            InputStream in = connection.getInputStream();
            StringBuilder stream = new StringBuilder();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                stream.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                for (String text = first(stream); text != null; text = first(stream)) {
                    take(text, back);
                }
            }
        } catch (IOException closed) {
            // The gateway is gone.
        }
    }

    private static @Nullable String first(StringBuilder stream) {
        int end = stream.indexOf("\r\n\r\n");
        if (end < 0) {
            return null;
        }
        String length = new RawPeer.Message(stream.substring(0, end + 4)).header("Content-Length");
        int all = end + 4 + (length.isEmpty() ? 0 : Integer.parseInt(length));
        if (stream.length() < all) {
            return null;
        }
        String text = stream.substring(0, all);
        stream.delete(0, all);
        return text;
    }

    // ------------------------------------------------------------------ what it does

    private void take(String text, Way back) throws IOException {
        if (text.isBlank()) {
            back.send("\r\n");
            return;
        }
        RawPeer.Message message = new RawPeer.Message(text);
        if (message.status() > 0) {
            answers.add(message);
            return;
        }
        way = back;
        switch (message.method()) {
            case "REGISTER" -> register(message, back);
            case "INVITE" -> invite(message, back);
            case "ACK" -> {}
            default -> back.send(Phone.response(message, "200 OK", "p", "", ""));
        }
    }

    private void register(RawPeer.Message message, Way back) throws IOException {
        if (!authorised(message, "Authorization")) {
            challenge(message, "401 Unauthorized", "WWW-Authenticate", back);
            return;
        }
        if (!message.startLine().equals("REGISTER sip:" + customer.domain() + " SIP/2.0")) {
            complaints.add("wrong registrar: " + message.startLine());
            back.send(Phone.response(message, "404 Not Found", "p", "", ""));
            return;
        }
        String route =
                customer.serviceRoute().isEmpty()
                        ? ""
                        : "Service-Route: " + customer.serviceRoute() + "\r\n";
        back.send(
                Phone.response(
                        message,
                        "200 OK",
                        "p",
                        "Contact: " + message.header("Contact") + ";expires=300\r\n" + route,
                        ""));
        registered.add(message);
    }

    private void invite(RawPeer.Message message, Way back) throws IOException {
        if (!message.header("Route").equals(customer.serviceRoute())
                && !customer.serviceRoute().isEmpty()) {
            complaints.add("not by the Service-Route: " + message.header("Route"));
            back.send(Phone.response(message, "403 Forbidden", "p", "", ""));
        } else if (!ours(message.header("P-Preferred-Identity")) || !ours(message.header("From"))) {
            back.send(Phone.response(message, "403 Forbidden", "p", "", ""));
        } else if (!authorised(message, "Proxy-Authorization")) {
            challenge(message, "407 Proxy Authentication Required", "Proxy-Authenticate", back);
        } else {
            called.add(message);
            back.send(Phone.response(message, "100 Trying", "", ""));
            back.send(Phone.response(message, "200 OK", "p", contact(), Phone.OFFER));
        }
    }

    private String contact() {
        return "Contact: <sip:provider@127.0.0.1:"
                + port()
                + (transport.equals("UDP")
                        ? ""
                        : ";transport=" + transport.toLowerCase(Locale.ROOT))
                + ">\r\n";
    }

    private boolean ours(String header) {
        return customer.numbers().stream()
                .anyMatch(number ->
                        header.contains("<sip:" + number + "@" + customer.domain() + ">"));
    }

    private void challenge(RawPeer.Message message, String status, String header, Way back)
            throws IOException {
        back.send(
                Phone.response(
                        message,
                        status,
                        "p",
                        "%s: Digest realm=\"%s\", nonce=\"n%d\", algorithm=%s, qop=\"auth\"\r\n"
                                .formatted(
                                        header,
                                        customer.domain(),
                                        nonces.incrementAndGet(),
                                        customer.algorithm()),
                        ""));
    }

    private boolean authorised(RawPeer.Message message, String header) {
        String value = message.header(header);
        if (value.isEmpty()) {
            return false;
        }
        String expected =
                DigestCheck.expected(
                        customer.algorithm(),
                        customer.login(),
                        customer.domain(),
                        customer.password(),
                        message.method(),
                        value);
        boolean right = DigestCheck.parameter(value, "response").equals(expected);
        if (!right) {
            complaints.add("wrong password in " + message.startLine());
        }
        return right;
    }

    // ------------------------------------------------------------------ for the test

    /** The REGISTER that was granted. */
    public String registration() throws InterruptedException {
        return next(registered).text();
    }

    /** The INVITE that was taken. */
    public String call() throws InterruptedException {
        return next(called).text();
    }

    /** What was wrong so far. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /**
     * Calls the customer where it has registered.
     *
     * @param target user of the Request-URI
     * @param number called, as To says it
     * @return the first status but 100 and 180
     */
    public int calls(String target, String number, String identity) throws Exception {
        Way back = way;
        if (back == null) {
            throw new AssertionError("nobody has registered");
        }
        back.send(
                """
                INVITE sip:%1$s@127.0.0.1 SIP/2.0\r
                Via: SIP/2.0/%2$s 127.0.0.1:%3$d;branch=z9hG4bK-%4$d;rport\r
                Max-Forwards: 70\r
                From: "Caller" <sip:0170@%5$s>;tag=p\r
                To: <sip:%6$s@%5$s>\r
                Call-ID: provider-%4$d\r
                CSeq: 1 INVITE\r
                %7$s%8$sContent-Type: application/sdp\r
                Content-Length: %9$d\r
                \r
                %10$s\
                """
                        .formatted(
                                target,
                                transport,
                                port(),
                                nonces.incrementAndGet(),
                                customer.domain(),
                                number,
                                contact(),
                                identity,
                                Phone.OFFER.length(),
                                Phone.OFFER));
        List<Integer> passed = Arrays.asList(100, 180);
        RawPeer.Message answer = next(answers);
        while (passed.contains(answer.status())) {
            answer = next(answers);
        }
        return answer.status();
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came; " + complaints);
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        if (datagrams != null) {
            datagrams.close();
        }
        if (listening != null) {
            listening.close();
        }
    }
}
