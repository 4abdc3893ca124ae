package org.consentgateway.media.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.Playback;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.rtp.DtmfDecoder;
import org.consentgateway.media.rtp.DtmfSender;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtcpReports;
import org.consentgateway.media.rtp.RtpParse;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.media.rtp.SourceLock;
import org.consentgateway.media.rtp.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Confined to its event loop, but for what {@link MediaLeg} promises. One party, from socket to
 * listener and from prompt to socket.
 *
 * <p>A packet's way in: {@link #arrived} → source lock → parse → SSRC and sequence → keys, or audio
 * → jitter buffer (where somebody listens) → other leg (where bridged). The way out: {@link #turn}
 * for what is paced here, {@link #relay} for what comes from the other leg; both on the one clock
 * of {@link RtpSender}.
 */
final class RtpLeg implements MediaLeg, Pacer.Paced, DtmfDecoder.Keys {
    private static final int FRAME = PcmFrame.SAMPLES;
    private static final int HEADER = RtpReader.HEADER;

    /** A bridged leg that has been fed nothing for so long gets silence from us. */
    private static final long FED_NANOS = 200_000_000L;

    /** Frames in a row that cannot be sent (1 s) until a playback is given up. */
    private static final int MAX_SEND_FAILURES = 50;

    /** Tracks that may follow each other within one turn; more is a listener's endless loop. */
    private static final int MAX_TRACKS_PER_TURN = 8;

    private final MediaLoop loop;
    private final LoopIo io;
    private final PortPair ports;
    private final long silenceAfterNanos;
    private final RtpSender sender;
    private final RtpReceiver receiver = new RtpReceiver();
    private final DtmfDecoder decoder = new DtmfDecoder(this);
    private final DtmfSender dtmf = new DtmfSender();
    private final RtcpReports reports;
    private final Tally late = new Tally();
    private final Tally strangers = new Tally();
    private final Tally malformed = new Tally();

    private boolean closed;
    private @Nullable MediaFormat format;
    private @Nullable MediaPeer peer;
    private @Nullable SourceLock lock;
    private @Nullable InetSocketAddress destination;
    private boolean weSend;
    private boolean weReceive;
    private MediaListener listener = NOBODY;
    private @Nullable JitterBuffer jitter;
    private @Nullable Track track;
    private @Nullable RelayBridge bridge;
    private int slot = -1;
    private boolean talking;
    private int keyTimestamp;
    private long lastFed;
    private long heardNanos;
    private boolean arrived;
    private boolean lostSaid;

    private static final MediaListener NOBODY = new MediaListener() {};

    RtpLeg(MediaLoop loop, PortPair ports, RtpSender sender, String cname, long silenceAfterNanos) {
        this.loop = loop;
        this.io = loop.io();
        this.ports = ports;
        this.sender = sender;
        this.silenceAfterNanos = silenceAfterNanos;
        this.reports = new RtcpReports(sender, receiver, cname, loop.random());
    }

    MediaLoop loop() {
        return loop;
    }

    /** On the event loop, once. */
    void start() {
        if (!closed) {
            ports.rtp().register(this::arrived);
            ports.rtcp().register(this::rtcpArrived);
            loop.pacer().watch(this);
        }
    }

    /** Runs it on the event loop, now where we are on it, or the other where the loop has ended. */
    void onLoop(Runnable task, Runnable ended) {
        if (io.loop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            io.loop().execute(task);
        } catch (RejectedExecutionException e) {
            ended.run();
        }
    }

    // ---- what is asked of a leg, from any thread ----

    @Override
    public InetSocketAddress local() {
        return ports.rtp().local();
    }

    @Override
    public void connect(MediaFormat format, MediaPeer peer) {
        onLoop(() -> connected(format, peer), () -> {});
    }

    @Override
    public void listen(MediaListener listener) {
        onLoop(() -> this.listener = listener, () -> {});
    }

    @Override
    public Playback play(List<AudioClip> clips, boolean repeat) {
        Track next = new Track(clips, repeat, t -> onLoop(() -> stop(t), () -> {}));
        onLoop(() -> begin(next), () -> next.end(End.LEG_CLOSED, 0));
        return next;
    }

    @Override
    public void sendDigit(char digit) {
        onLoop(
                () -> {
                    dtmf.queue(digit);
                    paceIfNeeded();
                },
                () -> {});
    }

    @Override
    public MediaStats stats() {
        return new MediaStats(
                sender.packets(),
                receiver.receivedPackets(),
                receiver.lostPackets(),
                late.value(),
                receiver.jitterMillis(),
                reports.roundTripMillis(),
                strangers.value(),
                malformed.value());
    }

    @Override
    public void close() {
        onLoop(this::closeNow, () -> {});
    }

    // ---- on the event loop from here ----

    private void connected(MediaFormat format, MediaPeer peer) {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        boolean nullAddress = peer.rtp().getAddress().isAnyLocalAddress();
        boolean first = this.format == null;
        this.format = format;
        this.peer = peer;
        // RFC 3264 §8.4: the null address is how hold was said before there were directions.
        weSend = peer.direction().weSend() && !nullAddress;
        weReceive = peer.direction().weReceive();
        heardNanos = now;
        lostSaid = false;
        if (!nullAddress || lock == null) {
            relock(peer);
        }
        if (first) {
            talking = false;
        }
        paceIfNeeded();
    }

    private void relock(MediaPeer peer) {
        SourceLock present = lock;
        if (present == null) {
            lock = new SourceLock(peer.rtp(), peer.otherSources());
        } else {
            present.renegotiated(peer.rtp(), peer.otherSources());
        }
        try {
            ports.rtp().disconnect();
        } catch (IOException e) {
            io.receiveFailed(e);
        }
        readdress();
    }

    /** Where to send, and whether the kernel may keep everybody else out. */
    private void readdress() {
        SourceLock present = lock;
        if (present == null) {
            return;
        }
        InetSocketAddress to = present.destination();
        destination = to;
        // A peer that sends from another port than it receives on cannot be connected to.
        if (present.closed() && to.equals(present.locked()) && !ports.rtp().connected()) {
            try {
                ports.rtp().connect(to);
            } catch (IOException e) {
                // It goes on without: the lock itself keeps strangers out.
                io.receiveFailed(e);
            }
        }
    }

    private void arrived(int length, @Nullable InetSocketAddress source) {
        if (closed) {
            return;
        }
        try {
            packet(io.inbound(), length, source, System.nanoTime());
        } catch (RuntimeException e) {
            loop.failed(this, e);
        }
    }

    private void packet(
            ByteBuffer datagram, int length, @Nullable InetSocketAddress source, long now) {
        if (RtpParse.isRtcp(datagram, length)) {
            rtcp(length, source, now);
            return;
        }
        io.received();
        MediaFormat agreed = format;
        SourceLock present = lock;
        if (agreed == null || present == null) {
            io.drop(MediaDrop.NOT_CONNECTED);
            return;
        }
        switch (io.reader().read(datagram, length)) {
            case RtpParse.Malformed _ -> {
                malformed.one();
                io.drop(MediaDrop.MALFORMED);
            }
            case RtpParse.Packet packet -> {
                if (source != null && !fromPeer(present, source, packet, now)) {
                    return;
                }
                if (!weReceive) {
                    io.drop(MediaDrop.HELD);
                    return;
                }
                accepted(datagram, packet, agreed, now);
            }
        }
    }

    private boolean fromPeer(
            SourceLock present, InetSocketAddress source, RtpParse.Packet packet, long now) {
        boolean wasClosed = present.closed();
        InetSocketAddress before = present.locked();
        if (present.check(source, packet.ssrc(), packet.sequence(), now)
                != SourceLock.Verdict.ACCEPT) {
            strangers.one();
            io.drop(MediaDrop.STRANGER);
            return false;
        }
        if (!source.equals(before) || present.closed() != wasClosed) {
            readdress();
        }
        return true;
    }

    private void accepted(
            ByteBuffer datagram, RtpParse.Packet packet, MediaFormat agreed, long now) {
        switch (receiver.packet(packet.ssrc(), packet.sequence(), now)) {
            case INTRUDER -> {
                strangers.one();
                io.drop(MediaDrop.INTRUDER);
                return;
            }
            case WILD_SEQUENCE -> {
                io.drop(MediaDrop.WILD_SEQUENCE);
                return;
            }
            case ACCEPT_NEW_SOURCE -> {
                JitterBuffer buffer = jitter;
                if (buffer != null) {
                    buffer.newSource(packet.sequence(), packet.timestamp());
                }
            }
            case ACCEPT -> {}
        }
        heard(now);
        int type = packet.payloadType();
        if (type == agreed.eventPayloadType()) {
            key(datagram, packet, now);
            return;
        }
        Codec codec = codec(type, agreed);
        if (codec == null) {
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
            return;
        }
        receiver.timed(packet.timestamp(), now);
        RelayBridge joined = bridge;
        if (listener != NOBODY && (joined == null || joined.tapped(this))) {
            buffer().audio(
                            packet.sequence(),
                            packet.timestamp(),
                            codec,
                            datagram,
                            packet.payloadOffset(),
                            packet.payloadLength());
        }
        if (joined != null) {
            pass(joined, datagram, packet, codec, now);
        }
    }

    private static @Nullable Codec codec(int payloadType, MediaFormat agreed) {
        if (payloadType == agreed.payloadType()) {
            return agreed.codec();
        }
        // The other static type was offered as well, and some peers send what they like of it.
        return switch (payloadType) {
            case 0 -> Codec.PCMU;
            case 8 -> Codec.PCMA;
            default -> null;
        };
    }

    private void key(ByteBuffer datagram, RtpParse.Packet packet, long now) {
        boolean isKey =
                decoder.packet(
                        packet.ssrc(),
                        packet.timestamp(),
                        datagram,
                        packet.payloadOffset(),
                        packet.payloadLength(),
                        now);
        JitterBuffer buffer = jitter;
        if (buffer != null) {
            buffer.event(packet.sequence());
        }
        if (!isKey) {
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
            return;
        }
        // After the listener: what it cut because of this key is cut for this key as well.
        RelayBridge joined = bridge;
        if (joined != null) {
            pass(joined, datagram, packet, null, now);
        }
    }

    private void pass(
            RelayBridge joined,
            ByteBuffer datagram,
            RtpParse.Packet packet,
            @Nullable Codec codec,
            long now) {
        if (joined.cutFrom(this)) {
            io.drop(MediaDrop.CUT);
        } else {
            joined.other(this).relay(datagram, packet, codec, now);
        }
    }

    /**
     * Sends another leg's packet on, with our header over its own.
     *
     * @param codec of the payload, or null for an RFC 4733 event
     */
    private void relay(
            ByteBuffer datagram, RtpParse.Packet packet, @Nullable Codec codec, long now) {
        MediaFormat agreed = format;
        if (agreed == null || !weSend || closed) {
            io.drop(MediaDrop.HELD);
            return;
        }
        if (track != null || dtmf.active()) {
            io.drop(MediaDrop.OVERRIDDEN);
            return;
        }
        boolean event = codec == null;
        if (event && !agreed.hasEvents()) {
            io.drop(MediaDrop.NO_EVENTS);
            return;
        }
        int payload = packet.payloadOffset();
        int length = packet.payloadLength();
        int at = payload - HEADER;
        int type = event ? agreed.eventPayloadType() : agreed.payloadType();
        if (!sender.relay(datagram, at, type, event, packet, now)) {
            io.drop(MediaDrop.TOO_OLD);
            return;
        }
        if (codec != null && codec != agreed.codec()) {
            translate(datagram, payload, length, codec);
        }
        lastFed = now;
        talking = true;
        send(datagram, at, HEADER + length);
    }

    private static void translate(ByteBuffer datagram, int offset, int length, Codec from) {
        byte[] table = G711.translation(from);
        for (int i = offset; i < offset + length; i++) {
            datagram.put(i, table[datagram.get(i) & 0xFF]);
        }
    }

    private boolean send(ByteBuffer datagram, int offset, int length) {
        Sent sent = ports.rtp().send(datagram, offset, length, destination);
        switch (sent) {
            case TAKEN -> {
                sender.sent(length - HEADER);
                io.sent();
            }
            case REFUSED -> {
                // It went out; that nobody hears it shows in what we receive.
                sender.sent(length - HEADER);
                io.sent();
                io.drop(MediaDrop.PEER_REFUSED);
            }
            case BLOCKED -> io.drop(MediaDrop.SEND_BLOCKED);
            case FAILED -> io.drop(MediaDrop.SEND_FAILED);
        }
        return sent == Sent.TAKEN || sent == Sent.REFUSED;
    }

    private void heard(long now) {
        heardNanos = now;
        lostSaid = false;
        if (!arrived) {
            arrived = true;
            listener.mediaArrived(now);
        }
    }

    private JitterBuffer buffer() {
        JitterBuffer present = jitter;
        if (present == null) {
            present = new JitterBuffer(late);
            jitter = present;
        }
        return present;
    }

    // ---- the pacer ----

    void paceIfNeeded() {
        if (paced() && (slot < 0 || !loop.pacer().stillIn(slot, this))) {
            slot = loop.pacer().pace(this);
        }
    }

    @Override
    public boolean paced() {
        if (closed || format == null) {
            return false;
        }
        RelayBridge joined = bridge;
        return joined == null
                || track != null
                || dtmf.active()
                || joined.tapped(this)
                || System.nanoTime() - lastFed > FED_NANOS;
    }

    @Override
    public void turn(long turnNanos) {
        hear();
        MediaFormat agreed = format;
        if (agreed == null || closed) {
            return;
        }
        Track playing = playing();
        if (closed) {
            return;
        }
        if (!weSend) {
            talking = false;
            if (playing != null) {
                playing.frameHeld();
            }
            return;
        }
        if (dtmf.active()) {
            sendKey(agreed, turnNanos);
        } else if (playing != null) {
            sendFrame(playing, agreed, turnNanos);
        } else if (bridge == null || System.nanoTime() - lastFed > FED_NANOS) {
            sendSilence(agreed, turnNanos);
        }
    }

    private void hear() {
        RelayBridge joined = bridge;
        JitterBuffer buffer = jitter;
        if (buffer == null) {
            return;
        }
        if (joined != null && !joined.tapped(this)) {
            jitter = null;
            return;
        }
        PcmFrame frame = buffer.tick();
        if (frame != null) {
            listener.frame(frame);
        }
    }

    /** The track with a frame to send; ends those that have none left. */
    private @Nullable Track playing() {
        for (int i = 0; i < MAX_TRACKS_PER_TURN; i++) {
            Track present = track;
            if (present == null || present.hasFrame()) {
                return present;
            }
            finish(present, End.COMPLETED);
        }
        return null;
    }

    private void sendFrame(Track playing, MediaFormat agreed, long turnNanos) {
        ByteBuffer out = io.outbound();
        sender.own(out, agreed.payloadType(), playing.atStart() || !talking, turnNanos);
        out.put(HEADER, playing.octets(agreed.codec()), playing.offset(), FRAME);
        talking = true;
        if (send(out, 0, HEADER + FRAME)) {
            playing.frameSent();
        } else if (playing.frameFailed() >= MAX_SEND_FAILURES) {
            finish(playing, End.SEND_FAILED);
        }
    }

    private void sendSilence(MediaFormat agreed, long turnNanos) {
        ByteBuffer out = io.outbound();
        sender.own(out, agreed.payloadType(), !talking, turnNanos);
        byte[] silence = loop.silence(agreed.codec());
        out.put(HEADER, silence, 0, FRAME);
        talking = true;
        send(out, 0, HEADER + FRAME);
    }

    private void sendKey(MediaFormat agreed, long turnNanos) {
        if (!dtmf.sendsNow() || !agreed.hasEvents()) {
            dtmf.advance();
            sendSilence(agreed, turnNanos);
            return;
        }
        ByteBuffer out = io.outbound();
        boolean first = dtmf.first();
        dtmf.write(out, HEADER);
        if (first) {
            sender.own(out, agreed.eventPayloadType(), true, turnNanos);
            keyTimestamp = sender.timestamp();
        } else {
            sender.own(out, agreed.eventPayloadType(), keyTimestamp, turnNanos);
        }
        dtmf.advance();
        send(out, 0, HEADER + DtmfSender.PAYLOAD);
    }

    @Override
    public boolean open() {
        return !closed;
    }

    @Override
    public void look(long now) {
        decoder.tick(now);
        if (closed || format == null) {
            return;
        }
        if (weReceive && !lostSaid && now - heardNanos > silenceAfterNanos) {
            lostSaid = true;
            listener.mediaLost(now);
        }
        if (reports.due(now)) {
            sendReport(now, false);
        }
        paceIfNeeded();
    }

    @Override
    public void failed(RuntimeException e) {
        closeNow();
    }

    // ---- prompts ----

    private void begin(Track next) {
        if (closed) {
            next.end(End.LEG_CLOSED, receiver.receivedPackets());
            return;
        }
        Track before = track;
        next.begin(receiver.receivedPackets());
        track = next;
        if (before != null) {
            before.end(End.REPLACED, receiver.receivedPackets());
        }
        paceIfNeeded();
    }

    private void stop(Track which) {
        if (track == which) {
            finish(which, End.STOPPED);
        }
    }

    private void finish(Track which, End how) {
        track = null;
        which.end(how, receiver.receivedPackets());
    }

    // ---- keys of the peer ----

    @Override
    public void keyDown(char digit, long atNanos) {
        listener.keyDown(digit, atNanos);
    }

    @Override
    public void keyUp(char digit, int durationMillis, long atNanos) {
        listener.keyUp(digit, durationMillis, atNanos);
    }

    // ---- bridge ----

    void join(RelayBridge next) {
        RelayBridge before = bridge;
        if (before != null && before != next) {
            before.detach();
        }
        bridge = next;
        lastFed = System.nanoTime() - FED_NANOS - 1;
        paceIfNeeded();
    }

    void leave(RelayBridge which) {
        if (bridge == which) {
            bridge = null;
            paceIfNeeded();
        }
    }

    /** Nothing comes from the other leg any more: silence from the next turn on. */
    void fedNoMore() {
        lastFed = System.nanoTime() - FED_NANOS - 1;
        paceIfNeeded();
    }

    // ---- RTCP ----

    private void rtcpArrived(int length, @Nullable InetSocketAddress source) {
        if (closed) {
            return;
        }
        try {
            rtcp(length, source, System.nanoTime());
        } catch (RuntimeException e) {
            loop.failed(this, e);
        }
    }

    private void rtcp(int length, @Nullable InetSocketAddress source, long now) {
        SourceLock present = lock;
        boolean fromPeer =
                present != null && (source == null || present.isPeerHost(source.getAddress()));
        if (!fromPeer || !reports.read(io.inbound(), length, now, loop.ntp())) {
            io.drop(MediaDrop.BAD_RTCP);
        }
    }

    private void sendReport(long now, boolean bye) {
        MediaPeer present = peer;
        InetSocketAddress media = destination;
        if (present == null || media == null || media.getAddress().isAnyLocalAddress()) {
            return;
        }
        boolean multiplexed = present.rtcp().equals(present.rtp());
        InetSocketAddress to = present.rtcp();
        if (!media.equals(present.rtp())) {
            to =
                    multiplexed
                            ? media
                            : new InetSocketAddress(media.getAddress(), media.getPort() + 1);
        }
        ByteBuffer out = io.outbound();
        int length = reports.compose(out, now, loop.ntp(), bye);
        UdpSocket socket = multiplexed ? ports.rtp() : ports.rtcp();
        Sent sent = socket.send(out, 0, length, to);
        if (sent == Sent.FAILED) {
            io.drop(MediaDrop.SEND_FAILED);
        }
    }

    // ---- the end ----

    private void closeNow() {
        if (closed) {
            return;
        }
        if (sender.packets() > 0) {
            sendReport(System.nanoTime(), true);
        }
        closed = true;
        RelayBridge joined = bridge;
        if (joined != null) {
            joined.detach();
        }
        ports.close();
        loop.closed(this);
        Track present = track;
        if (present != null) {
            finish(present, End.LEG_CLOSED);
        }
        jitter = null;
    }
}
