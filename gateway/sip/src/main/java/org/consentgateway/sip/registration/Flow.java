package org.consentgateway.sip.registration;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.transport.HeardSocket;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to a registrar open (RFC 5626 §4.4.1): an empty line twice is the ping, once
 * the pong. Thread-safe. One that does not answer is closed; one that has gone is told of at once,
 * since no call can come in until there is another.
 */
final class Flow {
    /** RFC 5626 §4.4.1 wants 95 to 120 s for TCP; in units of T1 (500 ms). */
    private static final int LEAST_T1 = 190;

    private static final int MOST_T1 = 240;

    /** How long a pong may take: 10 s. */
    private static final int PONG_T1 = 20;

    /** What a connection that was lost sooner than the first ping has to wait (§4.5): 30 s. */
    private static final int REST_T1 = 60;

    private static final Duration CLEARING = Duration.ofSeconds(5);

    private final Stack stack;
    private final LocalAddress at;
    private final ServerAddress server;
    private final Runnable lost;
    private final @Nullable HeardSocket connection;

    // Guarded by this.
    private boolean stopped;
    private boolean over;
    private boolean pinged;
    private @Nullable Future<?> next;

    /**
     * @param lost told once, on a thread that may wait
     */
    Flow(Stack stack, LocalAddress at, ServerAddress server, Runnable lost) {
        this.stack = stack;
        this.at = at;
        this.server = server;
        this.lost = lost;
        this.connection = stack.network.connection(server.address());
    }

    void start() {
        if (connection == null) {
            stack.later(0, () -> gone(null));
            return;
        }
        var _ = connection.ended().thenAccept(reader -> stack.later(0, () -> gone(reader)));
        pingLater(connection);
    }

    /** Whether this is the connection to there that is open now: another flow is not needed. */
    boolean holds(ServerAddress to) {
        return to.equals(server)
                && connection != null
                && connection == stack.network.connection(server.address());
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void pingLater(HeardSocket open) {
        after(ThreadLocalRandom.current().nextLong(LEAST_T1, MOST_T1), () -> ping(open));
    }

    private synchronized void after(long t1, Runnable task) {
        if (!stopped) {
            next = stack.after(t1 * stack.t1(), task);
        }
    }

    private void ping(HeardSocket open) {
        long before = open.heard();
        synchronized (this) {
            pinged = true;
        }
        try {
            stack.ping(at, server);
        } catch (IOException closed) {
            close(open);
            return;
        }
        after(
                PONG_T1,
                () -> {
                    if (open.heard() > before) {
                        pingLater(open);
                    } else {
                        close(open);
                    }
                });
    }

    /** Its reader is told, and tells us. */
    private static void close(HeardSocket connection) {
        try {
            connection.close();
        } catch (IOException closedAlready) {
            // That is what was wanted.
        }
    }

    /**
     * @param reader who found out. The stack knows its connections by address and port, and this
     *     thread takes the entry out when it ends: done too late, it would be the entry of the
     *     connection made next
     */
    private void gone(@Nullable Thread reader) {
        synchronized (this) {
            if (stopped || over) {
                return;
            }
            over = true;
        }
        try {
            if (reader != null) {
                reader.join(CLEARING);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            after(pinged ? 0 : REST_T1, lost);
        }
    }
}
