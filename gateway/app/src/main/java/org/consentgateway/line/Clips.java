package org.consentgateway.line;

import java.util.List;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.audio.AudioClip;

/** Thread-safe. The audio of what is to be said, ready in memory. */
@FunctionalInterface
public interface Clips {

    /** One clip per part, in order. */
    List<AudioClip> of(Utterance utterance);
}
