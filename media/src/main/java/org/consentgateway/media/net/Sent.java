package org.consentgateway.media.net;

/** What became of a datagram handed to the kernel. */
enum Sent {
    TAKEN,
    BLOCKED,
    /** ICMP said earlier that nobody listens there; this one may still have gone out. */
    REFUSED,
    FAILED
}
