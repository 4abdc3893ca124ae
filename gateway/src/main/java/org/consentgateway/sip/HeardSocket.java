package org.consentgateway.sip;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Thread-safe. A connection of ours that knows how much it has heard: also below TLS. */
final class HeardSocket extends ScreenedSocket {
    private final AtomicLong octets;

    HeardSocket(ScreenedNetwork.Streams streams) {
        this(streams, new AtomicLong());
    }

    private HeardSocket(ScreenedNetwork.Streams streams, AtomicLong octets) {
        super((socket, in) -> streams.over(socket, new Counted(in, octets)));
        this.octets = octets;
    }

    /** Octets received so far. */
    long heard() {
        return octets.get();
    }

    /** Confined to the thread that reads. */
    private static final class Counted extends FilterInputStream {
        private final AtomicLong octets;

        Counted(InputStream in, AtomicLong octets) {
            super(in);
            this.octets = octets;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            if (octet >= 0) {
                octets.incrementAndGet();
            }
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                octets.addAndGet(count);
            }
            return count;
        }
    }
}
