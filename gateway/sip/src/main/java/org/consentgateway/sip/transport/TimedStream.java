package org.consentgateway.sip.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * What comes below TLS, only until a moment: who sends a record octet by octet is never silent, so
 * a timeout of each read would hold nobody. Confined to the thread that reads, as is {@link
 * #within}.
 */
final class TimedStream extends FilterInputStream {
    private final Socket socket;
    private final LongSupplier nanos;
    private long until;
    private boolean limited;

    TimedStream(Socket socket, InputStream in, LongSupplier nanos) {
        super(in);
        this.socket = socket;
        this.nanos = nanos;
        within(ScreenedStream.UNFINISHED_MILLIS);
    }

    /** What is read from now on may take so long in all. */
    void within(long millis) {
        until = nanos.getAsLong() + millis * 1_000_000;
        limited = true;
    }

    /** Of that; zero or less where it is over. */
    long leftMillis() {
        return (until - nanos.getAsLong()) / 1_000_000;
    }

    /** What is read from now on may take as long as it wants. */
    void withoutEnd() throws SocketException {
        limited = false;
        socket.setSoTimeout(0);
    }

    @Override
    public int read() throws IOException {
        limit();
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        limit();
        return super.read(buffer, offset, length);
    }

    private void limit() throws IOException {
        if (!limited) {
            return;
        }
        long left = leftMillis();
        if (left <= 0) {
            throw new SocketTimeoutException("not all has come in time");
        }
        socket.setSoTimeout(Math.clamp(left, 1, Integer.MAX_VALUE));
    }
}
