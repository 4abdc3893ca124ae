package org.consentgateway.line;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.Playback;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.jspecify.annotations.Nullable;

/** Confined to a test. A leg without a network: what is played on it goes on with {@link #sent}. */
final class VirtualLeg implements MediaLeg {
    private static final int LOWERED = 4;

    private final Begun told;
    private final @Nullable TextLeg text;
    private @Nullable Playing playing;
    private @Nullable MediaListener listener;
    private boolean listensTo;

    /** Told of each clip when its first packet goes out. */
    interface Begun {
        void clip(AudioClip clip);
    }

    VirtualLeg(Begun told) {
        this(told, null);
    }

    /**
     * @param text null where it has none
     */
    VirtualLeg(Begun told, @Nullable TextLeg text) {
        this.told = told;
        this.text = text;
    }

    /** The next 20 ms that go to the caller. */
    short[] sent() {
        Playing now = playing;
        return now == null ? new short[PcmFrame.SAMPLES] : now.next();
    }

    boolean listensTo() {
        return listensTo;
    }

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);
    }

    @Override
    public void connect(MediaFormat format, MediaPeer peer) {}

    @Override
    public boolean takesOpus() {
        return false;
    }

    @Override
    public void withoutAudio() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TextLeg text() {
        if (text != null) {
            return text;
        }
        throw new UnsupportedOperationException();
    }

    @Override
    public void listen(MediaListener listener) {
        this.listener = listener;
    }

    /** Comes from the other side. */
    void receives(short[] pcm) {
        for (int at = 0; listener != null && at < pcm.length; at += PcmFrame.SAMPLES) {
            short[] frame = Arrays.copyOfRange(pcm, at, at + PcmFrame.SAMPLES);
            listener.frame(new PcmFrame(frame, at / 8, PcmFrame.Origin.RECEIVED));
        }
    }

    @Override
    public void frames(boolean wanted) {
        listensTo = wanted;
    }

    @Override
    public Playback play(List<AudioClip> clips, boolean repeat) {
        if (playing != null) {
            playing.end(Playback.End.REPLACED);
        }
        var next = new Playing(clips, repeat);
        playing = next;
        return next;
    }

    @Override
    public void sendDigit(char digit) {}

    @Override
    public boolean heardFrom() {
        return true;
    }

    @Override
    public MediaStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Long> unheard() {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Long> fellSilent() {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Long> failure() {
        return new CompletableFuture<>();
    }

    @Override
    public void mute() {}

    @Override
    public void close() {}

    private final class Playing implements Playback {
        private final List<AudioClip> clips;
        private final boolean repeat;
        private final CompletableFuture<Long> begun = new CompletableFuture<>();
        private final CompletableFuture<Played> ended = new CompletableFuture<>();
        private Volume volume = Volume.FULL;
        private int clip;
        private short[] sound = new short[0];
        private int at;
        private long sent;

        Playing(List<AudioClip> clips, boolean repeat) {
            this.clips = clips;
            this.repeat = repeat;
        }

        short[] next() {
            short[] frame = new short[PcmFrame.SAMPLES];
            if (volume == Volume.PAUSED) {
                return frame;
            }
            while (at == sound.length) {
                if (clip == clips.size()) {
                    if (!repeat) {
                        end(End.COMPLETED);
                        return frame;
                    }
                    clip = 0;
                }
                AudioClip following = clips.get(clip++);
                told.clip(following);
                sound = following.linear();
                at = 0;
            }
            begun.complete(0L);
            for (int i = 0; i < frame.length; i++) {
                frame[i] = (short) (sound[at + i] / (volume == Volume.LOWERED ? LOWERED : 1));
            }
            at += frame.length;
            sent += frame.length;
            return frame;
        }

        void end(End how) {
            if (playing == this) {
                playing = null;
            }
            long planned = clips.stream().mapToLong(AudioClip::samples).sum();
            ended.complete(new Played(planned, sent, 0, 1, false, how));
        }

        @Override
        public CompletionStage<Long> begun() {
            return begun;
        }

        @Override
        public CompletionStage<Played> ended() {
            return ended;
        }

        @Override
        public long playedMillis() {
            return sent * 1000 / PcmFrame.SAMPLE_RATE;
        }

        @Override
        public void volume(Volume now) {
            volume = now;
        }

        @Override
        public void stop() {
            end(End.STOPPED);
        }
    }
}
