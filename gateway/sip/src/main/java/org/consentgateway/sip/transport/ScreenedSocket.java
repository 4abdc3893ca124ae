package org.consentgateway.sip.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.jspecify.annotations.Nullable;

/**
 * A connection of which only that is read which passes the screen, and whose writes are watched.
 * Thread-safe.
 */
class ScreenedSocket extends Socket {
    private final StreamScreen streams;
    private final StalledWrites writes;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable InputStream screened;
    private @Nullable OutputStream watched;

    ScreenedSocket(StreamScreen streams, StalledWrites writes) {
        this.streams = streams;
        this.writes = writes;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        lock.lock();
        try {
            InputStream in = screened;
            if (in == null) {
                in = streams.over(this, super.getInputStream());
                screened = in;
            }
            return in;
        } finally {
            lock.unlock();
        }
    }

    /** One and the same each time: whoever writes a message locks it. */
    @Override
    public OutputStream getOutputStream() throws IOException {
        lock.lock();
        try {
            OutputStream out = watched;
            if (out == null) {
                out = written(writes.over(this, super.getOutputStream()));
                watched = out;
            }
            return out;
        } finally {
            lock.unlock();
        }
    }

    /** What is written to, instead of the stream that is watched. */
    OutputStream written(OutputStream out) {
        return out;
    }
}
