package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. How many callers may be listened to at once before decisions become
 * a fifth slower: callers who say a word every two and a half seconds, in real time, on the threads
 * of the real recogniser.
 */
final class LoadTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HELP,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HUMAN);
    private static final int PERIOD_FRAMES = 125;
    private static final int SECONDS = 8;

    private final List<Utterances.Utterance> words = new ArrayList<>();
    private double alone;

    LoadTest() throws IOException {
        for (String file :
                List.of(
                        "42-de-ja.wav",
                        "43-de-nein.wav",
                        "45-de-ich-bin-einverstanden.wav",
                        "36-de-ja.wav",
                        "46-de-nicht-einverstanden.wav")) {
            words.add(Utterances.of(file));
        }
    }

    void run() throws Exception {
        Evaluation.say("%nCallers listened to at once (2 workers, a word every 2.5 s each)%n");
        Evaluation.say(
                "%8s %10s %10s %12s %14s %8s%n",
                "callers", "p50 ms", "p95 ms", "cores used", "of a caller", "late");
        int limit = 0;
        boolean slower = false;
        for (int callers : new int[] {10, 20, 40, 60, 80, 100, 120}) {
            double p95 = measure(callers);
            if (callers == 10) {
                alone = p95;
            }
            slower |= p95 > alone * 1.2;
            if (!slower) {
                limit = callers;
            }
        }
        Evaluation.say(
                "Decisions stay within a fifth of the first row's p95 up to %d callers%n", limit);
    }

    private double measure(int callers) throws Exception {
        SpeechSettings shipped = Utterances.shipped();
        var settings =
                new SpeechSettings(
                        shipped.models(),
                        shipped.lexicon(),
                        shipped.verification(),
                        2,
                        500,
                        Duration.ofSeconds(1));
        var latencies = new ConcurrentLinkedQueue<Double>();
        try (var recogniser = VoskRecogniser.open(settings, System::nanoTime)) {
            var all = new ArrayList<Talker>();
            var random = new Random(callers);
            for (int i = 0; i < callers; i++) {
                all.add(
                        new Talker(
                                recogniser,
                                words.get(i % words.size()),
                                random.nextInt(PERIOD_FRAMES),
                                latencies));
            }
            double before = Evaluation.cpuSeconds();
            long began = System.nanoTime();
            try (var pacer = Executors.newSingleThreadScheduledExecutor()) {
                var pacing =
                        pacer.scheduleAtFixedRate(
                                () -> all.forEach(Talker::tick), 20, 20, TimeUnit.MILLISECONDS);
                pacer.schedule(() -> pacing.cancel(false), SECONDS, TimeUnit.SECONDS).get();
            }
            double cores = (Evaluation.cpuSeconds() - before) / ((System.nanoTime() - began) / 1e9);
            all.forEach(Talker::close);
            var sorted = new ArrayList<>(latencies);
            Collections.sort(sorted);
            double p95 = Evaluation.percentile(sorted, 95);
            Evaluation.say(
                    "%8d %10.0f %10.0f %12.2f %14.4f %8d%n",
                    callers,
                    Evaluation.percentile(sorted, 50),
                    p95,
                    cores,
                    cores / callers,
                    recogniser.totals().late());
            return p95;
        }
    }

    /** Confined to the pacer's thread; only the latency comes from elsewhere. */
    private static final class Talker {
        private final VoskRecogniser recogniser;
        private final short[] sound;
        private final int endFrame;
        private final ConcurrentLinkedQueue<Double> latencies;
        private int frame;
        private @Nullable Listening listening;
        private volatile long wordEnded;

        Talker(
                VoskRecogniser recogniser,
                Utterances.Utterance word,
                int phase,
                ConcurrentLinkedQueue<Double> latencies) {
            this.recogniser = recogniser;
            this.sound = Arrays.copyOf(word.samples(), PERIOD_FRAMES * 160);
            this.endFrame = (int) (word.endSeconds() * 50);
            this.frame = phase;
            this.latencies = latencies;
        }

        void tick() {
            int at = frame++ % PERIOD_FRAMES;
            if (at == 0) {
                close();
                listening = recogniser.listen("de", YES_NO, this::heard);
            }
            Listening open = listening;
            if (open == null) {
                return;
            }
            if (at == endFrame) {
                wordEnded = System.nanoTime();
            }
            open.hear(
                    new PcmFrame(
                            Arrays.copyOfRange(sound, at * 160, at * 160 + 160),
                            at * 20L,
                            PcmFrame.Origin.RECEIVED));
        }

        private void heard(Heard heard) {
            if (heard instanceof Heard.Words) {
                latencies.add((System.nanoTime() - wordEnded) / 1e6);
            }
        }

        void close() {
            Listening open = listening;
            listening = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
