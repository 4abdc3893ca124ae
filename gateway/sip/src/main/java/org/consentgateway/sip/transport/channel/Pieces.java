package org.consentgateway.sip.transport.channel;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * What comes over a connection, where little comes at a time not read as often as it comes: a
 * message that is sent octet by octet would have a thread run thousands of times a second, and
 * forty of those, on two cores, have media wait for half a second. Confined to the thread that
 * reads.
 */
public final class Pieces {
    /** Less is little: a third of what one packet of a network takes. */
    static final int FEW_OCTETS = 512;

    /** Between two readings of little; a message that is sent by lines comes so much later. */
    static final long BETWEEN_NANOS = 10_000_000;

    private final InputStream in;
    private boolean few;

    public Pieces(InputStream in) {
        this.in = in;
    }

    /**
     * As {@link InputStream#read(byte[], int, int)}, to the end of the buffer.
     *
     * @param unfinished whether a message has begun; whoever begins one is read at once
     */
    public int read(byte[] buffer, int from, boolean unfinished) throws IOException {
        if (few && unfinished) {
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
        int count = in.read(buffer, from, buffer.length - from);
        few = count < FEW_OCTETS;
        return count;
    }
}
