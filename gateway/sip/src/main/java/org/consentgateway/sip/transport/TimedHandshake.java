package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.HandshakeTime;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshake of a connection (RFC 8446 §2), which has to end in time. Confined to the thread
 * that reads the connection, or has made it.
 */
final class TimedHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(TimedHandshake.class);

    private final SSLSocket tls;
    private final TimedStream below;
    private final Duration limit;
    private final LiveCounters tally;
    private final Told told;

    /** Who wants to know how it ends. */
    interface Told {
        void shaken();

        /** Of a connection that was accepted, but for one that took too long. */
        default void failed(SSLException why) {}
    }

    TimedHandshake(
            SSLSocket tls, TimedStream below, Duration limit, LiveCounters tally, Told told) {
        this.tls = tls;
        this.below = below;
        this.limit = limit;
        this.tally = tally;
        this.told = told;
    }

    /**
     * @throws IOException where it failed or took too long, and the connection is closed, or was by
     *     others
     */
    void shake() throws IOException {
        try {
            inTime();
        } catch (SocketTimeoutException late) {
            tally.rejected(Rejection.HANDSHAKE_TIMEOUT);
            tls.close();
            throw late;
        } catch (SSLException failed) {
            told.failed(failed);
            tls.close();
            throw failed;
        }
    }

    /**
     * The same of a connection that we have made, and that may be silent from then on. Behind any
     * exception but this the stack takes it for open, and its request for sent.
     */
    void shakeOurs() throws SSLHandshakeException {
        try {
            inTime();
            below.withoutEnd();
        } catch (IOException failed) {
            try {
                tls.close();
            } catch (IOException closed) {
                failed.addSuppressed(closed);
            }
            throw new SSLHandshakeException("no connection by TLS", failed);
        }
    }

    private void inTime() throws IOException {
        below.within(limit.toMillis());
        HandshakeTime.within(below::leftMillis, tls::startHandshake);
        tls.addHandshakeCompletedListener(_ -> again());
        told.shaken();
    }

    /**
     * By TLS 1.2 (RFC 5246 §7.4.1.1): else who is connected may have a handshake computed as often
     * as it likes, beside all that limits new connections. On a thread of the runtime's own.
     */
    private void again() {
        tally.rejected(Rejection.HANDSHAKE);
        try {
            tls.close();
        } catch (IOException closed) {
            LOG.debug("a connection with a second handshake: {}", closed.toString());
        }
    }

    /** Reads of the connection from now on may take so long in all. */
    void within(int millis) {
        below.within(millis);
    }
}
