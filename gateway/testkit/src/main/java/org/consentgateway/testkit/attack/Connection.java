package org.consentgateway.testkit.attack;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** How somebody speaks to a gateway. One thread may send while another receives. */
sealed interface Connection extends Closeable {
    /** Room for what is received. */
    int USUAL = 0;

    /** As a Via has it. */
    String transport();

    /** Of this end. */
    int port();

    void send(byte[] message) throws IOException;

    /** The next message; empty where none comes in time. */
    String receive(int millis) throws IOException;

    /** What is answered is counted and not looked at. */
    void ignore() throws IOException;

    /** What has come since it is not looked at. */
    Came came();

    /**
     * Packets and octets, over UDP with the headers of UDP and IP. Thread-safe.
     *
     * @param packets reads, over a connection
     */
    record Came(AtomicLong packets, AtomicLong octets) {
        Came() {
            this(new AtomicLong(), new AtomicLong());
        }

        void count(int more) {
            packets.incrementAndGet();
            octets.addAndGet(more);
        }

        @Override
        public String toString() {
            return "what came back: %d packets, %d octets".formatted(packets.get(), octets.get());
        }
    }

    @Override
    void close() throws IOException;

    /** By UDP to where the gateway speaks it, or as {@code --by} says. */
    static Connection open(Target target) throws IOException {
        return switch (target.transport()) {
            case "TCP", "TLS" -> new Stream(target, USUAL);
            default -> datagrams(target);
        };
    }

    /** By TCP or TLS, with as little room as there is for what nobody reads. */
    static Connection deaf(Target target) throws IOException {
        return new Stream(target, 1);
    }

    /** By UDP. */
    static Datagrams datagrams(Target target) throws IOException {
        return new Datagrams(target);
    }

    /** UDP. */
    final class Datagrams implements Connection {
        private static final int MANY = 65_535;

        private final DatagramSocket socket;
        private final InetSocketAddress gateway;
        private final Came came = new Came();

        private Datagrams(Target target) throws IOException {
            this.socket = new DatagramSocket(0, InetAddress.ofLiteral(target.from()));
            this.gateway = target.gateway();
        }

        @Override
        public String transport() {
            return "UDP";
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public void send(byte[] message) throws IOException {
            socket.send(new DatagramPacket(message, message.length, gateway));
        }

        @Override
        public String receive(int millis) throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[MANY], MANY);
            socket.setSoTimeout(Math.max(1, millis));
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException none) {
                return "";
            }
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }

        @Override
        public void ignore() throws IOException {
            socket.setSoTimeout(0);
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        DatagramPacket packet = new DatagramPacket(new byte[MANY], MANY);
                        try {
                            while (true) {
                                packet.setLength(MANY);
                                socket.receive(packet);
                                came.count(packet.getLength() + Ip.headers(gateway.getAddress()));
                            }
                        } catch (IOException closed) {
                            // that is all
                        }
                    });
        }

        @Override
        public Came came() {
            return came;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** TCP or TLS, whoever the certificate is of. */
    final class Stream implements Connection {
        private static final Pattern LENGTH =
                Pattern.compile("(?im)^(?:content-length|l)\\s*:\\s*(\\d{1,6})");

        /** For a connection, and for a handshake. */
        private static final int PATIENCE_MILLIS = 5000;

        private final Socket socket;
        private final String transport;
        private final OutputStream out;
        private final InputStream in;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private final Came came = new Came();

        /**
         * @param room octets for what is received and not read yet; 0: the system's own
         */
        private Stream(Target target, int room) throws IOException {
            this.transport = target.transport();
            Socket plain = new Socket();
            if (room > 0) {
                plain.setReceiveBufferSize(room);
            }
            plain.setTcpNoDelay(true);
            plain.bind(new InetSocketAddress(InetAddress.ofLiteral(target.from()), 0));
            plain.connect(target.by(), PATIENCE_MILLIS);
            this.socket = transport.equals("TLS") ? secured(plain, target) : plain;
            this.out = socket.getOutputStream();
            this.in = socket.getInputStream();
        }

        private static Socket secured(Socket plain, Target target) throws IOException {
            try {
                SSLSocket socket =
                        (SSLSocket)
                                target.certificate()
                                        .context()
                                        .getSocketFactory()
                                        .createSocket(plain, "gateway", plain.getPort(), true);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.startHandshake();
                socket.setSoTimeout(0);
                return socket;
            } catch (GeneralSecurityException impossible) {
                throw new IOException(impossible);
            }
        }

        @Override
        public String transport() {
            return transport;
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public void send(byte[] message) throws IOException {
            out.write(message);
            out.flush();
        }

        @Override
        public String receive(int millis) throws IOException {
            long end = System.nanoTime() + millis * 1_000_000L;
            byte[] some = new byte[16_384];
            while (true) {
                String whole = next();
                long left = (end - System.nanoTime()) / 1_000_000;
                if (!whole.isEmpty() || left <= 0) {
                    return whole;
                }
                socket.setSoTimeout((int) left);
                try {
                    int count = in.read(some);
                    if (count < 0) {
                        throw new IOException("closed by the gateway");
                    }
                    pending.write(some, 0, count);
                } catch (SocketTimeoutException none) {
                    return "";
                }
            }
        }

        /** Empty where there is no whole one yet. */
        private String next() {
            String text = pending.toString(StandardCharsets.ISO_8859_1);
            int start = 0;
            while (text.startsWith("\r\n", start)) {
                start += 2;
            }
            int end = text.indexOf("\r\n\r\n", start) + 4;
            if (end < 4) {
                return "";
            }
            Matcher length = LENGTH.matcher(text.substring(start, end));
            if (length.find()) {
                end += Integer.parseInt(length.group(1));
            }
            if (end > text.length()) {
                return "";
            }
            pending.reset();
            pending.writeBytes(text.substring(end).getBytes(StandardCharsets.ISO_8859_1));
            return text.substring(start, end);
        }

        @Override
        public void ignore() {
            Thread.ofVirtual()
                    .start(() -> {
                        byte[] some = new byte[16_384];
                        try {
                            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                                came.count(n);
                            }
                        } catch (IOException closed) {
                            // that is all
                        }
                    });
        }

        @Override
        public Came came() {
            return came;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
