package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;

/**
 * Thread-safe. What the stack takes for a listening socket where a transport is only dialled: it
 * has no port, so nobody can connect to it.
 */
final class NoConnections extends ServerSocket {
    private final CountDownLatch closed = new CountDownLatch(1);

    NoConnections() throws IOException {}

    /** Waits until it is closed. */
    @Override
    public Socket accept() throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("closed");
    }

    @Override
    public void close() throws IOException {
        super.close();
        closed.countDown();
    }
}
