package org.consentgateway.speech.vosk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;

/** Listens on the calling thread, frame by frame, so that time is the media's own. */
final class InlineSession {
    /** What was reported, and after how many milliseconds of audio. */
    record Told(Heard heard, long atMillis) {}

    final List<Told> told = new ArrayList<>();
    final Counters counters = new Counters();
    final ListeningSession session;
    private long mediaMillis;

    /** Whether to listen on with each result. */
    boolean goesOn;

    /** The answer to that. */
    boolean wentOn;

    /** What the last frame took to be worked on. */
    double lastWorkMillis;

    InlineSession(RecognisedLanguage recognised, Set<SpokenMeaning> accepted) {
        session =
                new ListeningSession(
                        recognised,
                        accepted,
                        this::told,
                        new SessionScheduler() {
                            @Override
                            public long nanos() {
                                return 1 + mediaMillis * 1_000_000;
                            }

                            @Override
                            public void schedule(ListeningSession scheduled) {}

                            @Override
                            public void released(ListeningSession released) {}
                        },
                        counters);
    }

    private void told(Heard heard) {
        told.add(new Told(heard, mediaMillis + 20));
        if (goesOn) {
            wentOn = session.again();
        }
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
        session.hear(frame);
        long before = System.nanoTime();
        session.work();
        lastWorkMillis = (System.nanoTime() - before) / 1e6;
        mediaMillis += 20;
    }

    /** The last word; null while there is none. */
    Optional<Told> last() {
        return told.stream()
                .filter(t ->
                        switch (t.heard()) {
                            case Heard.SpeechStarted _,
                                    Heard.Ceased _,
                                    Heard.BegunAnew _,
                                    Heard.Missed _ ->
                                    false;
                            case Heard.Likely _, Heard.Words _, Heard.Nothing _, Heard.Failed _ ->
                                    true;
                        })
                .findFirst();
    }
}
