package org.consentgateway.media.net;

/**
 * How much goes to a peer that has not been heard from where it says it is: three packets of
 * silence, one a second, which open a NAT and wake up whoever waits to be spoken to first. Together
 * they have fewer octets than the INVITE and the ACK that they are owed to, and one has fewer than
 * the UPDATE or the INVITE that a later description comes with, so nobody can have more sent to a
 * bystander than it sends itself. Confined to its event loop.
 */
final class Trickle {
    /** 200 octets each, headers of UDP and IPv4 included. */
    static final int PACKETS = 3;

    static final long INTERVAL_NANOS = 1_000_000_000L;

    private int left;
    private boolean described;
    private long sinceNanos;
    private long nextNanos;

    /** A description has come, the first or another. */
    void agreed(long nowNanos) {
        left = Math.max(left, described ? 1 : PACKETS);
        described = true;
        sinceNanos = nowNanos;
        nextNanos = nowNanos;
    }

    /** Whether a packet may go now; it counts as sent then. */
    boolean takes(long nowNanos) {
        if (left == 0 || nowNanos - nextNanos < 0) {
            return false;
        }
        left--;
        nextNanos = nowNanos + INTERVAL_NANOS;
        return true;
    }

    /** When the description came. */
    long sinceNanos() {
        return sinceNanos;
    }
}
