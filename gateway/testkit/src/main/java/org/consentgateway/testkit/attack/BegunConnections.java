package org.consentgateway.testkit.attack;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import org.consentgateway.testkit.attack.Target.Begun;

/**
 * Connections that are begun as far as {@code --until} says and then held, each opened again when
 * it is closed, from each of several addresses in turn; an honest caller each second. Confined to
 * one thread.
 */
final class BegunConnections {
    private static final int PATIENCE_MILLIS = 5000;

    /** From the first opening of one to that of the next: honest callers share the machine. */
    private static final int BETWEEN_MILLIS = 5;

    /** For each read; then the next, for as long as the attack lasts. */
    private static final int READ_MILLIS = 500;

    private final Target target;
    private final PrintStream out;
    private final Honest honest;
    private final byte[] hello;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicInteger held = new AtomicInteger();

    BegunConnections(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
        boolean greets = target.until() == Begun.HALF || target.until() == Begun.HELLO;
        boolean secured = target.transport().equals("TLS");
        if (target.transport().equals("UDP") || (greets && !secured)) {
            throw new IllegalArgumentException(
                    "handshakes: write --by tls:127.0.0.1:5061; --until nothing and asked take"
                            + " tcp: as well");
        }
        this.hello =
                switch (target.until()) {
                    case NOTHING, ASKED -> new byte[0];
                    case HALF -> half(hello(target));
                    case HELLO -> hello(target);
                };
    }

    private static byte[] half(byte[] all) {
        return Arrays.copyOf(all, all.length / 2);
    }

    /** One for all connections: whoever attacks spares itself the keys. */
    private static byte[] hello(Target target) {
        try {
            SSLEngine engine = target.certificate().context().createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), record);
            return Arrays.copyOf(record.array(), record.position());
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void run() throws IOException, InterruptedException {
        honest.begins();
        long end = System.nanoTime() + target.seconds() * 1_000_000_000L;
        int most = 0;
        try (Metrics metrics = Metrics.of(target)) {
            for (int i = 0; i < target.calls(); i++) {
                String source = target.sources().get(i % target.sources().size());
                int first = i * BETWEEN_MILLIS;
                Thread.ofVirtual().start(() -> isBegun(source, first, end));
            }
            for (int second = 0; second < target.seconds(); second++) {
                honest.calls();
                Thread.sleep(1000);
                most = Math.max(most, held.get());
            }
            out.println(honest.report());
            out.printf(
                    "connections, addresses they come from: %d; %d opened, at most %d at once, %d"
                            + " ended by the gateway, %d not taken; %d had an answer%n",
                    target.sources().size(),
                    opened.get(),
                    most,
                    ended.get(),
                    refused.get(),
                    answered.get());
            metrics.report(out);
        }
    }

    private void isBegun(String source, int firstMillis, long end) {
        try {
            Thread.sleep(firstMillis);
            while (System.nanoTime() < end) {
                opens(target.from(source), end);
                Thread.sleep(1000 / target.perSecond());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void opens(Target from, long end) {
        try (Closeable connection = opened(from)) {
            opened.incrementAndGet();
            held.incrementAndGet();
            try {
                holds(connection, from, end);
            } catch (IOException closed) {
                ended.incrementAndGet();
            } finally {
                held.decrementAndGet();
            }
        } catch (IOException closed) {
            refused.incrementAndGet();
        }
    }

    private Closeable opened(Target from) throws IOException {
        if (target.until() == Begun.ASKED) {
            return Connection.open(from);
        }
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from.from()), 0));
            socket.connect(target.by(), PATIENCE_MILLIS);
            return socket;
        } catch (IOException refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** Until it is closed, or the attack is over. */
    private void holds(Closeable opened, Target from, long end) throws IOException {
        switch (opened) {
            case Connection connection -> asks(connection, from, end);
            case Socket socket -> greets(socket, end);
            default -> throw new IllegalStateException();
        }
    }

    private void asks(Connection connection, Target from, long end) throws IOException {
        RawCall call = new RawCall(connection, from);
        call.asks("OPTIONS", "");
        if (call.answer(PATIENCE_MILLIS) > 0) {
            answered.incrementAndGet();
        }
        while (System.nanoTime() < end) {
            String _ = connection.receive(READ_MILLIS);
        }
    }

    private void greets(Socket socket, long end) throws IOException {
        byte[] some = new byte[16_384];
        socket.setSoTimeout(READ_MILLIS);
        socket.getOutputStream().write(hello);
        boolean first = true;
        while (System.nanoTime() < end) {
            try {
                if (socket.getInputStream().read(some) < 0) {
                    throw new EOFException();
                }
                if (first) {
                    answered.incrementAndGet();
                    first = false;
                }
            } catch (SocketTimeoutException none) {
                // it is still open
            }
        }
    }
}
