package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.consentgateway.speech.words.Lexicon;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(200)
class VoskRecogniserTest {
    private static final Path CONFIG = Utterances.ROOT.resolve("config");
    private static final Path MODEL = Utterances.model("de");
    private static final Path SOUNDS = Utterances.ROOT.resolve("speech/src/test/resources/sounds");
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HELP,
                    SpokenMeaning.REPEAT);

    @TempDir Path temp;

    @ParameterizedTest
    @CsvSource({
        "42-de-ja.wav, AGREE, ja",
        "36-de-ja.wav, AGREE, ja",
        "43-de-nein.wav, REFUSE, nein",
        "46-de-nicht-einverstanden.wav, REFUSE, nicht einverstanden",
        "45-de-ich-bin-einverstanden.wav, AGREE, ich bin einverstanden",
        "01-en-yes.wav, AGREE, yes",
        "08-en-no.wav, REFUSE, no",
        "55-en-i-do-not-agree.wav, REFUSE, i do not agree"
    })
    void aRecordedAnswerIsUnderstood(String file, SpokenMeaning meaning, String entry)
            throws Exception {
        try (var recogniser = bundled()) {
            var heard = new LinkedBlockingQueue<Heard>();
            try (Listening listening =
                    Asked.by(recogniser, file.substring(3, 5), YES_NO, heard::add)) {
                play(listening, Utterances.of(file).samples());
                Heard last = lastOf(heard);
                assertThat(last)
                        .isInstanceOfSatisfying(
                                Heard.Words.class,
                                words -> {
                                    assertThat(words.meaning()).isEqualTo(meaning);
                                    assertThat(words.entry()).isEqualTo(entry);
                                    assertThat(words.confidence()).isGreaterThan(0.6);
                                });
            }
        }
    }

    @Test
    void umlautsCrossTheBorderToNativeCodeBothWays() throws Exception {
        try (var model = LanguageModel.open(MODEL)) {
            assertThat(model.knows("fünf")).isTrue();
            assertThat(model.knows("nö")).isTrue();
            assertThat(model.knows("zurück")).isTrue();
            assertThat(model.knows("nöl")).isFalse();
        }
        try (var model = LanguageModel.open(MODEL)) {
            for (String word : List.of("zurück", "fünf")) {
                try (SpeechDecoder decoder =
                        model.open(List.of("zurück", "fünf", "vier", "nein"))) {
                    short[] sound =
                            Wav.read(SOUNDS.resolve(word.replace("ü", "ue") + ".wav")).samples();
                    for (int at = 0; at + 160 <= sound.length; at += 160) {
                        decoder.accept(Arrays.copyOfRange(sound, at, at + 160));
                    }
                    assertThat(decoder.end().text()).isEqualTo(word);
                }
            }
        }
    }

    @Test
    void theRuleOfTheBundledModelsIsTheOneThatWasMeasured() throws Exception {
        var digests = new HashSet<String>();
        for (Path folder : Utterances.MODELS.values()) {
            try (var model = LanguageModel.open(folder)) {
                digests.add(model.sha256());
                assertThat(DecisionRule.of(model.sha256())).isEqualTo(DecisionRule.BUNDLED);
            }
        }
        assertThat(digests).isEqualTo(LanguageModel.BUNDLED.keySet()).hasSize(2);
        assertThat(DecisionRule.of("another").secondOpinion()).isTrue();
    }

    @Test
    void theBundledModelsKnowTheWordsThatDecide() throws Exception {
        for (String language : List.of("de", "en")) {
            try (var model = LanguageModel.open(Utterances.model(language))) {
                Lexicon lexicon = Lexicon.load(CONFIG.resolve("lexicon/" + language + ".yaml"));
                RecognisedLanguage recognised =
                        RecognisedLanguage.of(model, lexicon, DecisionRule.BUNDLED, null);
                assertThat(recognised.unknown())
                        .doesNotContain(
                                "ja",
                                "nein",
                                "nicht",
                                "einverstanden",
                                "yes",
                                "no",
                                "not",
                                "agree",
                                "widerrufen",
                                "withdraw consent");
            }
        }
    }

    @Test
    void withoutAModelALanguageIsAnsweredByKeysAndTheStateSaysWhy() throws Exception {
        Path broken = temp.resolve("broken");
        copy(MODEL, broken);
        Files.writeString(broken.resolve("am/final.mdl"), "no model");
        Path empty = Files.createDirectory(temp.resolve("empty"));
        var settings =
                new SpeechSettings(
                        Map.of("de", temp.resolve("nowhere"), "en", broken, "fr", empty),
                        CONFIG.resolve("lexicon"),
                        Utterances.verified(),
                        1,
                        Utterances.LIMITS,
                        Duration.ofSeconds(1));
        try (var recogniser = VoskRecogniser.open(settings, System::nanoTime)) {
            assertThat(recogniser.state().get("de")).startsWith("keys only: no folder");
            assertThat(recogniser.state().get("en")).contains("broken");
            assertThat(recogniser.state().get("fr")).contains("no Vosk model");
            assertThat(recogniser.hears("de")).isFalse();
            assertThat(recogniser.model("de")).isEmpty();
            var heard = new LinkedBlockingQueue<Heard>();
            try (Listening listening = Asked.by(recogniser, "de", YES_NO, heard::add)) {
                listening.hear(frame(0));
                assertThat(lastOf(heard)).isEqualTo(new Heard.Failed(Heard.Reason.NO_MODEL));
            }
        }
    }

    /** Of some of them libvosk makes a model that ends the process at a caller's first word. */
    @Test
    void aModelOfWhichAFileIsCutShortOrMissingIsRefused() throws Exception {
        Path whole = temp.resolve("whole");
        copy(MODEL, whole);
        Files.writeString(whole.resolve("conf/model.conf"), "\n", StandardOpenOption.APPEND);
        LanguageModel.open(whole).close();
        for (String file : List.of("am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst")) {
            for (boolean cut : List.of(true, false)) {
                Path model = temp.resolve(file.replace('/', '-') + cut);
                copy(MODEL, model);
                Path broken = model.resolve(file);
                byte[] all = Files.readAllBytes(broken);
                Files.delete(broken);
                if (cut) {
                    Files.write(broken, Arrays.copyOf(all, all.length / 2));
                }
                assertThatThrownBy(() -> LanguageModel.open(model))
                        .as("%s %s", file, cut ? "cut" : "missing")
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Vosk model");
            }
        }
    }

    @Test
    void aShippedModelThatIsNotAsItWasShippedIsDamaged() throws Exception {
        Path model = temp.resolve(String.valueOf(MODEL.getFileName()));
        copy(MODEL, model);
        Files.writeString(model.resolve("conf/model.conf"), "\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> LanguageModel.open(model)).hasMessageContaining("is damaged");
    }

    @Test
    void theModelOfOneLanguageIsNoneOfAnother() {
        SpeechSettings shipped = Utterances.shipped();
        var swapped =
                new SpeechSettings(
                        Map.of("en", Utterances.model("de")),
                        shipped.lexicon(),
                        shipped.verification(),
                        1,
                        Utterances.LIMITS,
                        Duration.ofSeconds(1));
        try (var recogniser = VoskRecogniser.open(swapped, System::nanoTime)) {
            assertThat(recogniser.state().get("en")).contains("was made for \"de\"");
            assertThat(recogniser.hears("en")).isFalse();
        }
    }

    @Test
    void theVerifierIsNamedBesideTheModelAndWithoutItItsLanguageIsAnsweredByKeys()
            throws Exception {
        SpeechSettings shipped = Utterances.shipped();
        try (var recogniser = VoskRecogniser.open(shipped, System::nanoTime)) {
            assertThat(recogniser.model("en"))
                    .matches("9bca2025[0-9a-f]{56}\\+59fdaa50[0-9a-f]{56}");
        }
        var without =
                new SpeechSettings(
                        shipped.models(),
                        shipped.lexicon(),
                        new SpeechSettings.VerifierSettings(
                                temp, Map.of("de", SecondOpinion.OFF, "en", SecondOpinion.ASK)),
                        1,
                        Utterances.LIMITS,
                        Duration.ofSeconds(1));
        try (var recogniser = VoskRecogniser.open(without, System::nanoTime)) {
            assertThat(recogniser.state().get("en")).startsWith("keys only: no " + temp);
            assertThat(recogniser.model("de")).matches("5d21d608[0-9a-f]{56}");
        }
    }

    @Test
    void aVerifierThatWouldNotLookAtAYesIsNone() throws Exception {
        SpeechSettings shipped = Utterances.shipped();
        Path verifier = CONFIG.resolve("models/verifier");
        Files.copy(verifier.resolve("verifier.bin"), temp.resolve("verifier.bin"));
        Files.writeString(temp.resolve("words.yaml"), "en: {okay: {entries: [okay], least: 0.2}}");
        var incomplete =
                new SpeechSettings(
                        shipped.models(),
                        shipped.lexicon(),
                        new SpeechSettings.VerifierSettings(
                                temp, Map.of("de", SecondOpinion.OFF, "en", SecondOpinion.REQUIRE)),
                        1,
                        new SpeechSettings.Limits(10, 10),
                        Duration.ofSeconds(1));
        try (var recogniser = VoskRecogniser.open(incomplete, System::nanoTime)) {
            assertThat(recogniser.state().get("en")).startsWith("keys only: words.yaml");
        }
    }

    @Test
    void aModelOfAnotherLanguageIsNotListenedTo() throws Exception {
        var model = new FakeModel();
        model.unknown = Set.of("ja");
        Lexicon lexicon = Lexicon.load(CONFIG.resolve("lexicon/de.yaml"));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> RecognisedLanguage.of(model, lexicon, DecisionRule.UPSTREAM, null))
                .hasMessageContaining("does not know \"ja\"")
                .hasMessageContaining("is it a model for \"de\"");
    }

    @Test
    void aWorkerThatDoesNotComeBackIsToldAsLateAndAnotherTakesOver() throws Exception {
        var model = new FakeModel();
        model.fault = FakeModel.Fault.NEVER_RETURNS;
        model.last = new Hypothesis("ja", 1);
        var settings =
                new SpeechSettings(
                        Map.of(),
                        CONFIG.resolve("lexicon"),
                        Utterances.verified(),
                        1,
                        Utterances.LIMITS,
                        Duration.ofMillis(60));
        RecognisedLanguage recognised =
                RecognisedLanguage.of(
                        model,
                        Lexicon.load(CONFIG.resolve("lexicon/de.yaml")),
                        DecisionRule.BUNDLED,
                        null);
        try (var recogniser =
                new VoskRecogniser(
                        Map.of("de", recognised), Map.of(), settings, System::nanoTime)) {
            var stuck = new LinkedBlockingQueue<Heard>();
            Listening first = Asked.by(recogniser, "de", YES_NO, stuck::add);
            play(first, Sounds.join(Sounds.silence(200), Sounds.voice(400, -25)));
            model.stuck.await();
            assertThat(lastOf(stuck)).isEqualTo(new Heard.Failed(Heard.Reason.DEADLINE));
            await(() -> recogniser.totals().workersReplaced() == 1);
            assertThat(recogniser.totals().late()).isEqualTo(1);

            model.fault = FakeModel.Fault.NONE;
            var heard = new LinkedBlockingQueue<Heard>();
            Listening next = Asked.by(recogniser, "de", YES_NO, heard::add);
            play(next, Sounds.join(Sounds.silence(200), Sounds.voice(400, -25)));
            assertThat(lastOf(heard)).isInstanceOf(Heard.Words.class);
            model.release.countDown();
            first.close();
            next.close();
            await(() -> recogniser.totals().listening() == 0);
            assertThat(model.open).hasValue(0);
        }
    }

    /** A core's work, behind all other of the machine. */
    @Test
    @Timeout(600)
    void hundredsOfQuestionsLeaveNothingBehind() throws Exception {
        int first = 5 * Sweep.of(15);
        int more = 5 * Sweep.of(48);
        try (var recogniser = bundled()) {
            short[] yes = Sounds.join(Utterances.of("42-de-ja.wav").samples(), Sounds.silence(400));
            ask(recogniser, yes, first);
            long before = NativeMemory.usedKilobytes();
            ask(recogniser, yes, more);
            long after = NativeMemory.usedKilobytes();
            assertThat(recogniser.totals().listening()).isZero();
            assertThat(recogniser.totals().understood()).isEqualTo(first + more);
            // One leaked decoder is 3 MB.
            assertThat(after - before)
                    .as("growth in kB")
                    .isLessThan(Math.min(100_000L, more * 1_500L));
        }
    }

    /** Five at a time, as fast as they are heard. */
    static void ask(VoskRecogniser recogniser, short[] sound, int questions)
            throws InterruptedException {
        var heard = new LinkedBlockingQueue<Heard>();
        for (int i = 0; i < questions; i += 5) {
            var listenings = new ArrayList<Listening>();
            for (int k = 0; k < 5; k++) {
                listenings.add(
                        Asked.by(
                                recogniser,
                                "de",
                                YES_NO,
                                h -> {
                                    if (!(h instanceof Heard.SpeechStarted)) {
                                        heard.add(h);
                                    }
                                }));
            }
            for (Listening listening : listenings) {
                play(listening, sound);
            }
            for (int k = 0; k < 5; k++) {
                assertThat(heard.poll(60, TimeUnit.SECONDS)).isInstanceOf(Heard.Words.class);
            }
            listenings.forEach(Listening::close);
            await(() -> recogniser.totals().listening() == 0);
        }
    }

    private static VoskRecogniser bundled() {
        SpeechSettings shipped = Utterances.shipped();
        return VoskRecogniser.open(
                new SpeechSettings(
                        shipped.models(),
                        shipped.lexicon(),
                        shipped.verification(),
                        2,
                        shipped.limits(),
                        // Never taken for stuck: its threads are behind all others here.
                        Duration.ofSeconds(60)),
                System::nanoTime);
    }

    private static void play(Listening listening, short[] sound) {
        short[] whole = Sounds.join(sound, Sounds.silence(700));
        for (int at = 0; at + 160 <= whole.length; at += 160) {
            listening.hear(
                    new PcmFrame(
                            Arrays.copyOfRange(whole, at, at + 160),
                            at / 8,
                            PcmFrame.Origin.RECEIVED));
        }
    }

    private static PcmFrame frame(long millis) {
        return new PcmFrame(new short[160], millis, PcmFrame.Origin.RECEIVED);
    }

    private static Heard lastOf(BlockingQueue<Heard> heard) throws InterruptedException {
        while (true) {
            Heard next = heard.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("something was reported").isNotNull();
            if (!(next instanceof Heard.SpeechStarted)) {
                return next;
            }
        }
    }

    private static void await(java.util.function.BooleanSupplier condition)
            throws InterruptedException {
        var never = new java.util.concurrent.CountDownLatch(1);
        for (int i = 0; i < 12_000 && !condition.getAsBoolean(); i++) {
            never.await(5, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
