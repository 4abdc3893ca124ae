package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections that ask and never read an answer, and an honest caller each second. Confined to one
 * thread.
 */
final class DeafConnections {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Target target;
    private final PrintStream out;
    private final Honest honest;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    DeafConnections(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
    }

    void run() throws IOException, InterruptedException {
        honest.begins();
        long end = System.nanoTime() + target.seconds() * 1_000_000_000L;
        Thread[] deaf = new Thread[target.calls()];
        try (Metrics metrics = Metrics.of(target)) {
            for (int i = 0; i < deaf.length; i++) {
                deaf[i] = Thread.ofVirtual().start(() -> asks(end));
            }
            for (int second = 0; second < target.seconds(); second++) {
                honest.calls();
                Thread.sleep(1000);
            }
            out.println(honest.report());
            for (Thread one : deaf) {
                one.join(PATIENCE_MILLIS);
            }
            out.printf(
                    "connections that read nothing: %d, ended by the gateway %d; %d requests"
                            + " taken%n",
                    deaf.length, ended.get(), asked.get());
            metrics.report(out);
        }
    }

    /** Until nothing is taken any more, and then until it is let go of. */
    private void asks(long end) {
        try (Connection connection = Connection.deaf(target)) {
            RawCall call = new RawCall(connection, target);
            while (System.nanoTime() < end) {
                call.asks("OPTIONS", target.filling().headers());
                asked.incrementAndGet();
                Thread.sleep(1000 / target.perSecond());
            }
        } catch (IOException letGoOf) {
            ended.incrementAndGet();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
