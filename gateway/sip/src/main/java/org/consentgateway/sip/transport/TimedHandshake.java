package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;

/**
 * The handshake of an accepted connection (RFC 8446 §2), which has to end in time. Confined to the
 * thread that reads the connection.
 */
final class TimedHandshake {
    private final SSLSocket tls;
    private final TimedStream below;
    private final Duration limit;
    private final LiveCounters tally;

    TimedHandshake(SSLSocket tls, TimedStream below, Duration limit, LiveCounters tally) {
        this.tls = tls;
        this.below = below;
        this.limit = limit;
        this.tally = tally;
    }

    /**
     * @throws IOException where it failed or took too long, and the connection is closed, or was by
     *     others
     */
    void shake() throws IOException {
        below.within(limit.toMillis());
        try {
            tls.startHandshake();
        } catch (SocketTimeoutException late) {
            tally.rejected(Rejection.HANDSHAKE_TIMEOUT);
            tls.close();
            throw late;
        } catch (SSLException failed) {
            tally.rejected(Rejection.HANDSHAKE);
            tls.close();
            throw failed;
        }
    }

    /** Reads of the connection from now on may take so long in all. */
    void within(int millis) {
        below.within(millis);
    }
}
