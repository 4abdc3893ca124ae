package org.consentgateway.media.net.udp;

/** What became of a datagram handed to the kernel. */
public enum Sent {
    TAKEN,
    BLOCKED,
    /** ICMP said earlier that nobody listens there; this one may still have gone out. */
    REFUSED,
    FAILED
}
