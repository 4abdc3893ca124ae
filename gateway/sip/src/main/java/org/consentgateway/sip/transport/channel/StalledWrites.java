package org.consentgateway.sip.transport.channel;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What is being written to connections. Thread-safe. A peer that never reads, whether its process
 * hangs or it means to, has whoever writes to it wait for as long as its machine says that it
 * lives: no deadline of a socket is for writing.
 */
public final class StalledWrites {
    private final LongSupplier nanos;
    private final Set<Write> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param nanos only differences count
     */
    public StalledWrites(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * @param socket what is closed where a write takes too long; below TLS, whose own end would
     *     wait to be written as well
     */
    public OutputStream over(Socket socket, OutputStream out) {
        return new TimedOutput(socket, out);
    }

    /**
     * Closes each connection that a write has waited for so long.
     *
     * @return how many
     */
    public int end(Duration longest) {
        long now = nanos.getAsLong();
        List<Write> stalled =
                underWay.stream().filter(write -> now - write.since > longest.toNanos()).toList();
        stalled.forEach(Write::end);
        return stalled.size();
    }

    /** Compared by identity: two of the same moment are two. Immutable. */
    private static final class Write {
        final Socket to;
        final long since;

        Write(Socket to, long since) {
            this.to = to;
            this.since = since;
        }

        void end() {
            try {
                to.close();
            } catch (IOException closed) {
                // No more can be done to it, and the writer hears of its end.
            }
        }
    }

    /** As safe for threads as the stream below. */
    private final class TimedOutput extends FilterOutputStream {
        private final Socket socket;

        TimedOutput(Socket socket, OutputStream out) {
            super(out);
            this.socket = socket;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            Write write = new Write(socket, nanos.getAsLong());
            underWay.add(write);
            try {
                out.write(octets, offset, length);
            } finally {
                underWay.remove(write);
            }
        }
    }
}
