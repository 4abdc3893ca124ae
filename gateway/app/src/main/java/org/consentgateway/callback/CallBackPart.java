package org.consentgateway.callback;

import java.time.Duration;
import java.util.List;
import org.consentgateway.call.spoken.AskingPrompt;
import org.consentgateway.media.audio.AudioClip;

/**
 * Immutable. A part of a notice as it is spoken.
 *
 * @param clips none where the notice is not in force any more
 */
public record CallBackPart(String text, List<AudioClip> clips) {
    public CallBackPart {
        clips = List.copyOf(clips);
    }

    AskingPrompt asking() {
        long millis = clips.stream().mapToLong(AudioClip::millis).sum();
        return new AskingPrompt(text, Duration.ZERO, Duration.ofMillis(millis));
    }
}
