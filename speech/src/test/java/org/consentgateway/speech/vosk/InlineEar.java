package org.consentgateway.speech.vosk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Meaning;

/** Listens on the calling thread, frame by frame, so that time is the media's own. */
final class InlineEar {
    /** What was reported, and after how many milliseconds of audio. */
    record Told(Heard heard, long atMillis) {}

    final List<Told> told = new ArrayList<>();
    final Counters counters = new Counters();
    final Ear ear;
    private long mediaMillis;

    /** What the last frame took to be worked on. */
    double lastWorkMillis;

    InlineEar(Tongue tongue, Set<Meaning> accepted) {
        ear =
                new Ear(
                        tongue,
                        accepted,
                        heard -> told.add(new Told(heard, mediaMillis + 20)),
                        new Turns() {
                            @Override
                            public long nanos() {
                                return 1 + mediaMillis * 1_000_000;
                            }

                            @Override
                            public void add(Ear added) {}

                            @Override
                            public void left(Ear gone) {}
                        },
                        counters);
    }

    void hear(short[] samples) {
        for (int at = 0; at + PcmFrame.SAMPLES <= samples.length; at += PcmFrame.SAMPLES) {
            hear(
                    new PcmFrame(
                            Arrays.copyOfRange(samples, at, at + PcmFrame.SAMPLES),
                            mediaMillis,
                            PcmFrame.Origin.RECEIVED));
        }
    }

    void hear(PcmFrame frame) {
        ear.hear(frame);
        long before = System.nanoTime();
        ear.work();
        lastWorkMillis = (System.nanoTime() - before) / 1e6;
        mediaMillis += 20;
    }

    /** The last word; null while there is none. */
    Optional<Told> last() {
        return told.stream().filter(t -> !(t.heard() instanceof Heard.SpeechStarted)).findFirst();
    }
}
