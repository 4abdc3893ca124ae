package org.consentgateway.sip.transport.channel;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes connections for as long as their listening socket is open. The stack stops for good at the
 * first error of a socket, and at others asks again at once, for as long as they last: a process
 * that has no file left would never be called again, or do nothing else.
 */
final class Accepting {
    /** A machine out of files or memory has some again, or not soon. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Accepting() {}

    /** What becomes of a connection. */
    @FunctionalInterface
    interface Taken {
        void take(Socket connection) throws IOException;
    }

    /** Comes back when the listening socket is closed, or its thread interrupted. */
    static void from(ServerSocket listening, Taken taken) {
        while (!listening.isClosed()) {
            try {
                Socket connection = listening.accept();
                take(connection, taken);
            } catch (IOException notNow) {
                if (!listening.isClosed() && !pauses()) {
                    return;
                }
            }
        }
    }

    private static void take(Socket connection, Taken taken) throws IOException {
        try {
            taken.take(connection);
        } catch (IOException goneAlready) {
            connection.close();
        }
    }

    private static boolean pauses() {
        LockSupport.parkNanos(PAUSE.toNanos());
        return !Thread.currentThread().isInterrupted();
    }
}
