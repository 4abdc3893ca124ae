package org.consentgateway.line;

import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.audio.AudioClip;

import java.util.List;

/** Thread-safe. The audio of what is to be said, ready in memory. */
@FunctionalInterface
public interface Clips {

    /** One clip per part, in order. */
    List<AudioClip> of(Utterance utterance);
}
