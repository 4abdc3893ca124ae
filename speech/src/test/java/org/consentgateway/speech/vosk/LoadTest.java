package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. How many callers may be listened to at once before decisions become
 * a fifth slower: callers who say a word every two and a half seconds, in real time, on the threads
 * of the real recogniser; alone, and beside callers who talk and are listened to for the words that
 * withdraw.
 */
final class LoadTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HELP,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HUMAN);
    private static final Set<SpokenMeaning> ENDS =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);
    private static final int PERIOD_FRAMES = 125;

    /** Of each period: two fifths of it, as in a talk of two. */
    private static final int SPOKEN_SAMPLES = 8000;

    /** In one of so many talks the caller says the words that withdraw, in each period. */
    private static final int TALKS_OF_A_PHRASE = 5;

    /** Of 32,768. */
    private static final int LOUD = 500;

    private static final int SECONDS = 8;

    private final List<Utterances.Utterance> words = new ArrayList<>();
    private final short[] talk;
    private final short[] phrase;
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
        talk = longestPrompt();
        Path folder = Utterances.ROOT.resolve("speech/src/test/resources/sounds");
        phrase = spoken(Wav.read(folder.resolve("einwilligung-widerrufen.wav")).samples());
    }

    /** Up to the last that is loud. */
    private static short[] spoken(short[] sound) {
        int end = sound.length;
        while (Math.abs(sound[end - 1]) < LOUD) {
            end--;
        }
        return Arrays.copyOf(sound, end);
    }

    private static short[] longestPrompt() throws IOException {
        try (Stream<Path> files = Files.list(Utterances.ROOT.resolve("config/prompts/de"))) {
            Path longest =
                    files.filter(file -> file.toString().endsWith(".wav"))
                            .max(Comparator.comparingLong(file -> file.toFile().length()))
                            .orElseThrow();
            return Wav.read(longest).samples();
        }
    }

    void run() throws Exception {
        Evaluation.say("%nCallers listened to at once (2 workers, a word every 2.5 s each)%n");
        Evaluation.say(
                "%8s %8s %10s %10s %14s %12s %14s %8s%n",
                "callers",
                "talks",
                "p50 ms",
                "p95 ms",
                "phrase p95 ms",
                "cores used",
                "of a caller",
                "late");
        int limit = 0;
        boolean slower = false;
        for (int callers : new int[] {10, 20, 40, 60, 80, 100, 120}) {
            double p95 = measure(callers, 0);
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
        for (int callers : new int[] {10, 25, 50}) {
            for (int talks : new int[] {10, 25, 50}) {
                double _ = measure(callers, talks);
            }
        }
    }

    private double measure(int callers, int talks) throws Exception {
        SpeechSettings shipped = Utterances.shipped();
        var settings =
                new SpeechSettings(
                        shipped.models(),
                        shipped.lexicon(),
                        shipped.verification(),
                        2,
                        new SpeechSettings.Limits(500, 500),
                        Duration.ofSeconds(1));
        var latencies = new ConcurrentLinkedQueue<Double>();
        var phrases = new ConcurrentLinkedQueue<Double>();
        try (var recogniser = VoskRecogniser.open(settings, System::nanoTime)) {
            var all = new ArrayList<Runnable>();
            var random = new Random(callers);
            for (int i = 0; i < callers; i++) {
                var asked =
                        new Answering(
                                recogniser,
                                words.get(i % words.size()),
                                random.nextInt(PERIOD_FRAMES),
                                latencies);
                all.add(asked::tick);
            }
            for (int i = 0; i < talks; i++) {
                short[] said = i % TALKS_OF_A_PHRASE == 0 ? phrase : pieceOfATalk(random);
                var talking = new Talking(recogniser, said, random.nextInt(PERIOD_FRAMES), phrases);
                all.add(talking::tick);
            }
            double before = Evaluation.cpuSeconds();
            long began = System.nanoTime();
            try (var pacer = Executors.newSingleThreadScheduledExecutor()) {
                var pacing =
                        pacer.scheduleAtFixedRate(
                                () -> all.forEach(Runnable::run), 20, 20, TimeUnit.MILLISECONDS);
                pacer.schedule(() -> pacing.cancel(false), SECONDS, TimeUnit.SECONDS).get();
            }
            double cores = (Evaluation.cpuSeconds() - before) / ((System.nanoTime() - began) / 1e9);
            double p95 = percentile(latencies, 95);
            Evaluation.say(
                    "%8d %8d %10.0f %10.0f %14.0f %12.2f %14.4f %8d%n",
                    callers,
                    talks,
                    percentile(latencies, 50),
                    p95,
                    percentile(phrases, 95),
                    cores,
                    cores / (callers + talks),
                    recogniser.totals().late());
            return p95;
        }
    }

    private static double percentile(Collection<Double> values, int percent) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : Evaluation.percentile(sorted, percent);
    }

    private short[] pieceOfATalk(Random random) {
        int from = random.nextInt(talk.length - SPOKEN_SAMPLES);
        return Arrays.copyOfRange(talk, from, from + SPOKEN_SAMPLES);
    }

    private static PcmFrame frame(short[] sound, int at) {
        return new PcmFrame(
                Arrays.copyOfRange(sound, at * 160, at * 160 + 160),
                at * 20L,
                PcmFrame.Origin.RECEIVED);
    }

    /** Confined to the pacer's thread; only the latency comes from elsewhere. */
    private static final class Answering {
        private final VoskRecogniser recogniser;
        private final short[] sound;
        private final int endFrame;
        private final ConcurrentLinkedQueue<Double> latencies;
        private int frame;
        private @Nullable Listening listening;
        private volatile long wordEnded;

        Answering(
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
                listening = Asked.by(recogniser, "de", YES_NO, this::heard);
            }
            Listening open = listening;
            if (open == null) {
                return;
            }
            if (at == endFrame) {
                wordEnded = System.nanoTime();
            }
            open.hear(frame(sound, at));
        }

        private void heard(Heard heard) {
            if (heard instanceof Heard.Words) {
                latencies.add((System.nanoTime() - wordEnded) / 1e6);
            }
        }

        private void close() {
            Listening open = listening;
            listening = null;
            if (open != null) {
                open.close();
            }
        }
    }

    /**
     * Confined to the pacer's thread; only the latency comes from elsewhere. Goes on as a talk
     * does: by the decoder of the utterance before.
     */
    private static final class Talking {
        private final Listening listening;
        private final short[] sound;
        private final int endFrame;
        private final ConcurrentLinkedQueue<Double> latencies;
        private int frame;
        private volatile @Nullable Listening goingOn;
        private volatile long ended;

        Talking(
                VoskRecogniser recogniser,
                short[] said,
                int phase,
                ConcurrentLinkedQueue<Double> latencies) {
            this.sound = Arrays.copyOf(said, PERIOD_FRAMES * 160);
            this.endFrame = said.length / 160;
            this.frame = phase;
            this.latencies = latencies;
            this.listening = Asked.by(recogniser, ListeningPlace.Use.TALK, "de", ENDS, this::heard);
            this.goingOn = listening;
        }

        private void heard(Heard heard) {
            if (heard instanceof Heard.Words) {
                latencies.add((System.nanoTime() - ended) / 1e6);
            }
            Listening open = goingOn;
            if (open != null && (heard instanceof Heard.Nothing || heard instanceof Heard.Words)) {
                boolean _ = open.again();
            }
        }

        void tick() {
            int at = frame++ % PERIOD_FRAMES;
            if (at == endFrame) {
                ended = System.nanoTime();
            }
            listening.hear(frame(sound, at));
        }
    }
}
