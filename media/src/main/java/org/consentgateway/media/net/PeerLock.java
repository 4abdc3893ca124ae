package org.consentgateway.media.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.net.udp.UdpSocket;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.SourceLock;
import org.jspecify.annotations.Nullable;

/**
 * Joins the source lock with the socket: once nobody else can become the source, the kernel is told
 * to keep everybody else out, which also makes each packet cheaper. Confined to its event loop, but
 * for {@link #heardFrom()}.
 */
final class PeerLock {
    private final LoopIo io;
    private final UdpSocket socket;
    private final int probation;
    private @Nullable MediaPeer peer;
    private @Nullable SourceLock lock;
    private @Nullable InetSocketAddress destination;

    /** Whether the host that it is sent to is known to be the peer's. */
    private boolean proven;

    private volatile boolean heardFrom; // asked by whoever ends the call

    /**
     * @param probation packets in sequence until a source that was not signalled is believed
     */
    PeerLock(LoopIo io, UdpSocket socket, int probation) {
        this.probation = probation;
        this.io = io;
        this.socket = socket;
    }

    /**
     * What an answer said, the first or a later one.
     *
     * @param silentNanos since the last packet of the peer
     */
    void agreed(MediaPeer next, long silentNanos) {
        MediaPeer before = peer;
        peer = next;
        SourceLock present = lock;
        if (present == null || before == null) {
            lock = new SourceLock(next.rtp(), next.otherSources(), probation);
            address();
            proven = next.proven();
            return;
        }
        boolean same =
                next.rtp().equals(before.rtp())
                        && next.otherSources().equals(before.otherSources());
        // A renegotiation opens the lock again if the address changed or the peer fell silent.
        // The null address says hold, not where to look for the peer from now on.
        if (next.rtp().getAddress().isAnyLocalAddress()
                || (same && silentNanos < SourceLock.SILENT_NANOS)) {
            return;
        }
        InetSocketAddress old = destination;
        present.renegotiated(next.rtp(), next.otherSources());
        try {
            socket.disconnect();
        } catch (IOException e) {
            io.receiveFailed(e, null);
        }
        address();
        InetSocketAddress to = destination;
        boolean sameHost = old != null && to != null && old.getAddress().equals(to.getAddress());
        proven = next.proven() || (proven && sameHost);
    }

    /**
     * Whether a packet comes from the peer; takes the lock if it is to be taken.
     *
     * @param source null is what the socket is connected to: the peer, which may have been
     *     connected to while it was on hold and was heard by nobody
     */
    boolean admits(@Nullable InetSocketAddress source, RtpDatagram.Packet packet, long nowNanos) {
        if (source == null) {
            heard(null);
            return true;
        }
        SourceLock present = lock;
        if (present == null) {
            return false;
        }
        boolean wasClosed = present.closed();
        InetSocketAddress before = present.locked();
        if (present.check(source, packet.ssrc(), packet.sequence(), nowNanos)
                != SourceLock.Verdict.ACCEPT) {
            return false;
        }
        if (!source.equals(before) || present.closed() != wasClosed) {
            address();
        }
        heard(source.getAddress());
        return true;
    }

    /** Something of the peer has come from there; null is where it is sent to. */
    void heard(@Nullable InetAddress host) {
        MediaPeer present = peer;
        if (!heardFrom && present != null && present.direction().weReceive()) {
            heardFrom = true;
        }
        InetSocketAddress to = destination;
        proven |= host == null || (to != null && host.equals(to.getAddress()));
    }

    /**
     * Whether the peer is where it is sent to, as far as anybody can know: its signalling says so
     * and can, or something has come from there.
     */
    boolean proven() {
        return proven;
    }

    /** Whether that is known of this host. */
    boolean proves(InetAddress host) {
        InetSocketAddress to = destination;
        return proven && to != null && host.equals(to.getAddress());
    }

    /** Whether anything of the peer has come while it said that it sends: else nobody heard it. */
    boolean heardFrom() {
        return heardFrom;
    }

    /** Whether what comes from there is the source; null is what it is connected to. */
    boolean latchedTo(@Nullable InetSocketAddress source) {
        SourceLock present = lock;
        return source == null || (present != null && source.equals(present.locked()));
    }

    /** Whether a packet from there can be the peer's at all; changes nothing. */
    boolean mayAdmit(InetSocketAddress source) {
        SourceLock present = lock;
        return present != null && present.permits(source);
    }

    /** Whether RTCP from there is the peer's; null is the peer itself. */
    boolean admitsReports(@Nullable InetSocketAddress source) {
        SourceLock present = lock;
        return present != null && (source == null || present.isPeerHost(source.getAddress()));
    }

    private void address() {
        SourceLock present = lock;
        if (present == null) {
            return;
        }
        InetSocketAddress to = present.destination();
        destination = to;
        // A peer that sends from another port than it receives on cannot be connected to.
        if (present.closed() && to.equals(present.locked()) && !socket.connected()) {
            try {
                socket.connect(to);
            } catch (IOException e) {
                // It goes on without: the lock itself keeps strangers out.
                io.receiveFailed(e, null);
            }
        }
    }

    /** Where RTP goes. */
    @Nullable InetSocketAddress destination() {
        return destination;
    }

    /** RTCP goes the way of RTP (RFC 5761). */
    boolean multiplexed() {
        MediaPeer present = peer;
        return present != null && present.rtcp().equals(present.rtp());
    }

    /** Where RTCP goes, or null if there is no such place. */
    @Nullable InetSocketAddress reportDestination() {
        MediaPeer present = peer;
        InetSocketAddress media = destination;
        if (present == null || media == null || media.getAddress().isAnyLocalAddress()) {
            return null;
        }
        if (media.equals(present.rtp())) {
            return present.rtcp();
        }
        return multiplexed()
                ? media
                : new InetSocketAddress(media.getAddress(), (media.getPort() + 1) & 0xFFFF);
    }
}
