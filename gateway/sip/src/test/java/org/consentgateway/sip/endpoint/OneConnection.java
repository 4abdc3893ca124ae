package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** What is said over it, until the gateway has read all and closes. */
final class OneConnection {
    /** A busy machine takes more than ten seconds to prepare the classes of a first input. */
    static final int PATIENCE_MILLIS = 30_000;

    private OneConnection() {}

    /**
     * @throws AssertionError if the gateway keeps it open
     */
    static void says(Socket socket, byte[] octets) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setSoLinger(true, 0); // thousands of them would leave no port
        try {
            socket.getOutputStream().write(octets);
            socket.shutdownOutput();
            socket.getInputStream().skip(Long.MAX_VALUE);
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection is still open", open);
        } catch (IOException closed) {
            // before all of it was read, which it may
        }
    }
}
