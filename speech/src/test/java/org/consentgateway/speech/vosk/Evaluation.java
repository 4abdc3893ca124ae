package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Understood;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. Whether the shipped recordings and generated sounds are heard as
 * they were: scripts/evaluate-speech without a folder. Words and thresholds were chosen on these
 * sounds, so the figures are for comparing, not for telling others. Everything goes through G.711
 * and frame by frame through the same endpointer, decoder and rule as in a call. Exit code 1 where
 * anything but a yes was taken for one.
 */
final class Evaluation {
    /** As in the product: what a yes/no question accepts. */
    static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HEDGED,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HELP,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.OTHER_LANGUAGE);

    static final Set<SpokenMeaning> NUMBERS =
            EnumSet.of(
                    SpokenMeaning.ZERO,
                    SpokenMeaning.ONE,
                    SpokenMeaning.TWO,
                    SpokenMeaning.THREE,
                    SpokenMeaning.FOUR,
                    SpokenMeaning.FIVE,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.HUMAN);

    static final int LEAD_MILLIS = 400;
    static final int TAIL_MILLIS = 1200;
    private static final double CONFIDENCE = 0.95;

    private final Map<String, RecognisedLanguage> languages = new HashMap<>();
    private final List<Utterances.Utterance> utterances;
    private final List<Double> latencies = new ArrayList<>();
    private int falseYes;
    private int notYes;

    /**
     * @param model of another folder for both languages; null for the shipped ones
     */
    private Evaluation(@Nullable Path model) throws IOException {
        for (String language : List.of("de", "en")) {
            Path folder = model == null ? Utterances.model(language) : model;
            LanguageModel opened = LanguageModel.open(folder);
            DecisionRule rule = DecisionRule.of(opened.sha256());
            say("%s: %s, SHA-256 %s%n%s%n", language, folder, opened.sha256(), rule);
            languages.put(language, Utterances.recognised(opened, language));
        }
        utterances = Utterances.all();
    }

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        if (!given.isEmpty() && !given.getFirst().startsWith("--")) {
            RecordingsEvaluation.run(Path.of(given.getFirst()));
            return;
        }
        int model = given.indexOf("--model");
        var evaluation = new Evaluation(model < 0 ? null : Path.of(given.get(model + 1)));
        evaluation.answers();
        evaluation.strangers();
        evaluation.conversations();
        evaluation.conclude();
        if (!List.of(args).contains("--no-load")) {
            new LoadTest().run();
        }
        if (evaluation.falseYes > 0) {
            System.exit(1);
        }
    }

    /** The shipped utterances, clean and as a telephone line makes them. */
    private void answers() {
        say("%nShipped utterances, through G.711 A-law%n");
        say(
                "%-26s %9s %9s %9s %7s %7s %9s%n",
                "condition", "yes", "no", "other", "again", "wrong", "false yes");
        row("clean", 0, 1, s -> s);
        row("3 %% loss", 3, 1, s -> s);
        row("10 %% loss", 10, 1, s -> s);
        row("quiet (-15 dB)", 0, 1, s -> Sounds.scale(s, -15));
        row("noise, SNR 15 dB", 0, 2, s -> noisy(s, Sounds.noise(s.length / 8, -30, 7), 15));
        row("noise, SNR 5 dB", 0, 2, s -> noisy(s, Sounds.noise(s.length / 8, -30, 8), 5));
        row("babble, SNR 15 dB", 0, 3, s -> noisy(s, babble(s.length / 8, 5), 15));
        row("babble, SNR 5 dB", 0, 3, s -> noisy(s, babble(s.length / 8, 6), 5));
        row("music, SNR 10 dB", 0, 4, s -> noisy(s, music(s.length / 8), 10));
        row("babble 15 dB, 3 %% loss", 3, 5, s -> noisy(s, babble(s.length / 8, 7), 15));
    }

    private interface Line {
        short[] carry(short[] sound);
    }

    private void row(String name, int lossPercent, long seed, Line line) {
        int[] right = new int[3];
        int[] all = new int[3];
        int again = 0;
        int wrong = 0;
        int yesBefore = falseYes;
        for (Utterances.Utterance u : utterances) {
            for (String language :
                    u.language().equals("xx") ? List.of("de", "en") : List.of(u.language())) {
                RecognisedLanguage recognised = recognised(language);
                boolean number = recognised.lexicon().understand(u.expected(), NUMBERS).isPresent();
                Set<SpokenMeaning> question = number && !isYesNo(recognised, u) ? NUMBERS : YES_NO;
                Optional<SpokenMeaning> meant =
                        recognised
                                .lexicon()
                                .understand(u.expected(), question)
                                .map(Understood::meaning);
                short[] sound =
                        Sounds.join(
                                Sounds.silence(LEAD_MILLIS),
                                u.samples(),
                                Sounds.silence(TAIL_MILLIS));
                InlineSession session =
                        listen(recognised, question, line.carry(sound), lossPercent, seed);
                Optional<SpokenMeaning> heard = session.last().flatMap(t -> meaning(t.heard()));
                if (meant.isEmpty()) {
                    count(u.file(), heard, meant);
                    continue;
                }
                int kind =
                        meant.get() == SpokenMeaning.AGREE
                                ? 0
                                : meant.get() == SpokenMeaning.REFUSE ? 1 : 2;
                all[kind]++;
                if (heard.equals(meant)) {
                    right[kind]++;
                    if (name.equals("clean")) {
                        double end = LEAD_MILLIS + 1000 * u.endSeconds();
                        latencies.add(
                                session.last().orElseThrow().atMillis()
                                        - end
                                        + session.lastWorkMillis);
                    }
                } else if (heard.isEmpty() || heard.get() == SpokenMeaning.HEDGED) {
                    again++;
                } else {
                    wrong++;
                }
                count(u.file(), heard, meant);
            }
        }
        say(
                "%-26s %9s %9s %9s %7d %7d %9d%n",
                name.replace("%%", "%"),
                right[0] + "/" + all[0],
                right[1] + "/" + all[1],
                right[2] + "/" + all[2],
                again,
                wrong,
                falseYes - yesBefore);
    }

    private static boolean isYesNo(RecognisedLanguage recognised, Utterances.Utterance u) {
        return recognised.lexicon().understand(u.expected(), YES_NO).isPresent();
    }

    /** What is no yes, asked the yes/no question in both languages. */
    private void strangers() throws IOException {
        say("%nSounds that are no answer, asked a yes/no question%n");
        say("%-34s %6s %9s %7s %7s %9s%n", "sound", "n", "false yes", "no", "other", "nothing");
        for (String language : List.of("de", "en")) {
            String other = language.equals("de") ? "en" : "de";
            stranger(
                    "the other language's words, " + language,
                    language,
                    utterances.stream()
                            .filter(u -> u.language().equals(other))
                            // "Okay" is a yes in both languages, and "ja" sounds like "yeah".
                            .filter(u -> !u.expected().equals("ja"))
                            .filter(u ->
                                    recognised(language)
                                            .lexicon()
                                            .understand(u.expected(), YES_NO)
                                            .isEmpty())
                            .map(Utterances.Utterance::samples)
                            .toList());
            stranger(
                    "its own words that are no yes, " + language,
                    language,
                    utterances.stream()
                            .filter(u -> !u.language().equals(other))
                            .filter(u ->
                                    recognised(language)
                                            .lexicon()
                                            .understand(u.expected(), YES_NO)
                                            .filter(m -> m.meaning() == SpokenMeaning.AGREE)
                                            .isEmpty())
                            .map(Utterances.Utterance::samples)
                            .toList());
            stranger("sentences (our prompts), " + language, language, sentences(language));
            stranger("noise, " + language, language, noises());
            stranger("babble, " + language, language, babbles());
            stranger("music, tones, DTMF, " + language, language, tones());
            stranger("knocks and coughs, " + language, language, knocks());
        }
    }

    /** Minutes of talk in which nothing is withdrawn. */
    private void conversations() throws IOException {
        say("%nTalk in which nothing is withdrawn, listened to for the phrase%n");
        for (String language : List.of("de", "en")) {
            int wrong = 0;
            double seconds = 0;
            for (short[] sound : prompts()) {
                var session =
                        new InlineSession(recognised(language), EnumSet.of(SpokenMeaning.WITHDRAW));
                session.hear(Sounds.join(Sounds.silence(LEAD_MILLIS), sound, Sounds.silence(600)));
                seconds += sound.length / 8000.0;
                wrong += session.last().flatMap(t -> meaning(t.heard())).isPresent() ? 1 : 0;
            }
            say("%-34s %6.1f minutes, %d taken for a withdrawal%n", language, seconds / 60, wrong);
        }
    }

    private void stranger(String name, String language, List<short[]> sounds) {
        int yes = 0;
        int no = 0;
        int other = 0;
        int n = 0;
        for (short[] sound : sounds) {
            for (int loss : new int[] {0, 3, 10}) {
                n++;
                short[] whole =
                        Sounds.join(
                                Sounds.silence(LEAD_MILLIS), sound, Sounds.silence(TAIL_MILLIS));
                InlineSession session = listen(recognised(language), YES_NO, whole, loss, n);
                Optional<SpokenMeaning> heard = session.last().flatMap(t -> meaning(t.heard()));
                if (heard.filter(m -> m == SpokenMeaning.AGREE).isPresent()) {
                    yes++;
                } else if (heard.filter(m -> m == SpokenMeaning.REFUSE).isPresent()) {
                    no++;
                } else if (heard.isPresent()) {
                    other++;
                }
                count(name + " #" + n, heard, Optional.empty());
            }
        }
        say("%-34s %6d %9d %7d %7d %9d%n", name, n, yes, no, other, n - yes - no - other);
    }

    private void count(String what, Optional<SpokenMeaning> heard, Optional<SpokenMeaning> meant) {
        if (meant.filter(m -> m == SpokenMeaning.AGREE).isPresent()) {
            return;
        }
        notYes++;
        if (heard.filter(m -> m == SpokenMeaning.AGREE).isPresent()) {
            falseYes++;
            say("  FALSE YES: %s%n", what);
        }
    }

    private void conclude() {
        say(
                "%nFalse yes: %d of %d that were none; upper 95 %% bound %.2f %%%n",
                falseYes, notYes, 100 * ClopperPearson.upper(falseYes, notYes, 1 - CONFIDENCE));
        Collections.sort(latencies);
        say(
                "End of word to decision (clean, right answers, %d): p50 %.0f ms, p95 %.0f ms%n",
                latencies.size(), percentile(latencies, 50), percentile(latencies, 95));
    }

    static double percentile(List<Double> sorted, int percent) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static Optional<SpokenMeaning> meaning(Heard heard) {
        return heard instanceof Heard.Words words ? Optional.of(words.meaning()) : Optional.empty();
    }

    /** Through G.711, with lost packets made up for as a receiver does: repeated and faded. */
    static InlineSession listen(
            RecognisedLanguage recognised,
            Set<SpokenMeaning> question,
            short[] sound,
            int lossPercent,
            long seed) {
        short[] line = G711.PCMA.decode(G711.PCMA.encode(sound));
        var random = new Random(seed * 31 + lossPercent);
        var session = new InlineSession(recognised, question);
        short[] last = new short[160];
        for (int at = 0; at + 160 <= line.length && session.last().isEmpty(); at += 160) {
            boolean lost = random.nextInt(100) < lossPercent;
            last = lost ? Sounds.scale(last, -3) : Arrays.copyOfRange(line, at, at + 160);
            session.hear(
                    new PcmFrame(
                            last,
                            at / 8,
                            lost ? PcmFrame.Origin.CONCEALED : PcmFrame.Origin.RECEIVED));
        }
        session.session.close();
        session.session.work();
        return session;
    }

    private RecognisedLanguage recognised(String language) {
        RecognisedLanguage recognised = languages.get(language);
        if (recognised == null) {
            throw new IllegalArgumentException(language);
        }
        return recognised;
    }

    /** The noise under the whole sound, so much weaker than its speech. */
    static short[] noisy(short[] sound, short[] noise, double snrDb) {
        double speech = level(sound);
        double there = level(noise);
        if (Double.isInfinite(speech)) {
            return sound;
        }
        return Sounds.mix(sound, Sounds.scale(noise, speech - snrDb - there));
    }

    private static double level(short[] sound) {
        return org.consentgateway.speech.voice.SpeechLevel.of(
                        org.consentgateway.speech.voice.TelephoneBand.ofFullScale(sound), 8000)
                .activeDbov();
    }

    static short[] babble(int millis, long seed) {
        try {
            List<short[]> voices = prompts();
            var random = new Random(seed);
            short[] mixed = new short[millis * 8];
            for (int v = 0; v < 8; v++) {
                short[] voice = new short[0];
                while (voice.length < mixed.length + 8000) {
                    voice = Sounds.join(voice, voices.get(random.nextInt(voices.size())));
                }
                int from = random.nextInt(8000);
                mixed =
                        Sounds.mix(
                                mixed,
                                Sounds.scale(
                                        Arrays.copyOfRange(voice, from, from + mixed.length), -12));
            }
            return mixed;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<short[]> babbles() {
        var all = new ArrayList<short[]>();
        for (int i = 0; i < 12; i++) {
            all.add(babble(3000, 100 + i));
        }
        return all;
    }

    private static final List<short[]> PROMPTS = new ArrayList<>();

    private static List<short[]> prompts() throws IOException {
        List<short[]> all = PROMPTS;
        if (!all.isEmpty()) {
            return all;
        }
        for (String language : List.of("de", "en")) {
            try (Stream<Path> files =
                    Files.list(Utterances.ROOT.resolve("config/prompts/" + language))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".wav")).sorted().toList()) {
                    all.add(Wav.read(file).samples());
                }
            }
        }
        return all;
    }

    /** All our prompts, but those that begin with a yes ("In Ordnung."). */
    private List<short[]> sentences(String language) throws IOException {
        var all = new ArrayList<short[]>();
        for (String folder : List.of("de", "en")) {
            Path prompts = Utterances.ROOT.resolve("config/prompts/" + folder);
            for (String row : Files.readAllLines(prompts.resolve("manifest.tsv"))) {
                String[] cell = row.split("\t", -1);
                if (!cell[1].endsWith(".wav")) {
                    continue;
                }
                String first = cell[5].split("[.?!]", 2)[0];
                if (recognised(language)
                        .lexicon()
                        .understand(first, YES_NO)
                        .filter(m -> m.meaning() == SpokenMeaning.AGREE)
                        .isEmpty()) {
                    all.add(Wav.read(prompts.resolve(cell[1])).samples());
                }
            }
        }
        return all;
    }

    private static List<short[]> noises() {
        var all = new ArrayList<short[]>();
        for (int i = 0; i < 8; i++) {
            short[] white = Sounds.noise(2500, -20 - 3 * i, i);
            all.add(white);
            short[] brown = new short[white.length];
            double y = 0;
            for (int k = 0; k < brown.length; k++) {
                y = 0.95 * y + white[k] * 0.3;
                brown[k] = Sounds.clip(y);
            }
            all.add(brown);
            // Bursts, as of a bad line.
            short[] bursts = new short[white.length];
            for (int k = 0; k < bursts.length; k++) {
                bursts[k] = (k / 2400) % 2 == 0 ? white[k] : 0;
            }
            all.add(bursts);
        }
        return all;
    }

    private static short[] music(int millis) {
        double[] notes = {262, 330, 392, 523, 440, 349, 294, 494};
        short[] all = new short[millis * 8];
        for (int from = 0, n = 0; from < all.length; from += 2000, n++) {
            for (int k = 0; k < 2000 && from + k < all.length; k++) {
                double t = k / 8000.0;
                double fade = Math.exp(-3 * t);
                double x = 0;
                for (int h = 1; h <= 4; h++) {
                    x += Math.sin(2 * Math.PI * notes[n % 8] * h * t) / h;
                    x += Math.sin(2 * Math.PI * notes[(n * 3 + 2) % 8] * h * t) / h;
                }
                all[from + k] = Sounds.clip(3000 * fade * x);
            }
        }
        return all;
    }

    private static List<short[]> tones() {
        var all = new ArrayList<short[]>();
        all.add(music(3000));
        all.add(Tone.sine(425, 1000, 6000));
        all.add(Tone.sine(1000, 2000, 6000));
        double[] rows = {697, 770, 852, 941};
        double[] columns = {1209, 1336, 1477};
        for (double row : rows) {
            for (double column : columns) {
                all.add(Sounds.mix(Tone.sine(row, 250, 6000), Tone.sine(column, 250, 6000)));
            }
        }
        return all;
    }

    private static List<short[]> knocks() {
        var all = new ArrayList<short[]>();
        var random = new Random(5);
        for (int i = 0; i < 20; i++) {
            int millis = 40 + 20 * i;
            short[] burst = Sounds.noise(millis, -15, i);
            for (int k = 0; k < burst.length; k++) {
                burst[k] =
                        Sounds.clip(
                                burst[k]
                                        * Math.exp(-4.0 * k / burst.length)
                                        * (0.5 + random.nextDouble()));
            }
            all.add(burst);
        }
        return all;
    }

    // The annotation that Error Prone asks for is in a library we do not have.
    @SuppressWarnings("AnnotateFormatMethod")
    static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean)
                                ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }
}
