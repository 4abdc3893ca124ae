package org.consentgateway.sip.transport.channel;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections for as long as their listening socket is open. The stack stops for good at the
 * first error of a socket, and at others asks again at once, for as long as they last: a process
 * that has no file left, or may begin no thread more, would never be called again, or do nothing
 * else.
 */
final class Accepting {
    /** A machine out of files or memory has some again, or not soon. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Of so many one line in the log, by the pauses at most one a minute. */
    private static final int TOLD_ONE_OF = 600;

    private static final Logger LOG = LoggerFactory.getLogger(Accepting.class);

    private final ServerSocket listening;
    private final Taken taken;
    private long lost;

    private Accepting(ServerSocket listening, Taken taken) {
        this.listening = listening;
        this.taken = taken;
    }

    /** What becomes of a connection. */
    @FunctionalInterface
    interface Taken {
        void take(Socket connection) throws IOException;
    }

    /** Comes back when the listening socket is closed, or its thread interrupted. */
    static void from(ServerSocket listening, Taken taken) {
        new Accepting(listening, taken).all();
    }

    private void all() {
        while (!listening.isClosed()) {
            try {
                take(listening.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError notNow) {
                if (!listening.isClosed() && !pauses()) {
                    return;
                }
            }
        }
    }

    /** A thread that cannot be begun is an OutOfMemoryError, and costs one connection. */
    private void take(Socket connection) throws IOException {
        try {
            taken.take(connection);
        } catch (IOException goneAlready) {
            connection.close();
        } catch (RuntimeException | OutOfMemoryError untaken) {
            connection.close();
            tell(untaken);
            throw untaken;
        }
    }

    private void tell(Throwable untaken) {
        if (lost++ % TOLD_ONE_OF == 0) {
            LOG.error(
                    "port {}: {} connections closed that could not be taken, the last for {}",
                    listening.getLocalPort(),
                    lost,
                    untaken.getClass().getSimpleName());
        }
    }

    private static boolean pauses() {
        LockSupport.parkNanos(PAUSE.toNanos());
        return !Thread.currentThread().isInterrupted();
    }
}
