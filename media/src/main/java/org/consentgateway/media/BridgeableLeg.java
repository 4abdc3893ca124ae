package org.consentgateway.media;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.audio.AudioClip;

/**
 * One party of a call, whatever carries its sound. Nothing here blocks; what is asked is handed
 * over to the leg's event loop. Thread-safe.
 */
public interface BridgeableLeg extends AutoCloseable {

    /** Who hears of what this party does; replaces the one before. Called on the event loop. */
    void listen(MediaListener listener);

    /**
     * Plays clips one after the other without a gap, after what is playing now has been stopped.
     * Frozen while the peer does not receive (hold).
     *
     * @param repeat starts again at the end until stopped (ring-back)
     */
    Playback play(List<AudioClip> clips, boolean repeat);

    /**
     * Completes if a fault of ours ends it, with when that was: it is closed then, and nothing
     * comes from it any more that could tell. On the event loop.
     */
    CompletionStage<Long> failure();

    /**
     * Neither hears anybody any more nor is heard, for good; what it holds stays its own until it
     * is closed, since the peer may still be sending.
     */
    void mute();

    /** Stops both ways and gives back what it holds. May be called twice. */
    @Override
    void close();
}
