package org.consentgateway.media.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.audio.DtmfTones;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.opus.OpusThreads;
import org.consentgateway.media.rtp.ArrivingFrames;
import org.consentgateway.media.rtp.DtmfDecoder;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.Tally;
import org.consentgateway.media.srtp.SrtpSession;
import org.jspecify.annotations.Nullable;

/**
 * What a leg hears: packets of its peer become keys and, if somebody listens to it, frames; if it
 * is bridged, they go on to the other leg. Confined to its event loop.
 */
final class Inbound implements DtmfDecoder.Keys, DtmfTones.Keys, JitterBuffer.Losses {
    static final MediaListener NOBODY = new MediaListener() {};

    /** Sent in place of silence (RFC 3389), and not agreed to by anybody. */
    private static final int COMFORT_NOISE = 13;

    /** The same in the drafts before it, and with some to this day; reserved since (RFC 3551). */
    private static final int COMFORT_NOISE_OF_DRAFTS = 19;

    /** Where packets go on to. */
    interface Onward {
        /**
         * @param codec of the payload, or null for an RFC 4733 event
         */
        void pass(
                ByteBuffer datagram,
                RtpDatagram.Packet packet,
                @Nullable Codec codec,
                long nowNanos);

        /** 20 ms of a party whose packets are not passed on. */
        void pass(byte[] frame, Codec codec, long turnNanos);

        /** A key press, when it has ended, in whichever way it was told. */
        void key(char digit, int durationMillis);
    }

    private final LoopIo io;
    private final long silenceAfterNanos;
    private final RtpReceiver receiver = new RtpReceiver();
    private final DtmfDecoder decoder = new DtmfDecoder(this);
    private final Tally late = new Tally();
    private final Tally strangers = new Tally();
    private final Tally malformed = new Tally();
    private final Tally forged = new Tally();

    private MediaListener listener = NOBODY;
    private @Nullable MediaFormat format;
    private @Nullable SrtpSession srtp;
    private boolean allowed;
    private boolean framesWanted = true;
    private @Nullable Onward onward;
    private @Nullable ArrivingFrames arriving;
    private @Nullable OpusSound opus;
    private @Nullable DtmfTones tones;

    /** When the frame that is heard was given. */
    private long nowNanos;

    private boolean arrived;
    private boolean gaveUp;
    private long firstNanos;
    private long heardNanos;

    /** Since when nothing was heard nor reported, or since that was last said. */
    private long quietSinceNanos;

    Inbound(LoopIo io, long silenceAfterNanos) {
        this.io = io;
        this.silenceAfterNanos = silenceAfterNanos;
    }

    void listen(MediaListener next) {
        listener = next;
    }

    /**
     * @param allowed false while the peer says that it does not send
     */
    void agreed(MediaFormat format, boolean allowed, long nowNanos) {
        this.format = format;
        this.allowed = allowed;
        // Only if the peer has no other way: else a key could be counted twice.
        if (format.hasEvents()) {
            tones = null;
        } else if (tones == null) {
            tones = new DtmfTones(this);
        }
        heardNanos = nowNanos;
        quietSinceNanos = nowNanos;
    }

    /** The peer has no audio: nothing is expected of it. */
    void absent() {
        format = null;
    }

    /** What the peer says is Opus from now on, decoded at this place; both null for any other. */
    void opus(OpusThreads.@Nullable Place place, @Nullable OpusTerms terms) {
        OpusSound present = opus;
        if (place == null || terms == null) {
            opus = null;
        } else if (present == null || !present.isAgreedIn(terms)) {
            arriving = null;
            opus = new OpusSound(terms, place, this, this::notOpus);
        }
    }

    private void notOpus() {
        malformed.one();
        io.drop(MediaDrop.MALFORMED);
    }

    /** From now on only what this session lets in; null for plain RTP. */
    void secured(@Nullable SrtpSession session) {
        srtp = session;
    }

    /** Where packets go besides to the listener: to another leg, or nowhere. */
    void onward(@Nullable Onward next) {
        onward = next;
    }

    /** Whether frames are made for the listener: not on a bridge without a tap. */
    void framesWanted(boolean wanted) {
        framesWanted = wanted;
        if (!listens()) {
            arriving = null;
        }
    }

    /** Whether what it hears is decoded elsewhere. */
    boolean wantsTurns() {
        return opus != null;
    }

    /** Whether packets are decoded: for the listener, or for the keys in them. */
    private boolean listens() {
        return listener != NOBODY && (framesWanted || tones != null);
    }

    // ---- a packet's way ----

    void packet(
            ByteBuffer datagram,
            int length,
            PeerLock peer,
            @Nullable InetSocketAddress source,
            long nowNanos) {
        io.received();
        MediaFormat agreed = format;
        if (agreed == null) {
            io.drop(MediaDrop.NOT_CONNECTED);
            return;
        }
        int plain = srtp == null ? length : opened(srtp, datagram, length, peer, source);
        if (plain < 0) {
            return;
        }
        switch (io.reader().read(datagram, plain)) {
            case RtpDatagram.Malformed _ -> {
                malformed.one();
                io.drop(MediaDrop.MALFORMED);
            }
            case RtpDatagram.Packet packet -> {
                if (!peer.admits(source, packet, nowNanos)) {
                    strangers.one();
                    io.drop(MediaDrop.STRANGER);
                } else if (!allowed) {
                    io.drop(MediaDrop.HELD);
                } else if (inOrder(packet, nowNanos)) {
                    heard(nowNanos);
                    accepted(datagram, packet, agreed, nowNanos);
                }
            }
        }
    }

    /**
     * Octets of the packet in plain, or -1 if it is none of the peer's. Strangers are not worth a
     * cipher; and nobody without the key may take the source lock.
     */
    private int opened(
            SrtpSession secured,
            ByteBuffer datagram,
            int length,
            PeerLock peer,
            @Nullable InetSocketAddress source) {
        if (source != null && !peer.mayAdmit(source)) {
            strangers.one();
            io.drop(MediaDrop.STRANGER);
            return -1;
        }
        switch (secured.unprotect(datagram, length)) {
            case GENUINE -> {
                return secured.length();
            }
            case FORGED -> io.drop(MediaDrop.FORGED);
            case REPLAYED -> io.drop(MediaDrop.REPLAYED);
        }
        forged.one();
        return -1;
    }

    private boolean inOrder(RtpDatagram.Packet packet, long nowNanos) {
        return switch (receiver.packet(packet.ssrc(), packet.sequence(), nowNanos)) {
            case ACCEPT -> true;
            case ACCEPT_NEW_SOURCE -> {
                decoder.newSource();
                OpusSound decoded = opus;
                if (decoded != null) {
                    decoded.newSource();
                }
                ArrivingFrames frames = arriving;
                if (frames != null) {
                    frames.newSource(packet);
                }
                yield true;
            }
            case INTRUDER -> {
                strangers.one();
                io.drop(MediaDrop.INTRUDER);
                yield false;
            }
            case WILD_SEQUENCE -> {
                io.drop(MediaDrop.WILD_SEQUENCE);
                yield false;
            }
        };
    }

    private void heard(long nowNanos) {
        heardNanos = nowNanos;
        quietSinceNanos = nowNanos;
        if (!arrived) {
            arrived = true;
            firstNanos = nowNanos;
            listener.mediaArrived(nowNanos);
        }
    }

    /** The peer has sent a report (RTCP): it is there, if silent. */
    void reported(long nowNanos) {
        quietSinceNanos = nowNanos;
    }

    private void accepted(
            ByteBuffer datagram, RtpDatagram.Packet packet, MediaFormat agreed, long nowNanos) {
        OpusSound decoded = opus;
        boolean event = agreed.isEvent(packet.payloadType());
        if (decoded != null) {
            decoded.slow(datagram, packet, event);
        }
        if (event) {
            key(datagram, packet, nowNanos);
            return;
        }
        if (decoded != null) {
            coded(decoded, datagram, packet, agreed, nowNanos);
            return;
        }
        Codec codec = codec(packet.payloadType(), agreed);
        if (codec == null) {
            undecoded(datagram, packet);
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
            return;
        }
        receiver.timed(packet.timestamp(), nowNanos);
        if (listens()) {
            this.nowNanos = nowNanos;
            arriving(nowNanos).packet(datagram, packet, codec);
        }
        Onward next = onward;
        if (next != null) {
            next.pass(datagram, packet, codec, nowNanos);
        }
    }

    private void coded(
            OpusSound sound,
            ByteBuffer datagram,
            RtpDatagram.Packet packet,
            MediaFormat agreed,
            long nowNanos) {
        if (!sound.isOf(packet.payloadType(), agreed.payloadType())) {
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
            return;
        }
        receiver.timed(packet.timestamp(), nowNanos);
        if (!sound.audio(datagram, packet)) {
            io.drop(MediaDrop.SKIPPED);
        }
    }

    private static @Nullable Codec codec(int payloadType, MediaFormat agreed) {
        if (payloadType == agreed.payloadType()) {
            return agreed.codec();
        }
        // The other static types were offered as well, and some peers send what they like of them.
        return Codec.ofPayloadType(payloadType);
    }

    private void key(ByteBuffer datagram, RtpDatagram.Packet packet, long nowNanos) {
        soundless(datagram, packet);
        boolean isKey =
                decoder.packet(
                        packet.ssrc(),
                        packet.timestamp(),
                        datagram,
                        packet.payloadOffset(),
                        packet.payloadLength(),
                        nowNanos);
        if (!isKey) {
            io.drop(MediaDrop.UNKNOWN_PAYLOAD);
            return;
        }
        // After the listener: what it cut because of this key is cut for this key as well.
        Onward next = onward;
        if (next != null) {
            next.pass(datagram, packet, null, nowNanos);
        }
    }

    /** A packet in which nothing was lost, though there is no sound in it. */
    private void soundless(ByteBuffer datagram, RtpDatagram.Packet packet) {
        ArrivingFrames frames = arriving;
        if (frames != null) {
            frames.packet(datagram, packet, null);
        }
    }

    /** A packet of a type that nobody agreed to: in place of silence, or sound that is lost. */
    private void undecoded(ByteBuffer datagram, RtpDatagram.Packet packet) {
        int type = packet.payloadType();
        ArrivingFrames frames = arriving;
        if (type == COMFORT_NOISE || type == COMFORT_NOISE_OF_DRAFTS) {
            soundless(datagram, packet);
        } else if (frames != null) {
            frames.undecoded(packet);
        }
    }

    private ArrivingFrames arriving(long nowNanos) {
        ArrivingFrames present = arriving;
        if (present == null) {
            var buffer = new JitterBuffer(this, (nowNanos - firstNanos) / 1_000_000);
            present = new ArrivingFrames(buffer, this::heard, nowNanos);
            arriving = present;
        }
        return present;
    }

    @Override
    public void late() {
        late.one();
    }

    @Override
    public void duplicate() {
        io.drop(MediaDrop.DUPLICATE);
    }

    @Override
    public void skipped() {
        io.drop(MediaDrop.SKIPPED);
    }

    @Override
    public void keyDown(char digit, long atNanos) {
        listener.keyDown(digit, atNanos);
    }

    @Override
    public void keyUp(char digit, int durationMillis, long atNanos) {
        listener.keyUp(digit, durationMillis, atNanos);
        Onward next = onward;
        if (next != null) {
            next.key(digit, durationMillis);
        }
    }

    // ---- time ----

    /** What is decoded elsewhere keeps a pace: 20 ms of it. */
    void turn(long turnNanos, long nowNanos) {
        OpusSound decoded = opus;
        PcmFrame frame = decoded == null ? null : decoded.turn(onward, turnNanos);
        if (frame != null) {
            this.nowNanos = nowNanos;
            heard(frame);
        }
    }

    private void heard(PcmFrame frame) {
        DtmfTones inSound = tones;
        if (inSound != null) {
            inSound.frame(frame);
        }
        if (framesWanted && listener != NOBODY) {
            listener.frame(frame);
        }
    }

    @Override
    public void toneBegan(char digit) {
        listener.keyDown(digit, nowNanos);
    }

    @Override
    public void toneEnded(char digit, int durationMillis) {
        keyUp(digit, durationMillis, nowNanos);
    }

    /** Once in 20 ms. */
    void look(long nowNanos) {
        decoder.tick(nowNanos);
        ArrivingFrames frames = arriving;
        if (frames != null) {
            this.nowNanos = nowNanos;
            frames.turn(nowNanos);
        }
        if (format != null && allowed && nowNanos - quietSinceNanos > silenceAfterNanos) {
            quietSinceNanos = nowNanos;
            listener.mediaLost(nowNanos);
        }
    }

    /** The peer, who has no audio, has not been there for so long, as its host says. */
    void unread(long sinceNanos, long nowNanos) {
        boolean told = nowNanos - quietSinceNanos <= silenceAfterNanos;
        if (format == null && !told && nowNanos - sinceNanos > silenceAfterNanos) {
            quietSinceNanos = nowNanos;
            listener.mediaLost(nowNanos);
        }
    }

    /** Nothing has come yet from where the peer says it is, since then. */
    void awaited(long sinceNanos, long nowNanos) {
        if (nowNanos - sinceNanos > silenceAfterNanos && !gaveUp) {
            gaveUp = true;
            listener.mediaNeverCame(nowNanos);
        }
    }

    /** Whether the peer has audio, and none of it has come for so many times the silence. */
    boolean silentFor(int silences, long nowNanos) {
        return format != null && silentNanos(nowNanos) > silences * silenceAfterNanos;
    }

    /** Whether the peer says that it sends. */
    boolean isAllowed() {
        return allowed;
    }

    /** Since the last packet of the peer, or since it was agreed to. */
    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    RtpReceiver receiver() {
        return receiver;
    }

    /** Any thread. */
    long latePackets() {
        return late.value();
    }

    /** Any thread. */
    long strangers() {
        return strangers.value();
    }

    /** Any thread. */
    long malformed() {
        return malformed.value();
    }

    /** Any thread. */
    long forged() {
        return forged.value();
    }
}
