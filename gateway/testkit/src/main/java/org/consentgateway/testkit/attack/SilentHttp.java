package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections to an HTTP listener that ask nothing, each opened again when it is closed, and
 * somebody elsewhere who asks whether the gateway lives, five times a second. Confined to one
 * thread.
 */
final class SilentHttp {
    private static final int EACH_MILLIS = 200;
    private static final int PATIENCE_MILLIS = 2_000;

    /** Whatever the status: not every listener has that page. */
    private static final String HTTP = "HTTP/1.1 ";

    private static final byte[] QUESTION =
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Target target;
    private final PrintStream out;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    SilentHttp(Target target, PrintStream out) {
        this.target = target;
        this.out = out;
    }

    void run() throws InterruptedException {
        long end = System.nanoTime() + target.seconds() * 1_000_000_000L;
        for (int i = 0; i < target.calls(); i++) {
            Thread.ofVirtual().start(() -> isSilent(end));
        }
        int asked = 0;
        int answered = 0;
        long slowest = 0;
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            asked++;
            if (isAnswered()) {
                answered++;
            }
            slowest = Math.max(slowest, System.nanoTime() - begun);
            Thread.sleep(EACH_MILLIS);
        }
        out.printf(
                "silent connections: %d opened, %d ended by the gateway; /health/live: %d asked, %d"
                        + " answered, the slowest after %d ms%n",
                opened.get(), ended.get(), asked, answered, slowest / 1_000_000);
    }

    private void isSilent(long end) {
        while (System.nanoTime() < end) {
            try (Socket socket = connected(target.from())) {
                opened.incrementAndGet();
                if (socket.getInputStream().read() < 0) {
                    ended.incrementAndGet();
                }
            } catch (IOException refused) {
                pause();
            }
        }
    }

    private boolean isAnswered() {
        try (Socket socket = connected(target.bystander())) {
            socket.getOutputStream().write(QUESTION);
            byte[] first = socket.getInputStream().readNBytes(HTTP.length());
            return new String(first, StandardCharsets.US_ASCII).equals(HTTP);
        } catch (IOException refused) {
            return false;
        }
    }

    private Socket connected(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(target.by(), PATIENCE_MILLIS);
        socket.setSoTimeout(from.equals(target.from()) ? 0 : PATIENCE_MILLIS);
        return socket;
    }

    private static void pause() {
        try {
            Thread.sleep(EACH_MILLIS);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
