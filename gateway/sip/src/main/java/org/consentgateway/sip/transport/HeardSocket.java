package org.consentgateway.sip.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.jspecify.annotations.Nullable;

/** A connection of ours that knows what has become of it: also below TLS. Thread-safe. */
public final class HeardSocket extends ScreenedSocket {
    private final Life life;

    /** Of its certificate; by TCP nothing is looked at. */
    private volatile Predicate<String> names = _ -> true;

    HeardSocket(StreamScreen streams, StalledWrites writes) {
        this(streams, writes, new Life());
    }

    private HeardSocket(StreamScreen streams, StalledWrites writes, Life life) {
        super((socket, in) -> streams.over(socket, new Followed(in, life)), writes);
        this.life = life;
    }

    /** The handshake has ended, with a certificate that bears these. */
    void proven(Predicate<String> byCertificate) {
        names = byCertificate;
    }

    /** Whether it may stand for a server of this name. */
    boolean bears(String name) {
        return names.test(name);
    }

    /** Octets received so far. */
    public long heard() {
        return life.octets.get();
    }

    /**
     * Completed when nothing more can be heard, because either side has closed it, with the thread
     * that found out: whose it is may have things to clear away yet.
     */
    public CompletableFuture<Thread> ended() {
        return life.ended;
    }

    /** Also where TLS or the screen found the end, after which no octet is read any more. */
    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            Thread reader = life.reader;
            life.ended.complete(reader == null ? Thread.currentThread() : reader);
        }
    }

    /** Thread-safe. */
    private static final class Life {
        final AtomicLong octets = new AtomicLong();
        final CompletableFuture<Thread> ended = new CompletableFuture<>();

        /** Who reads, or read last. */
        volatile @Nullable Thread reader;
    }

    /** Confined to the thread that reads. */
    private static final class Followed extends FilterInputStream {
        private final Life life;

        Followed(InputStream in, Life life) {
            super(in);
            this.life = life;
        }

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = -1;
            life.reader = Thread.currentThread();
            try {
                count = super.read(buffer, offset, length);
            } finally {
                if (count < 0) {
                    life.ended.complete(Thread.currentThread());
                }
            }
            life.octets.addAndGet(Math.max(count, 0));
            return count;
        }
    }
}
