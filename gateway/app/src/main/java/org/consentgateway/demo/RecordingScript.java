package org.consentgateway.demo;

import java.io.IOException;
import java.util.List;
import org.consentgateway.media.audio.AudioClip;

/**
 * What the recording line says and asks for. Immutable.
 *
 * @param opening says what is recorded, what for and for how long, and asks for the key 1
 * @param code says the speaker's code, in place of {@code %s}
 * @param say asks for the word in place of {@code %s}
 * @param closing that everything of this call is gone, and the thanks of one that is kept
 * @param words to be said, one after the other
 */
public record RecordingScript(
        String language,
        String opening,
        String code,
        String say,
        List<String> closing,
        List<String> words) {

    /** Makes sound of a text. */
    public interface Speaker {
        AudioClip say(String text) throws IOException;
    }

    public RecordingScript {
        closing = List.copyOf(closing);
        words = List.copyOf(words);
    }

    String deleted() {
        return closing.getFirst();
    }

    String thanks() {
        return closing.getLast();
    }
}
