package org.consentgateway.line.text;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;

/**
 * How long a text stands that is read and not heard. It stays on the reader's screen, so this is
 * only until the next one follows it.
 */
public final class ReadingTime {
    /** 180 words a minute, for those to whom the written language is a second one. */
    private static final int CHARACTERS_PER_SECOND = 18;

    private static final int LEAST_MILLIS = 1000;
    private static final int FRAME_MILLIS = 1000 * PcmFrame.SAMPLES / PcmFrame.SAMPLE_RATE;

    private ReadingTime() {}

    /** The clips of an utterance, each at most as long as its text takes to read. */
    public static List<AudioClip> of(Utterance said, List<AudioClip> clips) {
        var shorter = new ArrayList<AudioClip>(clips.size());
        for (int i = 0; i < clips.size(); i++) {
            String text = said.notice().texts().getOrDefault(said.parts().get(i), "");
            int millis = Math.max(LEAST_MILLIS, 1000 * text.length() / CHARACTERS_PER_SECOND);
            shorter.add(clips.get(i).first(Math.ceilDiv(millis, FRAME_MILLIS)));
        }
        return shorter;
    }
}
