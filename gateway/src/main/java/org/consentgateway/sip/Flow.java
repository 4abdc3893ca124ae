package org.consentgateway.sip;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Keeps one connection to a registrar open (RFC 5626 §4.4.1): an empty line twice is
 * the ping, once the pong. A connection that has gone, or does not answer, is closed and told of.
 */
final class Flow {
    /** RFC 5626 §4.4.1 wants 95 to 120 s for TCP; in units of T1 (500 ms). */
    private static final int LEAST_T1 = 190;

    private static final int MOST_T1 = 240;

    /** How long a pong may take: 10 s. */
    private static final int PONG_T1 = 20;

    private final Stack stack;
    private final Stack.Local at;
    private final ServerAddress server;
    private final Runnable lost;

    // Guarded by this.
    private boolean stopped;
    private @Nullable Future<?> next;

    /**
     * @param lost told once, on a thread that may wait
     */
    Flow(Stack stack, Stack.Local at, ServerAddress server, Runnable lost) {
        this.stack = stack;
        this.at = at;
        this.server = server;
        this.lost = lost;
    }

    void start() {
        after(ThreadLocalRandom.current().nextLong(LEAST_T1, MOST_T1), this::ping);
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private synchronized void after(long t1, Runnable task) {
        if (!stopped) {
            next = stack.after(t1 * stack.t1(), task);
        }
    }

    private void ping() {
        HeardSocket connection = stack.network.connection(server.address());
        if (connection == null) {
            gone();
            return;
        }
        long before = connection.heard();
        try {
            stack.ping(at, server);
        } catch (IOException closed) {
            gone();
            return;
        }
        after(
                PONG_T1,
                () -> {
                    if (connection.heard() > before) {
                        start();
                    } else {
                        close(connection);
                        gone();
                    }
                });
    }

    private static void close(HeardSocket connection) {
        try {
            connection.close();
        } catch (IOException closedAlready) {
            // That is what was wanted.
        }
    }

    private void gone() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        lost.run();
    }
}
