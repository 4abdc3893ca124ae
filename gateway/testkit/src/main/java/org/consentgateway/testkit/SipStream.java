package org.consentgateway.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A TCP or TLS connection that carries messages one behind the other (RFC 3261 §18.3). Writing is
 * thread-safe; reading is confined to one thread.
 */
public final class SipStream implements SipFlow, AutoCloseable {
    private static final int CHUNK = 8192;

    private final Socket socket;
    private byte[] octets = new byte[CHUNK];
    private int length;

    public SipStream(Socket socket) {
        this.socket = socket;
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public synchronized void send(byte[] message) throws IOException {
        socket.getOutputStream().write(message);
        socket.getOutputStream().flush();
    }

    /**
     * The next message, or a keep-alive as four octets (RFC 5626 §3.5.1); null at the end of the
     * stream. What came of a message before a timeout is kept for the next time.
     */
    public @Nullable SipMessage next() throws IOException {
        while (true) {
            SipMessage message = first();
            if (message != null) {
                return message;
            }
            if (length == octets.length) {
                octets = Arrays.copyOf(octets, 2 * length);
            }
            int read = socket.getInputStream().read(octets, length, octets.length - length);
            if (read < 0) {
                return null;
            }
            length += read;
        }
    }

    private @Nullable SipMessage first() {
        while (length > 2 && octets[0] == '\r' && octets[1] == '\n') {
            if (octets[2] == '\r') {
                return length < 4 ? null : taken(4);
            }
            taken(2); // the answer to a keep-alive
        }
        int head = head();
        if (head < 0) {
            return null;
        }
        String size = new SipMessage(text(head)).header("Content-Length");
        int all = head + (size.isEmpty() ? 0 : Integer.parseInt(size));
        return length < all ? null : taken(all);
    }

    /** Octets up to and with the empty line; -1 if it has not come. */
    private int head() {
        for (int i = 3; i < length; i++) {
            if (octets[i] == '\n'
                    && octets[i - 1] == '\r'
                    && octets[i - 2] == '\n'
                    && octets[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private String text(int size) {
        return new String(octets, 0, size, StandardCharsets.UTF_8);
    }

    private SipMessage taken(int size) {
        SipMessage message = new SipMessage(text(size));
        System.arraycopy(octets, size, octets, 0, length - size);
        length -= size;
        return message;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
