package org.consentgateway.line;

import java.util.function.Function;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #from}. What a far end says from its answer
 * on while the caller is still being spoken to, and its way to the caller once they are joined: an
 * assistant that greets at once is heard from its first word on.
 */
final class KeptBack {
    /** 15 s: music on hold, say, is not caught up with. */
    private static final long MOST_SAMPLES = 15L * PcmFrame.SAMPLE_RATE;

    private final Function<AudioClip, Playback> play;
    private volatile @Nullable Greeting greeting;
    private @Nullable Playback playback;
    private long played;
    private int pieces;

    /**
     * @param play to the caller
     */
    KeptBack(Function<AudioClip, Playback> play) {
        this.play = play;
    }

    /** On a SIP thread, before a packet of who has just answered can have come. */
    void from(FarLeg far) {
        var begun = new Greeting();
        greeting = begun;
        far.leg().listen(begun);
    }

    /** It was answered only when nothing was being said any more. */
    void forget() {
        greeting = null;
    }

    /**
     * Plays what was kept back, piece by piece, until the far end pauses.
     *
     * @return whether there is still something to play
     */
    boolean goOn() {
        Greeting kept = greeting;
        if (kept == null) {
            return false;
        }
        if (playback != null && !playback.ended().toCompletableFuture().isDone()) {
            return true;
        }
        short[] said = kept.take();
        played += said.length;
        if (said.length == 0 || played > MOST_SAMPLES) {
            stop();
            return false;
        }
        playback = play.apply(AudioClip.of(said));
        pieces++;
        return true;
    }

    /** Whether all that was said before {@link #goOn} was called first has been played. */
    boolean caughtUp() {
        return greeting == null || pieces > 1;
    }

    void stop() {
        greeting = null;
        played = 0;
        pieces = 0;
        if (playback != null) {
            playback.stop();
            playback = null;
        }
    }
}
