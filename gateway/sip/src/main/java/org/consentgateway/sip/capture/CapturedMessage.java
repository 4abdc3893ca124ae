package org.consentgateway.sip.capture;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * Immutable. A message as it was seen, still with all that is in it: never leaves this package so.
 *
 * @param text as on the wire
 * @param from who sent it; port 0 and an address of zeros where that is not known
 * @param to whom it was sent to; the same
 * @param protocol number of IP's: 17 for UDP, 6 for TCP and TLS
 * @param call which of our calls it belongs to, for all its legs alike; empty where that is not
 *     known
 */
public record CapturedMessage(
        String text,
        Instant at,
        InetSocketAddress from,
        InetSocketAddress to,
        int protocol,
        String call) {
    static final int UDP = 17;
    static final int TCP = 6;
}
