package org.consentgateway.media.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.Playback;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.opus.OpusThreads;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.media.rtp.SourceLock;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSession;
import org.jspecify.annotations.Nullable;

/**
 * One party: its ports, its peer, what it hears ({@link Inbound}), what it is sent ({@link
 * Outbound}), what both sides report of that ({@link RtcpExchange}), and whom it is bridged to.
 * Confined to its event loop, but for what {@link MediaLeg} promises.
 */
final class RtpLeg implements MediaLeg, BridgeSide, Inbound.Onward {
    /** Characters that are kept of somebody who types before anybody reads: a greeting. */
    private static final int MOST_EARLY = 1000;

    /** Times {@code silenceAfter}: some wait to be spoken to before they send a packet. */
    private static final int UNHEARD_SILENCES = 2;

    /** Opens the text of a leg. Thread-safe. */
    interface TextOpening {
        RtpText open(RtpLeg leg) throws PortsExhaustedException;
    }

    /**
     * Immutable. What a leg has only where it is needed.
     *
     * @param opus gives a place among those coded at once, or null
     */
    record Openings(TextOpening text, Supplier<OpusThreads.@Nullable Place> opus) {}

    private final MediaLoop loop;
    private final LoopIo io;
    private final PortPair ports;
    private final PeerLock peer;
    private final RtpSender sender;
    private final Inbound inbound;
    private final Outbound outbound;
    private final RtcpExchange rtcp;
    private final long silenceAfterNanos;
    private final Openings openings;
    private final StringBuilder early = new StringBuilder();
    private volatile @Nullable RtpText text;

    /** What it takes to be coded in Opus; given back at the end. */
    private final AtomicReference<OpusThreads.@Nullable Place> opusPlace = new AtomicReference<>();

    private final CompletableFuture<Long> failure = new CompletableFuture<>();
    private final CompletableFuture<Long> unheard = new CompletableFuture<>();
    private final CompletableFuture<Long> fellSilent = new CompletableFuture<>();
    private @Nullable SrtpSession srtp;
    private boolean closed;
    private boolean muted;
    private boolean framesAsked = true;
    private boolean inSlot;
    private @Nullable RelayBridge bridge;

    RtpLeg(
            MediaLoop loop,
            PortPair ports,
            RtpSender sender,
            long silenceAfterNanos,
            Openings openings) {
        this.loop = loop;
        this.silenceAfterNanos = silenceAfterNanos;
        this.openings = openings;
        this.io = loop.io();
        this.ports = ports;
        this.sender = sender;
        this.peer = new PeerLock(io, ports.rtp(), SourceLock.PROBATION);
        this.inbound = new Inbound(io, silenceAfterNanos);
        this.rtcp = new RtcpExchange(loop, ports, peer, sender, inbound);
        this.outbound = new Outbound(io, ports.rtp(), peer, sender, rtcp, inbound);
    }

    @Override
    public MediaLoop loop() {
        return loop;
    }

    /** On the event loop, once. */
    @Override
    public void begin() {
        if (!closed) {
            ports.rtp().readAtOnce(bridge != null);
            ports.rtp().register(this::arrived);
            ports.rtcp().register(this::reportArrived);
            loop.pacer().watch(this);
        }
    }

    // ---- what is asked of a leg, from any thread ----

    @Override
    public InetSocketAddress local() {
        return ports.rtp().local();
    }

    @Override
    public boolean takesOpus() {
        OpusThreads.Place place = openings.opus().get();
        if (place == null) {
            return false;
        }
        if (!opusPlace.compareAndSet(null, place)) {
            place.giveBack();
        }
        onLoop(
                () -> {
                    if (closed) {
                        leaveOpus();
                    }
                },
                this::leaveOpus);
        return true;
    }

    private void leaveOpus() {
        OpusThreads.Place place = opusPlace.getAndSet(null);
        if (place != null) {
            place.giveBack();
        }
    }

    @Override
    public void connect(MediaFormat format, MediaPeer peer) {
        onLoop(() -> agreed(format, peer));
    }

    @Override
    public void withoutAudio() {
        onLoop(() -> {
            if (!closed) {
                leaveOpus();
                inbound.opus(null, null);
                outbound.opus(null, null);
                inbound.absent();
                outbound.absent(System.nanoTime());
                pace();
            }
        });
    }

    @Override
    public synchronized TextLeg text() throws PortsExhaustedException {
        RtpText present = text;
        if (present == null) {
            RtpText opened = openings.text().open(this);
            text = opened;
            onLoop(() -> begin(opened), opened::close);
            present = opened;
        }
        return present;
    }

    @Override
    public void listen(MediaListener listener) {
        onLoop(() -> inbound.listen(listener));
    }

    @Override
    public void frames(boolean wanted) {
        onLoop(() -> {
            framesAsked = wanted;
            frames();
        });
    }

    @Override
    public Playback play(List<AudioClip> clips, boolean repeat) {
        Track next = new Track(clips, repeat, track -> onLoop(() -> outbound.stop(track)));
        onLoop(() -> begin(next), () -> next.end(End.LEG_CLOSED));
        return next;
    }

    @Override
    public void sendDigit(char digit) {
        onLoop(() -> {
            outbound.queue(digit);
            pace();
        });
    }

    @Override
    public MediaStats stats() {
        return new MediaStats(
                sender.packets(),
                inbound.receiver().receivedPackets(),
                inbound.receiver().lostPackets(),
                inbound.latePackets(),
                inbound.receiver().jitterMillis(),
                rtcp.reports().roundTripMillis(),
                rtcp.reports().farLostPackets(),
                rtcp.reports().farJitterMillis(),
                inbound.strangers(),
                inbound.malformed(),
                inbound.forged());
    }

    @Override
    public CompletionStage<Long> unheard() {
        return unheard.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Long> fellSilent() {
        return fellSilent.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Long> failure() {
        return failure.minimalCompletionStage();
    }

    @Override
    public void mute() {
        onLoop(() -> {
            muted = true;
            RelayBridge joined = bridge;
            if (joined != null) {
                joined.detach();
            }
            frames();
        });
    }

    @Override
    public void close() {
        onLoop(this::closeNow);
    }

    // ---- on the event loop from here ----

    private void agreed(MediaFormat format, MediaPeer next) {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        secure(next.keys());
        peer.agreed(next, inbound.silentNanos(now));
        // RFC 3264 §8.4: the null address is how hold was said before there were directions.
        boolean nowhere = next.rtp().getAddress().isAnyLocalAddress();
        OpusThreads.Place place = opusPlace(format);
        outbound.agreed(format, next.direction().weSend() && !nowhere, now);
        inbound.agreed(format, next.direction().weReceive(), now);
        rtcp.begin();
        outbound.opus(place, format.opus());
        inbound.opus(place, format.opus());
        frames();
        pace();
    }

    /** Null but for a format of Opus: then its place has been taken. */
    private OpusThreads.@Nullable Place opusPlace(MediaFormat format) {
        if (format.opus() == null) {
            leaveOpus();
            return null;
        }
        OpusThreads.Place place = opusPlace.get();
        if (place == null) {
            throw new IllegalStateException("connected in Opus without a place");
        }
        return place;
    }

    /** Plain, or with these keys; contexts of a key that stays go on (RFC 3711 §3.3.1). */
    private void secure(@Nullable SrtpKeys keys) {
        SrtpSession present = srtp;
        if (keys == null) {
            srtp = null;
        } else if (present == null) {
            srtp = new SrtpSession(keys, sender.ssrc());
        } else {
            present.agreed(keys);
        }
        inbound.secured(srtp);
        outbound.secured(srtp);
        rtcp.secured(srtp);
    }

    private void begin(RtpText opened) {
        if (closed) {
            opened.close();
        } else {
            opened.start();
        }
    }

    private void begin(Track next) {
        if (closed) {
            next.end(End.LEG_CLOSED);
        } else {
            outbound.begin(next);
            pace();
        }
    }

    private void arrived(int length, @Nullable InetSocketAddress source) {
        if (closed) {
            return;
        }
        try {
            long now = System.nanoTime();
            if (RtpDatagram.isRtcp(io.inbound(), length)) {
                rtcp.arrived(length, source, now);
            } else {
                inbound.packet(io.inbound(), length, peer, source, now);
            }
        } catch (RuntimeException e) {
            loop.failed(this, e);
        }
    }

    private void reportArrived(int length, @Nullable InetSocketAddress source) {
        if (closed) {
            return;
        }
        try {
            rtcp.arrived(length, source, System.nanoTime());
        } catch (RuntimeException e) {
            loop.failed(this, e);
        }
    }

    /** On to the other leg, unless that has been cut off. */
    @Override
    public void pass(
            ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec, long nowNanos) {
        RelayBridge joined = bridge;
        if (joined == null || joined.cutFrom(this)) {
            io.drop(MediaDrop.CUT);
        } else {
            joined.other(this).relay(datagram, packet, codec, nowNanos);
        }
    }

    @Override
    public void pass(byte[] frame, Codec codec, long turnNanos) {
        RelayBridge joined = bridge;
        if (joined != null && !joined.cutFrom(this)) {
            joined.other(this).relayFrame(frame, codec, turnNanos);
        }
    }

    @Override
    public boolean byFrames() {
        return outbound.byFrames();
    }

    /** The same for a key press: those who are sent packets have got it in packets. */
    @Override
    public void key(char digit, int durationMillis) {
        RelayBridge joined = bridge;
        if (joined != null && !joined.cutFrom(this)) {
            joined.other(this).relayKey(digit, durationMillis);
        }
    }

    @Override
    public void relay(
            ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec, long nowNanos) {
        if (codec == null && keysApart()) {
            outbound.relayedEvent(packet);
            return;
        }
        outbound.relay(datagram, packet, codec, nowNanos);
    }

    /** Among frames of ours the packets of a key have no place: it is pressed anew. */
    @Override
    public void relayKey(char digit, int durationMillis) {
        if (keysApart()) {
            outbound.queue(digit);
            pace();
        }
    }

    private boolean keysApart() {
        RelayBridge joined = bridge;
        return byFrames() || (joined != null && joined.other(this).byFrames());
    }

    @Override
    public boolean relayFrame(byte[] octets, Codec codec, long turnNanos) {
        return outbound.relayFrame(octets, codec, turnNanos);
    }

    // ---- text ----

    /**
     * The party has typed this: on to the other leg, unless that has been cut off.
     *
     * @param read whether somebody here reads it: what nobody has read yet is kept
     */
    void pass(String typed, boolean read) {
        RelayBridge joined = bridge;
        if (joined == null && read) {
            return;
        }
        if (joined == null) {
            early.append(typed, 0, Math.min(typed.length(), MOST_EARLY - early.length()));
        } else if (joined.cutFrom(this)) {
            io.drop(MediaDrop.CUT);
        } else {
            joined.other(this).show(typed);
        }
    }

    /** Whether something of the party's sound has come from this host. */
    boolean proves(InetAddress host) {
        return peer.proves(host);
    }

    /** The party's text waits since then to be heard from. */
    void awaited(long sinceNanos, long nowNanos) {
        inbound.awaited(sinceNanos, nowNanos);
    }

    /** Nobody has read what is written to the party since then, as its host says. */
    void unread(long sinceNanos, long nowNanos) {
        inbound.unread(sinceNanos, nowNanos);
    }

    /** What the party typed while it was bridged to nobody. */
    @Override
    public String readSoFar() {
        String typed = early.toString();
        early.setLength(0);
        return typed;
    }

    /** The other party's text. */
    @Override
    public void show(String typed) {
        RtpText present = text;
        if (present != null && talks() && !typed.isEmpty()) {
            present.queue(typed);
        }
    }

    /** Nothing of the other party's text goes out any more, neither first nor again. */
    @Override
    public void forgetText() {
        RtpText present = text;
        if (present != null) {
            present.forgetNow();
        }
    }

    // ---- the pacer ----

    private void pace() {
        pace(System.nanoTime());
    }

    private void pace(long nowNanos) {
        if (!inSlot && paced(nowNanos)) {
            inSlot = true;
            loop.pacer().pace(this);
        }
    }

    @Override
    public boolean paced(long nowNanos) {
        return !closed && (inbound.wantsTurns() || outbound.wantsTurns(nowNanos));
    }

    @Override
    public void turn(long turnNanos) {
        inbound.turn(turnNanos, System.nanoTime());
        if (!closed) {
            outbound.turn(turnNanos, System.nanoTime());
        }
    }

    @Override
    public void rest() {
        inSlot = false;
    }

    @Override
    public boolean open() {
        return !closed;
    }

    @Override
    public void look(long nowNanos) {
        inbound.look(nowNanos);
        if (closed) {
            return;
        }
        if (outbound.waitsForPeer()) {
            inbound.awaited(outbound.waitsSinceNanos(), nowNanos);
        }
        if (inbound.silentFor(UNHEARD_SILENCES, nowNanos)) {
            missed(nowNanos);
        }
        rtcp.look(nowNanos);
        pace(nowNanos);
    }

    /** No sound of the party has come for long, which on hold says nothing of who has spoken. */
    private void missed(long nowNanos) {
        if (!heardFrom()) {
            unheard.complete(nowNanos);
        }
        if (!inbound.isAllowed()) {
            return;
        }
        long silent = inbound.silentNanos(nowNanos);
        long least = UNHEARD_SILENCES * silenceAfterNanos;
        RtpText typed = text;
        boolean types = typed != null && typed.isAgreed();
        if (!types && rtcp.pace().isGone(nowNanos - silent, least, nowNanos)) {
            fellSilent.complete(nowNanos);
        }
    }

    @Override
    public boolean heardFrom() {
        RtpText typed = text;
        return peer.heardFrom() || (typed != null && typed.heardFrom());
    }

    @Override
    public void failed(RuntimeException e) {
        try {
            closeNow();
        } finally {
            failure.complete(System.nanoTime());
        }
    }

    // ---- bridge ----

    /** Whether it may still hear and be heard. */
    @Override
    public boolean talks() {
        return !closed && !muted;
    }

    @Override
    public void join(RelayBridge next) {
        RelayBridge before = bridge;
        if (before != null && before != next) {
            before.detach();
        }
        bridge = next;
        ports.rtp().readAtOnce(true);
        inbound.onward(this);
        frames();
        outbound.bridged(true, System.nanoTime());
        pace();
    }

    @Override
    public void leave(RelayBridge which) {
        if (bridge == which) {
            bridge = null;
            ports.rtp().readAtOnce(closed);
            inbound.onward(null);
            frames();
            outbound.bridged(false, System.nanoTime());
            pace();
        }
    }

    @Override
    public void tap(RelayBridge which) {
        if (bridge == which) {
            frames();
        }
    }

    /** On a bridge, whoever tapped it listens; else whoever asked for it. */
    private void frames() {
        RelayBridge joined = bridge;
        boolean wanted = joined == null ? framesAsked : joined.tapped(this);
        inbound.framesWanted(wanted && talks());
        pace();
    }

    /** Nothing comes from the other leg any more: silence from the next turn on. */
    @Override
    public void starve() {
        outbound.starve(System.nanoTime());
        pace();
    }

    // ---- the end ----

    private void closeNow() {
        if (closed) {
            return;
        }
        if (sender.packets() > 0) {
            rtcp.bye(System.nanoTime());
        }
        closed = true;
        RelayBridge joined = bridge;
        if (joined != null) {
            joined.detach();
        }
        RtpText typed = text;
        if (typed != null) {
            typed.close();
        }
        ports.close();
        loop.closed(this);
        leaveOpus();
        inbound.framesWanted(false);
        outbound.close();
    }

    /** The loop ended before the leg began. */
    @Override
    public void neverStarted() {
        ports.close();
        loop.closed(this);
    }
}
