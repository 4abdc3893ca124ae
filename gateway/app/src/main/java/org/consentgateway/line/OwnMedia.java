package org.consentgateway.line;

import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;

/**
 * Thread-safe. Our side of the media.
 *
 * @param advertised what the other side is told to send its RTP to, for our own address
 */
public record OwnMedia(MediaEngine engine, UnaryOperator<InetSocketAddress> advertised) {

    /** A leg for a caller. */
    public MediaLeg open() throws PortsExhaustedException {
        return engine.open();
    }

    InetSocketAddress addressOf(MediaLeg leg) {
        return advertised.apply(leg.local());
    }
}
