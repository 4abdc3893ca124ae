package org.consentgateway.media.srtp;

import org.jitsi.srtp.SrtpCryptoContext;
import org.jspecify.annotations.Nullable;

/**
 * An SSRC of the peer that has sent genuine packets: how far it has come, over all keys, and its
 * context under the present one. Confined to its leg's event loop.
 */
final class ReceivedSource {
    final int ssrc;
    private @Nullable SrtpCryptoContext context;

    /** How often its sequence number has gone round (RFC 3711 §3.3.1). */
    private int rollOver;

    private int highest;

    ReceivedSource(int ssrc) {
        this.ssrc = ssrc;
    }

    /** Null until something has been opened with the present key. */
    @Nullable SrtpCryptoContext context() {
        return context;
    }

    /** Something was opened that far, for the first time with this key. */
    void begins(SrtpCryptoContext opened, int rolledOver, int sequence) {
        context = opened;
        rollOver = rolledOver;
        highest = sequence;
    }

    /** The key is another from now on. */
    void forgetContext() {
        context = null;
    }

    void opened(int sequence) {
        if ((short) (sequence - highest) > 0) {
            rollOver = rollOver(sequence);
            highest = sequence;
        }
    }

    /** What the counter is at this sequence number if it has been kept. */
    int rollOver(int sequence) {
        return sequence < highest ? rollOver + 1 : rollOver;
    }

    /** What it was when something was opened last. */
    int rollOver() {
        return rollOver;
    }
}
