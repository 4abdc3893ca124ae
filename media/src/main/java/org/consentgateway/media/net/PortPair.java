package org.consentgateway.media.net;

import org.consentgateway.media.net.udp.UdpSocket;

/** The two sockets of a leg, both or none. Confined to its event loop, but for the opening. */
final class PortPair {
    private final UdpSocket rtp;
    private final UdpSocket rtcp;
    private final Runnable giveBack;

    PortPair(UdpSocket rtp, UdpSocket rtcp, Runnable giveBack) {
        this.rtp = rtp;
        this.rtcp = rtcp;
        this.giveBack = giveBack;
    }

    UdpSocket rtp() {
        return rtp;
    }

    UdpSocket rtcp() {
        return rtcp;
    }

    /** Closes both and returns the ports to quarantine. Once. */
    void close() {
        rtp.close();
        rtcp.close();
        giveBack.run();
    }
}
