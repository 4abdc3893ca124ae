package org.consentgateway.media.net;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.Playback;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.rtp.ArrivingFrames;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.jspecify.annotations.Nullable;

/**
 * A party on a stream: it is given the other leg 20 ms at a time, as it comes, and at its turns 20
 * ms of what it has said are sent there. Confined to its event loop, but for what {@link StreamLeg}
 * promises.
 */
final class PlayedStream implements StreamLeg, BridgeSide, JitterBuffer.Losses {
    private static final int FRAMES_PER_SECOND = 50;

    private final MediaLoop loop;
    private final Codec codec;
    private final Receiver receiver;
    private final Playout playout;
    private final byte[] frame;
    private final short[] silence;

    /** Of what is played to it. */
    private final Codec.Decoder prompts;

    private final CompletableFuture<Long> failure = new CompletableFuture<>();
    private @Nullable RelayBridge bridge;
    private @Nullable ArrivingFrames arriving;
    private @Nullable Track track;
    private boolean started;
    private boolean starved;
    private boolean muted;
    private boolean closed;
    private boolean inSlot;

    PlayedStream(MediaLoop loop, Codec codec, Receiver receiver) {
        this.loop = loop;
        this.codec = codec;
        this.receiver = receiver;
        this.playout = new Playout(codec);
        this.frame = new byte[codec.frameOctets()];
        this.silence = new short[codec.rate() / FRAMES_PER_SECOND];
        this.prompts = codec.recordedIn().decoder(codec.rate());
    }

    // ---- from any thread ----

    @Override
    public void start() {
        onLoop(() -> {
            started = true;
            pace();
        });
    }

    @Override
    public Codec codec() {
        return codec;
    }

    @Override
    public boolean says(byte[] octets) {
        return playout.put(octets);
    }

    /** In place of the caller, as long as it lasts. */
    @Override
    public Playback play(List<AudioClip> clips, boolean repeat) {
        Track next = new Track(clips, repeat, stopped -> onLoop(() -> end(stopped)));
        onLoop(() -> begin(next), () -> next.end(End.LEG_CLOSED));
        return next;
    }

    @Override
    public boolean mark(String name) {
        return playout.mark(name);
    }

    @Override
    public Cleared clear() {
        return playout.clear();
    }

    @Override
    public long position() {
        return playout.position();
    }

    @Override
    public long queued() {
        return playout.queued();
    }

    /** What it says waits for the bridge, and its keys and frames are its own connector's. */
    @Override
    public void listen(MediaListener listener) {}

    @Override
    public CompletionStage<Long> failure() {
        return failure.minimalCompletionStage();
    }

    @Override
    public void mute() {
        onLoop(() -> {
            muted = true;
            detach();
        });
    }

    @Override
    public void close() {
        onLoop(this::closeNow);
    }

    // ---- on the event loop from here ----

    @Override
    public MediaLoop loop() {
        return loop;
    }

    @Override
    public void begin() {
        loop.pacer().watch(this);
    }

    @Override
    public void neverStarted() {
        closeNow();
    }

    private void begin(Track next) {
        Track before = track;
        track = next;
        if (before != null) {
            before.end(End.REPLACED);
        }
        if (closed) {
            track = null;
            next.end(End.LEG_CLOSED);
        }
    }

    private void end(Track which) {
        if (which == track) {
            track = null;
            which.end(End.STOPPED);
        }
    }

    /** The next 20 ms of what is played to it; null where nothing is. */
    private short @Nullable [] prompt() {
        Track playing = track;
        if (playing == null) {
            return null;
        }
        if (!playing.hasFrame()) {
            track = null;
            playing.end(End.COMPLETED);
            return null;
        }
        short[] samples = new short[silence.length];
        G711 kept = codec.recordedIn();
        prompts.decode(
                ByteBuffer.wrap(playing.octets(kept)),
                playing.offset(kept),
                kept.frameOctets(),
                samples,
                0,
                -1);
        playing.frameSent();
        return samples;
    }

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
        playout.heldBack();
        pace();
    }

    @Override
    public void leave(RelayBridge which) {
        if (bridge == which) {
            bridge = null;
            arriving = null;
        }
    }

    @Override
    public void tap(RelayBridge which) {}

    /** Not even silence: what was heard last is what was allowed last. */
    @Override
    public void starve() {
        starved = true;
        arriving = null;
        receiver.cut();
    }

    @Override
    public void relay(
            ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec, long nowNanos) {
        if (!started || starved) {
            loop.io().drop(MediaDrop.CUT);
            return;
        }
        arriving().packet(datagram, packet, codec);
    }

    private ArrivingFrames arriving() {
        ArrivingFrames present = arriving;
        if (present == null) {
            var buffer = new JitterBuffer(this, 0, codec.rate());
            present = new ArrivingFrames(buffer, frame -> give(frame.samples()), System.nanoTime());
            arriving = present;
        }
        return present;
    }

    /** What is played to it comes in place of what the caller says meanwhile. */
    private void give(short[] samples) {
        if (track == null && !muted) {
            receiver.frame(samples);
        }
    }

    @Override
    public boolean relayFrame(byte[] octets, Codec codec, long turnNanos) {
        throw new IllegalStateException("two streams are never bridged");
    }

    @Override
    public void relayKey(char digit, int durationMillis) {
        if (started && !starved) {
            receiver.key(digit, durationMillis);
        }
    }

    private void pace() {
        if (!inSlot && paced(0)) {
            inSlot = true;
            loop.pacer().pace(this);
        }
    }

    @Override
    public boolean paced(long nowNanos) {
        return !closed && started;
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
    public void look(long nowNanos) {}

    @Override
    public void turn(long turnNanos) {
        if (!starved && !muted) {
            short[] prompt = prompt();
            if (prompt != null) {
                receiver.frame(prompt);
            }
            ArrivingFrames caller = arriving;
            if (caller == null) {
                give(silence);
            } else {
                caller.turn(System.nanoTime());
            }
        }
        RelayBridge joined = bridge;
        if (joined != null) {
            say(joined.other(this), turnNanos);
        }
    }

    private void say(BridgeSide listener, long turnNanos) {
        int octets = playout.peek(frame);
        if (listener.relayFrame(frame, codec, turnNanos)) {
            playout.take().forEach(receiver::reached);
        } else if (octets > 0) {
            playout.heldBack();
        }
    }

    @Override
    public void late() {}

    @Override
    public void duplicate() {
        loop.io().drop(MediaDrop.DUPLICATE);
    }

    @Override
    public void skipped() {
        loop.io().drop(MediaDrop.SKIPPED);
    }

    @Override
    public void failed(RuntimeException e) {
        try {
            closeNow();
        } finally {
            failure.complete(System.nanoTime());
        }
    }

    private void detach() {
        RelayBridge joined = bridge;
        if (joined != null) {
            joined.detach();
        }
    }

    private void closeNow() {
        if (!closed) {
            closed = true;
            Track playing = track;
            track = null;
            if (playing != null) {
                playing.end(End.LEG_CLOSED);
            }
            detach();
            loop.closed(this);
        }
    }
}
