package org.consentgateway.media.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.TextListener;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.net.udp.UdpSocket;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.SourceLock;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSession;
import org.consentgateway.media.text.T140Receiver;
import org.consentgateway.media.text.T140Sender;
import org.jspecify.annotations.Nullable;

/**
 * One party's text: its ports, its peer, what is read of it and what it is sent. Part of an {@link
 * RtpLeg}. Confined to its event loop, but for what {@link TextLeg} promises.
 */
final class RtpText implements TextLeg, Pacer.Paced {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Of a packet that nobody listens for its host says so sooner. */
    private static final long REFUSED_WITHIN_NANOS = 2_000_000_000L;

    private static final TextListener NOBODY = (_, _) -> {};

    private final RtpLeg leg;
    private final LoopIo io;
    private final PortPair ports;
    private final PeerLock peer;
    private final RtpReceiver source = new RtpReceiver(SourceLock.TEXT_PROBATION);
    private final TextProbation probation = new TextProbation();
    private final T140Sender sender = new T140Sender();
    private final TextAllowance allowance = new TextAllowance(System.nanoTime());
    private final int ssrc;
    private final int firstTimestamp;
    private final List<CompletableFuture<Long>> awaited = new ArrayList<>();

    private int sequence;
    private TextListener listener = NOBODY;
    private @Nullable TextFormat format;
    private @Nullable T140Receiver reader;
    private @Nullable SrtpSession srtp;
    private boolean sends;
    private boolean receives;
    private boolean closed;
    private long heardNanos;
    private long agreedNanos;
    private volatile boolean reachable = true;

    /** Since when it is not reachable. */
    private long refusedNanos;

    /** Whether something has gone out since it was last refused, and when the first of it did. */
    private boolean sentSince;

    private long sentNanos;

    RtpText(RtpLeg leg, PortPair ports, int ssrc, int sequence, int timestamp) {
        this.leg = leg;
        this.io = leg.loop().io();
        this.ports = ports;
        this.peer = new PeerLock(io, ports.rtp(), SourceLock.TEXT_PROBATION);
        this.ssrc = ssrc;
        this.sequence = sequence;
        this.firstTimestamp = timestamp;
    }

    /** On the event loop, once. */
    void start() {
        ports.rtp()
                .register(
                        new UdpSocket.Arrivals() {
                            @Override
                            public void arrived(int length, @Nullable InetSocketAddress source) {
                                RtpText.this.arrived(length, source);
                            }

                            @Override
                            public void refused() {
                                // The kernel tells it once, in place of a receive or of a send.
                                refusedNow();
                            }
                        });
        // Reports of a stream of some characters a second tell us nothing.
        ports.rtcp().register((_, _) -> {});
        leg.loop().pacer().watch(this);
    }

    // ---- what is asked of it, from any thread ----

    @Override
    public InetSocketAddress local() {
        return ports.rtp().local();
    }

    @Override
    public void connect(TextFormat agreed, MediaPeer next) {
        leg.onLoop(() -> agreed(agreed, next), () -> {});
    }

    @Override
    public void disconnect() {
        leg.onLoop(this::ended, () -> {});
    }

    @Override
    public void listen(TextListener next) {
        leg.onLoop(() -> listener = next, () -> {});
    }

    @Override
    public CompletionStage<Long> send(String text) {
        var sent = new CompletableFuture<Long>();
        leg.onLoop(
                () -> {
                    awaited.add(sent);
                    queue(text);
                },
                () -> {});
        return sent.minimalCompletionStage();
    }

    @Override
    public void forget() {
        leg.onLoop(
                () -> {
                    sender.skip();
                    awaited.clear();
                },
                () -> {});
    }

    @Override
    public boolean reachable() {
        return reachable;
    }

    // ---- on the event loop from here ----

    private void agreed(TextFormat agreed, MediaPeer next) {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        secure(next.keys());
        peer.agreed(next, now - heardNanos);
        agreedNanos = now;
        reachable = true; // as far as is known of where it is now
        format = agreed;
        sender.agreed(agreed);
        T140Receiver present = reader;
        if (present == null) {
            reader = new T140Receiver(agreed);
        } else {
            present.agreed(agreed);
        }
        boolean nowhere = next.rtp().getAddress().isAnyLocalAddress();
        sends = next.direction().weSend() && !nowhere;
        receives = next.direction().weReceive();
        write(now);
    }

    private void ended() {
        format = null;
        probation.clear();
        forgetNow();
    }

    private void secure(@Nullable SrtpKeys keys) {
        SrtpSession present = srtp;
        if (keys == null) {
            srtp = null;
        } else if (present == null) {
            srtp = new SrtpSession(keys, ssrc);
        } else {
            present.agreed(keys);
        }
    }

    /** Sends this; at once, if there was a pause. */
    void queue(String text) {
        if (closed) {
            return;
        }
        if (sender.queue(text) > 0) {
            io.drop(MediaDrop.TEXT_FLOOD);
        }
        write(System.nanoTime());
    }

    /** Not one packet more with anything that was queued before. */
    void forgetNow() {
        sender.forget();
        awaited.clear();
    }

    private void arrived(int length, @Nullable InetSocketAddress from) {
        if (closed || RtpDatagram.isRtcp(io.inbound(), length)) {
            return;
        }
        try {
            packet(length, from, System.nanoTime());
        } catch (RuntimeException e) {
            leg.loop().failed(leg, e);
        }
    }

    private void packet(int length, @Nullable InetSocketAddress from, long nowNanos) {
        io.received();
        T140Receiver text = reader;
        if (format == null || text == null) {
            io.drop(MediaDrop.NOT_CONNECTED);
            return;
        }
        int plain = opened(length, from);
        if (plain < 0) {
            return;
        }
        switch (io.reader().read(io.inbound(), plain)) {
            case RtpDatagram.Malformed _ -> io.drop(MediaDrop.MALFORMED);
            case RtpDatagram.Packet packet -> {
                boolean latched = peer.latchedTo(from);
                var typed = TypedPacket.of(packet, io.inbound(), source(from), nowNanos);
                if (!peer.admits(from, packet, nowNanos)) {
                    io.drop(MediaDrop.STRANGER);
                    if (from != null && peer.mayAdmit(from)) {
                        probation.keep(typed);
                    }
                } else if (!receives) {
                    io.drop(MediaDrop.HELD);
                } else {
                    if (!latched) {
                        probation.before(typed).forEach(one -> take(one, text, nowNanos));
                    }
                    take(typed, text, nowNanos);
                }
            }
        }
    }

    /** Octets of the packet in plain, or -1 if it is none of the peer's. */
    private int opened(int length, @Nullable InetSocketAddress from) {
        SrtpSession secured = srtp;
        if (secured == null) {
            return length;
        }
        if (from != null && !peer.mayAdmit(from)) {
            io.drop(MediaDrop.STRANGER);
            return -1;
        }
        return switch (secured.unprotect(io.inbound(), length)) {
            case GENUINE -> secured.length();
            case FORGED -> {
                io.drop(MediaDrop.FORGED);
                yield -1;
            }
            case REPLAYED -> {
                io.drop(MediaDrop.REPLAYED);
                yield -1;
            }
        };
    }

    /** Null, of a socket that is connected, is where it is connected to. */
    private @Nullable InetSocketAddress source(@Nullable InetSocketAddress from) {
        return from == null ? peer.destination() : from;
    }

    private void take(TypedPacket packet, T140Receiver text, long nowNanos) {
        if (known(packet, text, nowNanos)) {
            heardNanos = nowNanos;
            reachable = true;
            read(packet, text, nowNanos);
        }
    }

    private boolean known(TypedPacket packet, T140Receiver text, long nowNanos) {
        boolean same = source.started() && source.ssrc() == packet.ssrc();
        return switch (source.packet(packet.ssrc(), packet.sequence(), nowNanos)) {
            case ACCEPT -> true;
            case ACCEPT_NEW_SOURCE -> {
                pass(text.restart(same), nowNanos);
                List<TypedPacket> before = probation.before(packet);
                if (probation.missing()) {
                    pass(String.valueOf(T140Receiver.LOST), nowNanos);
                }
                before.forEach(one -> read(one, text, nowNanos));
                yield true;
            }
            case INTRUDER -> {
                io.drop(MediaDrop.INTRUDER);
                probation.keep(packet);
                yield false;
            }
            case WILD_SEQUENCE -> {
                io.drop(MediaDrop.WILD_SEQUENCE);
                probation.keep(packet);
                yield false;
            }
        };
    }

    private void read(TypedPacket packet, T140Receiver text, long nowNanos) {
        String typed =
                text.packet(
                        packet.sequence(),
                        packet.payloadType(),
                        ByteBuffer.wrap(packet.payload()),
                        0,
                        packet.payload().length,
                        nowNanos / NANOS_PER_MILLI);
        if (text.malformed()) {
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
        }
        pass(typed, nowNanos);
    }

    /** What is left out of a flood is marked as lost, so that nobody takes the rest for a whole. */
    private void pass(String typed, long nowNanos) {
        int taken = allowance.take(typed.length(), nowNanos);
        if (typed.isEmpty()) {
            return;
        }
        String text = typed;
        if (taken < typed.length()) {
            io.drop(MediaDrop.TEXT_FLOOD);
            text = typed.substring(0, taken) + T140Receiver.LOST;
        }
        listener.text(text, nowNanos);
        // After the listener: what it cut because of this text is cut for this text as well.
        leg.pass(text, !listener.equals(NOBODY));
    }

    private void write(long nowNanos) {
        if (closed || !sends || !leg.talks() || waitsForPeer()) {
            return;
        }
        ByteBuffer out = io.outbound();
        TextFormat agreed = format;
        int payload = sender.write(out, RtpReader.HEADER, nowNanos / NANOS_PER_MILLI);
        if (payload > 0 && agreed != null) {
            int type = agreed.redundant() ? agreed.redundantPayloadType() : agreed.payloadType();
            header(out, type, nowNanos);
            send(out, RtpReader.HEADER + payload);
        }
        if (sender.empty() && !awaited.isEmpty()) {
            awaited.forEach(one -> one.complete(nowNanos));
            awaited.clear();
        }
    }

    /** Whether a peer that is to be written to has yet to be heard from, by sound or text. */
    private boolean waitsForPeer() {
        InetSocketAddress to = peer.destination();
        return !peer.proven() && to != null && !leg.proves(to.getAddress());
    }

    private void header(ByteBuffer out, int type, long nowNanos) {
        int second = sender.marker() ? 0x80 | type : type;
        out.putInt(0, 0x8000_0000 | (second << 16) | sequence);
        out.putInt(4, firstTimestamp + (int) (nowNanos / NANOS_PER_MILLI));
        out.putInt(8, ssrc);
        sequence = (sequence + 1) & 0xFFFF;
    }

    private void send(ByteBuffer out, int length) {
        int whole = length;
        SrtpSession secured = srtp;
        if (secured != null) {
            whole = secured.protect(out, 0, length, out);
            if (whole < 0) {
                io.drop(MediaDrop.NOT_PROTECTED);
                return;
            }
        }
        switch (ports.rtp().send(out, 0, whole, peer.destination())) {
            case TAKEN -> {
                io.sent();
                if (!sentSince) {
                    sentSince = true;
                    sentNanos = System.nanoTime();
                }
            }
            case REFUSED -> {
                refusedNow();
                io.drop(MediaDrop.PEER_REFUSED);
            }
            case BLOCKED -> io.drop(MediaDrop.SEND_BLOCKED);
            case FAILED -> io.drop(MediaDrop.SEND_FAILED);
        }
    }

    /** Whether there is text: it may be offered and refused, or given up. */
    boolean isAgreed() {
        return format != null;
    }

    /** Whether anything of the party has ever come as text. */
    boolean heardFrom() {
        return peer.heardFrom();
    }

    private void refusedNow() {
        sentSince = false;
        if (reachable) {
            refusedNanos = System.nanoTime();
            reachable = false;
        }
    }

    /** One refusal may be of a moment: what goes out after it and is not refused arrives. */
    private void reachedAgain(long nowNanos) {
        if (!reachable && sentSince && nowNanos - sentNanos > REFUSED_WITHIN_NANOS) {
            reachable = true;
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            forgetNow();
            ports.close();
        }
    }

    // ---- the pacer: it needs no turns, only to be looked at ----

    @Override
    public void look(long nowNanos) {
        T140Receiver text = reader;
        if (text != null) {
            pass(text.tick(nowNanos / NANOS_PER_MILLI), nowNanos);
        }
        listener.look(nowNanos);
        write(nowNanos);
        reachedAgain(nowNanos);
        if (format != null && sends && waitsForPeer()) {
            leg.awaited(agreedNanos, nowNanos);
        }
        if (format != null && !reachable) {
            leg.unread(refusedNanos, nowNanos);
        }
    }

    @Override
    public boolean open() {
        return !closed;
    }

    @Override
    public boolean paced(long nowNanos) {
        return false;
    }

    @Override
    public void turn(long turnNanos) {}

    @Override
    public void rest() {}

    @Override
    public void failed(RuntimeException e) {
        leg.failed(e);
    }
}
