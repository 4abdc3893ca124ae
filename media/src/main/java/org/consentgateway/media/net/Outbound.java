package org.consentgateway.media.net;

import java.nio.ByteBuffer;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.Playback.Volume;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.net.udp.Sent;
import org.consentgateway.media.net.udp.UdpSocket;
import org.consentgateway.media.opus.OpusSender;
import org.consentgateway.media.opus.OpusThreads;
import org.consentgateway.media.rtp.DtmfSender;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.media.rtp.WideClock;
import org.consentgateway.media.srtp.SrtpSession;
import org.jspecify.annotations.Nullable;

/**
 * What a leg sends: at its turns keys, else the prompt, else silence; and between them what is
 * relayed from another leg, if there is neither key nor prompt. All of it on the one clock of
 * {@link RtpSender}. Confined to its event loop.
 */
final class Outbound {
    private static final int HEADER = RtpReader.HEADER;

    /** A bridged leg that has been fed nothing for so long gets silence from us. */
    private static final long FED_NANOS = 200_000_000L;

    /** Frames in a row that cannot be sent (1 s) until a playback is given up. */
    private static final int MAX_SEND_FAILURES = 50;

    /** Tracks that may follow each other within one turn; more is a listener's endless loop. */
    private static final int MAX_TRACKS_PER_TURN = 8;

    /** Of the peer. On the event loop. */
    interface PeerActivity {
        /** RTP of it so far. */
        long receivedPackets();

        /** Whether its reports (RTCP) say of late that what it is sent arrives. */
        boolean reported();
    }

    private final LoopIo io;
    private final UdpSocket socket;
    private final PeerLock peer;
    private final RtpSender sender;
    private final PeerActivity activity;
    private final JitterBuffer.Losses losses;
    private final DtmfSender dtmf = new DtmfSender();
    private final Trickle trickle = new Trickle();

    private @Nullable MediaFormat format;
    private @Nullable SrtpSession srtp;
    private boolean allowed;

    /** Nothing is sent, but time passes. */
    private boolean absent;

    private @Nullable Track track;
    private boolean talking;
    private int keyTimestamp;
    private boolean bridged;
    private long fedNanos;

    /** Of the other leg's packets; null until one comes in another codec than ours. */
    private Codec.@Nullable Translator translator;

    /** Null but where it goes out as Opus. */
    private @Nullable OpusSender opus;

    private @Nullable OpusTerms opusTerms;

    private @Nullable Codec translatedFrom;

    /**
     * @param activity whether the peer is alive while a prompt plays
     * @param losses told of what is relayed by frames
     */
    Outbound(
            LoopIo io,
            UdpSocket socket,
            PeerLock peer,
            RtpSender sender,
            PeerActivity activity,
            JitterBuffer.Losses losses) {
        this.io = io;
        this.socket = socket;
        this.peer = peer;
        this.sender = sender;
        this.activity = activity;
        this.losses = losses;
    }

    /**
     * @param allowed false while the peer is on hold
     */
    void agreed(MediaFormat format, boolean allowed, long nowNanos) {
        this.format = format;
        this.allowed = allowed;
        trickle.agreed(nowNanos);
        absent = false;
        translator = null;
    }

    /** There is nobody to send audio to: what is played takes its time and goes nowhere. */
    void absent(long nowNanos) {
        Codec any = Codec.all().getFirst();
        agreed(new MediaFormat(any, any.staticPayloadType(), -1), true, nowNanos);
        absent = true;
    }

    /** What goes out is Opus from now on, coded at this place; both null for any other. */
    void opus(OpusThreads.@Nullable Place place, @Nullable OpusTerms terms) {
        if (place == null || terms == null) {
            opus = null;
            sender.clock(1);
        } else if (opus == null || !terms.equals(opusTerms)) {
            opus = new OpusSender(place, terms, losses);
            sender.clock(WideClock.RATIO);
        }
        opusTerms = terms;
    }

    /** Whether it goes out at turns of ours alone. */
    boolean byFrames() {
        return opus != null;
    }

    /** From now on protected by this session; null for plain RTP. */
    void secured(@Nullable SrtpSession session) {
        srtp = session;
    }

    void bridged(boolean bridged, long nowNanos) {
        this.bridged = bridged;
        starve(nowNanos);
    }

    /** Nothing is fed any more: silence from the next turn on. */
    void starve(long nowNanos) {
        OpusSender coded = opus;
        if (coded != null) {
            coded.forget();
            dtmf.skip();
        }
        fedNanos = nowNanos - FED_NANOS - 1;
    }

    private boolean fed(long nowNanos) {
        return bridged && nowNanos - fedNanos <= FED_NANOS;
    }

    /** Whether there is something of our own to send. */
    boolean wantsTurns(long nowNanos) {
        return format != null && (track != null || dtmf.active() || byFrames() || !fed(nowNanos));
    }

    void queue(char digit) {
        if (!dtmf.queue(digit)) {
            io.drop(MediaDrop.KEY_REFUSED);
        }
    }

    // ---- at our turns ----

    void turn(long turnNanos, long nowNanos) {
        MediaFormat agreed = format;
        Track playing = playing();
        if (agreed == null) {
            return;
        }
        if (!allowed) {
            talking = false;
            if (playing != null) {
                playing.frameHeld();
            }
        } else if (waitsForPeer()) {
            talking = false;
            if (playing != null) {
                playing.frameWaits();
            }
            if (trickle.takes(nowNanos)) {
                sendSilence(agreed, turnNanos);
            }
        } else if (dtmf.active()) {
            sendKey(agreed, turnNanos);
        } else if (playing != null && playing.volume() != Volume.PAUSED) {
            sendFrame(playing, agreed, turnNanos);
        } else if (playing != null) {
            sendSilence(agreed, turnNanos);
        } else if (sendsOther(agreed, turnNanos)) {
            talking = true;
        } else if (byFrames() || !fed(nowNanos)) {
            sendSilence(agreed, turnNanos);
        }
    }

    /** Sends the next 20 ms of the other leg, if its packets were kept for our turns. */
    private boolean sendsOther(MediaFormat agreed, long turnNanos) {
        OpusSender coded = opus;
        ByteBuffer out = io.outbound();
        if (coded == null || !coded.next(out, HEADER)) {
            return false;
        }
        sender.own(out, agreed.payloadType(), !talking, turnNanos);
        return send(out, 0, HEADER + coded.turn(out, HEADER));
    }

    /** Whether a peer that is to be sent to has yet to be heard from. */
    boolean waitsForPeer() {
        return format != null && allowed && !absent && !peer.proven();
    }

    /** Since when it waits, if it does. */
    long waitsSinceNanos() {
        return trickle.sinceNanos();
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
        G711 codec = agreed.codec().recordedIn();
        boolean lowered = playing.volume() == Volume.LOWERED;
        if (sendAudio(agreed, turnNanos, playing.octets(codec), playing.offset(codec), lowered)) {
            playing.frameSent();
        } else if (playing.frameFailed() >= MAX_SEND_FAILURES) {
            finish(playing, End.SEND_FAILED);
        }
    }

    private void sendSilence(MediaFormat agreed, long turnNanos) {
        sendAudio(agreed, turnNanos, agreed.codec().recordedIn().silence(), 0, false);
    }

    private boolean sendAudio(
            MediaFormat agreed, long turnNanos, byte[] octets, int offset, boolean lowered) {
        ByteBuffer out = io.outbound();
        // RFC 3551 §4.1: the marker follows a time without packets, so hardly ever here.
        sender.own(out, agreed.payloadType(), !talking, turnNanos);
        G711 kept = agreed.codec().recordedIn();
        int length = kept.frameOctets();
        out.put(HEADER, octets, offset, length);
        if (lowered) {
            kept.lower(out, HEADER, length);
        }
        if (kept != agreed.codec()) {
            length = translator(kept, agreed.codec()).translate(out, HEADER, length);
        }
        OpusSender coded = opus;
        if (coded != null) {
            length = coded.turn(out, HEADER);
        }
        talking = true;
        return send(out, 0, HEADER + length);
    }

    private void sendKey(MediaFormat agreed, long turnNanos) {
        if (!agreed.hasEvents()) {
            for (int key = dtmf.skip(); key > 0; key--) {
                io.drop(MediaDrop.NO_EVENTS);
            }
            sendSilence(agreed, turnNanos);
            return;
        }
        if (!dtmf.sendsNow()) {
            dtmf.advance();
            sendSilence(agreed, turnNanos);
            return;
        }
        ByteBuffer out = io.outbound();
        boolean first = dtmf.first();
        OpusTerms terms = opusTerms;
        boolean fast = terms != null && terms.eventClock() > Codec.CLOCK_RATE;
        dtmf.write(out, HEADER, fast ? WideClock.RATIO : 1);
        if (first) {
            sender.own(out, agreed.eventPayloadType(), true, turnNanos);
            keyTimestamp = sender.timestamp();
        } else {
            sender.own(out, agreed.eventPayloadType(), keyTimestamp, turnNanos);
        }
        dtmf.advance();
        send(out, 0, HEADER + DtmfSender.PAYLOAD);
    }

    // ---- what comes from the other leg ----

    /**
     * Sends another leg's packet on, with our header over its own.
     *
     * @param codec of the payload, or null for an RFC 4733 event
     */
    void relay(
            ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec, long nowNanos) {
        MediaFormat agreed = format;
        if (agreed == null || !allowed || absent) {
            io.drop(MediaDrop.HELD);
            return;
        }
        if (waitsForPeer()) {
            io.drop(MediaDrop.UNPROVEN);
            return;
        }
        if (track != null || dtmf.active()) {
            io.drop(MediaDrop.OVERRIDDEN);
            return;
        }
        OpusSender coded = opus;
        if (coded != null && codec != null) {
            coded.relay(datagram, packet, codec);
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
        if (!sender.relay(datagram, at, type, event, packet, nowNanos)) {
            io.drop(MediaDrop.TOO_OLD);
            return;
        }
        if (codec != null && codec != agreed.codec()) {
            length = translator(codec, agreed.codec()).translate(datagram, payload, length);
        }
        fedNanos = nowNanos;
        talking = true;
        send(datagram, at, HEADER + length);
    }

    /** A packet of a key that is not sent on as it is. */
    void relayedEvent(RtpDatagram.Packet packet) {
        OpusSender coded = opus;
        if (coded != null) {
            coded.relayEvent(packet);
        }
    }

    /**
     * Sends 20 ms of another leg that has no packets of its own.
     *
     * @param octets a whole frame
     * @return whether it went out; if not, its time has not come yet
     */
    boolean relayFrame(byte[] octets, Codec codec, long turnNanos) {
        MediaFormat agreed = format;
        if (agreed == null || !allowed || waitsForPeer() || track != null || dtmf.active()) {
            return false;
        }
        ByteBuffer out = io.outbound();
        sender.own(out, agreed.payloadType(), !talking, turnNanos);
        int length = codec.frameOctets();
        out.put(HEADER, octets, 0, length);
        if (codec != agreed.codec()) {
            length = translator(codec, agreed.codec()).translate(out, HEADER, length);
        }
        fedNanos = turnNanos;
        talking = true;
        return send(out, 0, HEADER + length);
    }

    private Codec.Translator translator(Codec from, Codec to) {
        Codec.Translator present = translator;
        if (present == null || from != translatedFrom) {
            present = present == null ? to.translatorFrom(from) : present.from(from);
            translator = present;
            translatedFrom = from;
        }
        return present;
    }

    private boolean send(ByteBuffer datagram, int offset, int length) {
        if (absent) {
            return true;
        }
        SrtpSession secured = srtp;
        if (secured == null) {
            return send(datagram, offset, length, length - HEADER);
        }
        int whole = secured.protect(datagram, offset, length, io.outbound());
        if (whole < 0) {
            io.drop(MediaDrop.NOT_PROTECTED);
            return false;
        }
        return send(io.outbound(), 0, whole, length - HEADER);
    }

    private boolean send(ByteBuffer datagram, int offset, int length, int payload) {
        Sent sent = socket.send(datagram, offset, length, peer.destination());
        switch (sent) {
            case TAKEN -> {}
            // It went out; that nobody hears it shows in what we receive.
            case REFUSED -> io.drop(MediaDrop.PEER_REFUSED);
            case BLOCKED -> {
                io.drop(MediaDrop.SEND_BLOCKED);
                return false;
            }
            case FAILED -> {
                io.drop(MediaDrop.SEND_FAILED);
                return false;
            }
        }
        sender.sent(payload);
        io.sent();
        return true;
    }

    // ---- prompts ----

    void begin(Track next) {
        Track before = track;
        next.begin(activity);
        track = next;
        if (before != null) {
            before.end(End.REPLACED, activity);
        }
    }

    void stop(Track which) {
        if (which == track) {
            finish(which, End.STOPPED);
        }
    }

    void close() {
        Track present = track;
        if (present != null) {
            finish(present, End.LEG_CLOSED);
        }
    }

    private void finish(Track which, End how) {
        track = null;
        which.end(how, activity);
    }
}
