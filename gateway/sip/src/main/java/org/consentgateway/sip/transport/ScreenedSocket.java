package org.consentgateway.sip.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A connection of which only that is read which passes the screen. Thread-safe. */
class ScreenedSocket extends Socket {
    private final StreamScreen streams;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable InputStream screened;

    ScreenedSocket(StreamScreen streams) {
        this.streams = streams;
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
}
