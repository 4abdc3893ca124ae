package org.consentgateway.line;

import java.util.List;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.audio.AudioClip;

/**
 * Immutable. All that a caller can hear of us.
 *
 * @param clips what is said
 * @param ringBack heard while a target is dialled
 */
public record Sounds(Clips clips, AudioClip ringBack) {

    /** Thread-safe. The audio of what is to be said, ready in memory. */
    @FunctionalInterface
    public interface Clips {

        /** One clip per part, in order. */
        List<AudioClip> of(Utterance utterance);
    }
}
