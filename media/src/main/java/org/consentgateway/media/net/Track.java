package org.consentgateway.media.net;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;

/** Clips being played. Confined to its leg's event loop, but for what {@link Playback} promises. */
final class Track implements Playback {
    private final List<AudioClip> clips;
    private final boolean repeat;
    private final Stopper stopper;
    private final CompletableFuture<Played> ended = new CompletableFuture<>();
    private final CompletableFuture<Long> begun = new CompletableFuture<>();
    private final long planned;
    private long receivedBefore;
    private int clip;

    /** In samples. */
    private int offset;

    private long sent;

    /** That it has moved on by, in samples: sent, or left out. */
    private volatile long passed;

    private int heldFrames;
    private int failures;
    private volatile Volume volume = Volume.FULL;

    /** Who takes the track off the leg, on the event loop. */
    interface Stopper {
        void stop(Track track);
    }

    Track(List<AudioClip> clips, boolean repeat, Stopper stopper) {
        this.clips = List.copyOf(clips);
        this.planned = this.clips.stream().mapToLong(AudioClip::samples).sum();
        this.repeat = repeat && planned > 0;
        this.stopper = stopper;
    }

    void begin(Outbound.PeerActivity activity) {
        receivedBefore = activity.receivedPackets();
    }

    /** Whether a frame is left; moves on to the next clip, or to the first if it repeats. */
    boolean hasFrame() {
        while (clip < clips.size()) {
            if (offset < clips.get(clip).samples()) {
                return true;
            }
            offset = 0;
            clip++;
            if (clip == clips.size() && repeat) {
                clip = 0;
            }
        }
        return false;
    }

    /** The octets the present frame lies in, from {@link #offset(G711)}. */
    byte[] octets(G711 codec) {
        return clips.get(clip).octets(codec);
    }

    /** Where in those octets the present frame begins. */
    int offset(G711 codec) {
        return offset / PcmFrame.SAMPLES * codec.frameOctets();
    }

    /** The present frame went out: on to the next. */
    void frameSent() {
        if (sent == 0) {
            begun.complete(System.nanoTime());
        }
        sent += PcmFrame.SAMPLES;
        moveOn();
        failures = 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the event loop alone
    private void moveOn() {
        offset += PcmFrame.SAMPLES;
        passed += PcmFrame.SAMPLES;
    }

    /** The present frame could not be sent and is left out, as time goes on. */
    int frameFailed() {
        moveOn();
        return ++failures;
    }

    void frameHeld() {
        heldFrames++;
    }

    /** The peer has not been found yet: nothing is missing from what has not begun. */
    void frameWaits() {
        if (sent > 0) {
            heldFrames++;
        }
    }

    void end(End how, Outbound.PeerActivity activity) {
        end(how, activity.receivedPackets() - receivedBefore, activity.reported());
    }

    /** The same where nothing is known of the peer. */
    void end(End how) {
        end(how, 0, false);
    }

    private void end(End how, long received, boolean reported) {
        ended.complete(new Played(planned, sent, 20L * heldFrames, received, reported, how));
    }

    @Override
    public CompletionStage<Long> begun() {
        return begun.minimalCompletionStage();
    }

    @Override
    public long playedMillis() {
        return passed * 1000 / PcmFrame.SAMPLE_RATE;
    }

    @Override
    public CompletionStage<Played> ended() {
        return ended.minimalCompletionStage();
    }

    Volume volume() {
        return volume;
    }

    @Override
    public void volume(Volume louder) {
        volume = louder;
    }

    @Override
    public void stop() {
        stopper.stop(this);
    }
}
