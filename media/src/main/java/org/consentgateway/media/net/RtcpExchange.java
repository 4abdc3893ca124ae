package org.consentgateway.media.net;

import java.net.InetSocketAddress;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.net.udp.Sent;
import org.consentgateway.media.net.udp.UdpSocket;
import org.consentgateway.media.rtp.ReportPace;
import org.consentgateway.media.rtp.RtcpReports;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.media.srtp.SrtpSession;
import org.jspecify.annotations.Nullable;

/**
 * A leg's RTCP: its reports and the far end's, in plain or secured (RFC 3711 §3.4), on a port of
 * their own or with the packets (RFC 5761). Confined to its event loop, but for {@link #reports}.
 */
final class RtcpExchange implements Outbound.PeerActivity {
    /** Two intervals of a session of two (RFC 3550 §6.2): one report may have been lost. */
    private static final long RECENT_NANOS = 10_000_000_000L;

    private final MediaLoop loop;
    private final PortPair ports;
    private final PeerLock peer;
    private final RtcpReports reports;
    private final Inbound inbound;
    private final RtpReceiver receiver;
    private final ReportPace pace = new ReportPace();

    /** Whose sound it was when that was looked at last (SSRC). */
    private int spoken;

    private @Nullable SrtpSession srtp;

    private boolean hasArrived;
    private long arrivesNanos;

    RtcpExchange(MediaLoop loop, PortPair ports, PeerLock peer, RtpSender sender, Inbound inbound) {
        this.loop = loop;
        this.ports = ports;
        this.peer = peer;
        this.inbound = inbound;
        this.receiver = inbound.receiver();
        this.reports =
                new RtcpReports(
                        sender,
                        receiver,
                        "%016x".formatted(loop.random().nextLong()),
                        loop.random());
    }

    RtcpReports reports() {
        return reports;
    }

    /** Of the reports that come since that one speaks who does. */
    ReportPace pace() {
        if (receiver.ssrc() != spoken) {
            spoken = receiver.ssrc();
            begin();
        }
        return pace;
    }

    /** Somebody else may be there now. */
    void begin() {
        pace.begin();
        hasArrived = false;
    }

    /** Plain from now on, or with these keys. */
    void secured(@Nullable SrtpSession keyed) {
        srtp = keyed;
    }

    /** What the event loop has received last. */
    void arrived(int length, @Nullable InetSocketAddress source, long nowNanos) {
        LoopIo io = loop.io();
        int plain = peer.admitsReports(source) ? opened(length) : -1;
        if (plain < 0 || !reports.read(io.inbound(), plain, nowNanos, loop.ntp())) {
            io.drop(MediaDrop.BAD_RTCP);
            return;
        }
        peer.heard(source == null ? null : source.getAddress());
        pace().reported(nowNanos);
        // A host may be that of many calls, and its address can be forged: the number of what was
        // heard is known to the peer alone.
        if (!receiver.started() || RtcpReports.reporter(io.inbound()) == receiver.ssrc()) {
            lives(nowNanos);
        }
    }

    private void lives(long nowNanos) {
        inbound.reported(nowNanos);
        if (reports.arrives()) {
            hasArrived = true;
            arrivesNanos = nowNanos;
        }
    }

    @Override
    public long receivedPackets() {
        return receiver.receivedPackets();
    }

    @Override
    public boolean reported() {
        return hasArrived && System.nanoTime() - arrivesNanos < RECENT_NANOS;
    }

    /** Octets of the report in plain, or -1. */
    private int opened(int length) {
        SrtpSession secured = srtp;
        if (secured == null) {
            return length;
        }
        return secured.unprotectReport(loop.io().inbound(), length) == SrtpSession.Verdict.GENUINE
                ? secured.length()
                : -1;
    }

    /** Sends a report where one is due. */
    void look(long nowNanos) {
        if (reports.due(nowNanos)) {
            send(nowNanos, false);
        }
    }

    /** The last report (RFC 3550 §6.6). */
    void bye(long nowNanos) {
        send(nowNanos, true);
    }

    private void send(long nowNanos, boolean bye) {
        InetSocketAddress to = peer.reportDestination();
        if (to == null || !peer.proven()) {
            return;
        }
        LoopIo io = loop.io();
        int length = reports.compose(io.outbound(), nowNanos, loop.ntp(), bye);
        SrtpSession secured = srtp;
        if (secured != null) {
            length = secured.protectReport(io.outbound(), length, io.outbound());
            if (length < 0) {
                io.drop(MediaDrop.NOT_PROTECTED);
                return;
            }
        }
        UdpSocket socket = peer.multiplexed() ? ports.rtp() : ports.rtcp();
        if (socket.send(io.outbound(), 0, length, to) == Sent.FAILED) {
            io.drop(MediaDrop.SEND_FAILED);
        }
    }
}
