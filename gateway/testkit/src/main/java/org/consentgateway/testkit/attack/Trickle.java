package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections on each of which a message comes octet by octet and never ends, and an honest caller
 * each second. Confined to one thread.
 */
final class Trickle {
    private static final int AGAIN_MILLIS = 50;

    private final Target target;
    private final PrintStream out;
    private final Honest honest;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();

    Trickle(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
    }

    void run() throws IOException, InterruptedException {
        honest.begins();
        long end = System.nanoTime() + target.seconds() * 1_000_000_000L;
        try (Metrics metrics = Metrics.of(target)) {
            for (int i = 0; i < target.calls(); i++) {
                Thread.ofVirtual().start(() -> trickles(end));
            }
            for (int second = 0; second < target.seconds(); second++) {
                honest.calls();
                Thread.sleep(1000);
            }
            out.println(honest.report());
            out.printf(
                    "connections: %d opened, %d ended by the gateway; %d octets, one by one%n",
                    opened.get(), refused.get(), sent.get());
            metrics.report(out);
        }
    }

    private void trickles(long end) {
        byte[] message = message();
        try {
            while (System.nanoTime() < end) {
                try (Connection connection = Connection.open(target)) {
                    opened.incrementAndGet();
                    connection.ignore();
                    trickle(message, connection, end);
                } catch (IOException closed) {
                    refused.incrementAndGet();
                    Thread.sleep(AGAIN_MILLIS);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void trickle(byte[] message, Connection connection, long end)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        byte[] one = new byte[1];
        for (int i = 0; i < message.length && System.nanoTime() < end; i++) {
            one[0] = message[i];
            connection.send(one);
            sent.incrementAndGet();
            pause(start + (i + 1) * 1_000_000_000L / target.perSecond());
        }
    }

    private static void pause(long until) throws InterruptedException {
        long ahead = until - System.nanoTime();
        if (ahead > 1_000_000) {
            Thread.sleep(ahead / 1_000_000);
        }
    }

    private byte[] message() {
        String body = "x".repeat(target.filling().body() + 1);
        return ("MESSAGE sip:"
                        + target.line()
                        + "@gw SIP/2.0\r\n"
                        + ("Via: SIP/2.0/" + target.transport() + " h;branch=z9hG4bKtrickle\r\n")
                        + "From: <sip:a@h>;tag=a\r\nTo: <sip:b@h>\r\nCall-ID: trickle\r\n"
                        + ("CSeq: 1 MESSAGE\r\n" + target.filling().headers())
                        + ("Content-Length: " + body.length() + "\r\n\r\n" + body.substring(1)))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
