package org.consentgateway.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.speech.words.Languages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptLibraryTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root")).resolve("config/prompts");

    private static final Languages NONE = new Languages(List.of());

    @TempDir Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void everyShippedRecordingIsLoudEnoughUnclippedAndBoundToItsText(String language)
            throws IOException {
        Manifest manifest = Manifest.read(SHIPPED.resolve(language));
        PromptLibrary library = PromptLibrary.open(new VoiceSettings(SHIPPED, temp, false, NONE));
        assertThat(manifest.rows()).hasSizeGreaterThan(50);
        for (Manifest.Row row : manifest.rows().values()) {
            assertThat(PromptLibrary.textSha256(row.text())).isEqualTo(row.textSha256());
            assertThat(row.licence()).isNotEmpty();
            short[] sound = G711.PCMA.decode(library.clip(language, row.text()).octets(G711.PCMA));
            assertThat(level(sound))
                    .as(row.text())
                    .isCloseTo(TelephoneBand.LOUDNESS_DBOV, within(2.0));
            int peak = 0;
            for (short sample : sound) {
                peak = Math.max(peak, Math.abs(sample));
            }
            assertThat(peak).as(row.text()).isLessThan(32_000);
            // Above the telephone band there is nothing; below it hardly anything.
            assertThat(Tone.share(sound, 3800) + Tone.share(sound, 60)).isLessThan(0.001);
        }
        try (Stream<Path> files = Files.list(SHIPPED.resolve(language))) {
            assertThat(files.filter(f -> f.toString().endsWith(".wav")))
                    .as("no sound without a text")
                    .hasSize(manifest.rows().size());
        }
    }

    @Test
    void aTextWithoutRecordingIsMissingUnlessAVoiceMaySpeakIt() {
        var hum = new Hum();
        PromptLibrary strict =
                PromptLibrary.open(new VoiceSettings(SHIPPED, temp, false, NONE), List.of(hum));
        assertThat(strict.prompt("de", "Ganz neu."))
                .isInstanceOfSatisfying(
                        Prompt.Missing.class,
                        missing -> assertThat(missing.why()).contains("no recording in"));
        assertThatThrownBy(() -> strict.clip("de", "Ganz neu."))
                .isInstanceOf(NoSuchElementException.class);

        PromptLibrary lenient =
                PromptLibrary.open(new VoiceSettings(SHIPPED, temp, true, NONE), List.of(hum));
        assertThat(lenient.prompt("de", "Ganz neu."))
                .isInstanceOfSatisfying(
                        Prompt.Ready.class, ready -> assertThat(ready.recorded()).isFalse());
        assertThat(lenient.prompt("xx", "Ganz neu."))
                .isInstanceOfSatisfying(
                        Prompt.Missing.class,
                        missing -> assertThat(missing.why()).contains("espeak-ng"));
    }

    @Test
    void whatAVoiceSpokeOnceIsTakenFromTheCacheAtTheNextStart() {
        var hum = new Hum();
        var settings = new VoiceSettings(SHIPPED, temp, true, NONE);
        var first = PromptLibrary.open(settings, List.of(hum)).clip("de", "Ganz neu.");
        var second = PromptLibrary.open(settings, List.of(hum)).clip("de", "Ganz  neu.");
        assertThat(second.octets(G711.PCMA)).isEqualTo(first.octets(G711.PCMA));
        assertThat(hum.spoken).hasValue(1);
    }

    @Test
    void whateverSpeaksItsLongPausesAreShortened() throws IOException {
        Wav hum = hum(16_000, 8000);
        short[] twice = java.util.Arrays.copyOf(hum.samples(), 48_000);
        System.arraycopy(hum.samples(), 0, twice, 32_000, 16_000);
        Path sound = temp.resolve("slow.wav");
        Files.write(sound, new Wav(twice, 16_000).octets());
        var voice = new CommandVoice("slow", "cp " + sound + " {out}", code -> code);
        var settings = new VoiceSettings(SHIPPED, temp, false, NONE);

        Wav spoken = PromptLibrary.open(settings, List.of(voice)).speak("de", "Neu.").sound();

        assertThat(spoken.samples().length / 16).isCloseTo(2220, within(20));
    }

    @Test
    void aRecordingThatChangedIsRefused() throws IOException {
        PromptLibrary library =
                PromptLibrary.open(new VoiceSettings(temp, temp.resolve("cache"), false, NONE));
        library.adopt("de", "Guten Tag.", hiss(), "Studio", "all rights ours");
        assertThat(library.prompt("de", "Guten Tag.")).isInstanceOf(Prompt.Ready.class);

        Path wav = temp.resolve("de").resolve(fileOf("Guten Tag."));
        byte[] octets = Files.readAllBytes(wav);
        octets[200] ^= 1;
        Files.write(wav, octets);
        PromptLibrary next =
                PromptLibrary.open(new VoiceSettings(temp, temp.resolve("cache"), false, NONE));
        assertThat(next.prompt("de", "Guten Tag."))
                .isInstanceOfSatisfying(
                        Prompt.Missing.class,
                        missing ->
                                assertThat(missing.why())
                                        .contains(wav.toString())
                                        .contains("prompts adopt"));
        Files.delete(wav);
        PromptLibrary last =
                PromptLibrary.open(new VoiceSettings(temp, temp.resolve("cache"), false, NONE));
        assertThat(last.prompt("de", "Guten Tag.").toString()).contains("not there");
    }

    @Test
    void whereOneSoundCannotBeWrittenNoneHasChanged() throws IOException {
        var settings = new VoiceSettings(temp, temp.resolve("cache"), false, NONE);
        PromptLibrary.open(settings).adopt("de", "Guten Tag.", hiss(), "Studio", "ours");
        PromptLibrary.open(settings).adopt("tr", "Evet.", hiss(), "Studio", "ours");
        Path inTheWay = temp.resolve("tr").resolve(fileOf("Evet.") + ".new");
        Files.createDirectories(inTheWay.resolve("not-empty"));
        List<Path> before = files();

        PromptLibrary library = PromptLibrary.open(settings);
        library.take("de", "Guten Tag.", hiss(), "Other", "ours");
        library.take("de", "Auf Wiederhören.", hiss(), "Other", "ours");
        library.take("tr", "Evet.", hiss(), "Other", "ours");
        assertThat(library.clip("de", "Auf Wiederhören.")).isNotNull();

        assertThatThrownBy(library::write).isInstanceOf(IOException.class);
        assertThat(files()).isEqualTo(before);
        assertThat(PromptLibrary.open(settings).prompt("de", "Guten Tag."))
                .isInstanceOfSatisfying(
                        Prompt.Ready.class, ready -> assertThat(ready.voice()).isEqualTo("Studio"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16_000, 22_050, 44_100, 48_000})
    void anyRecordingBecomesTelephoneSound(int rate) {
        short[] shaped = TelephoneBand.shape(hum(rate, 20_000));
        assertThat(level(shaped)).isCloseTo(TelephoneBand.LOUDNESS_DBOV, within(0.5));
        assertThat(shaped.length % 160).isZero();
        // A second of it, 40 ms before and 100 ms after.
        assertThat(shaped.length / 8).isBetween(1100, 1180);
        assertThat(Tone.share(shaped, 400)).isGreaterThan(0.3);
        // What was at 5 kHz is gone and not folded down to 3 kHz.
        assertThat(Tone.share(shaped, 3000)).isLessThan(0.001);
    }

    @Test
    void loudRecordingsAreTurnedDownWithoutClipping() {
        Wav loud = new Wav(Tone.sine(700, 1000, 32_767), 8000);
        for (short sample : TelephoneBand.shape(loud)) {
            assertThat(Math.abs(sample)).isLessThan((short) 30_000);
        }
        assertThat(TelephoneBand.shape(new Wav(new short[8000], 8000))).containsOnly((short) 0);
    }

    @Test
    void freeTtsSpeaksEnglishAtTelephoneQuality() throws IOException {
        var voice = new FreeTtsVoice();
        assertThat(voice.speaks("en")).isTrue();
        assertThat(voice.speaks("de")).isFalse();
        short[] sound = TelephoneBand.shape(voice.say("en", "Press 1 for yes."));
        assertThat(sound.length / 8).isBetween(800, 2500);
        assertThat(level(sound)).isCloseTo(TelephoneBand.LOUDNESS_DBOV, within(1.0));
    }

    @Test
    void espeakSpeaksWhereItIsInstalled() throws IOException {
        var voice = new EspeakVoice();
        // Not on every machine: then there is nothing to test.
        assumeTrue(voice.speaks("de"), "espeak-ng is not installed");
        short[] sound = TelephoneBand.shape(voice.say("de", "Drücken Sie die 1 für Ja."));
        assertThat(sound.length / 8).isBetween(800, 3500);
        assertThatThrownBy(() -> voice.say("zz", "Ja.")).isInstanceOf(IOException.class);
    }

    @Test
    void aWavFileIsReadInAllFormsAPersonMayDropIn() throws IOException {
        short[] sound = Tone.sine(400, 100, 9000);
        assertThat(Wav.parse(new Wav(sound, PcmFrame.SAMPLE_RATE).octets()).samples())
                .isEqualTo(sound);
        assertThat(Wav.parse(new Wav(sound, PcmFrame.SAMPLE_RATE).alawOctets()).samples())
                .isEqualTo(G711.PCMA.decode(G711.PCMA.encode(sound)));
        assertThatThrownBy(() -> Wav.parse(new byte[7])).hasMessageContaining("not a WAV");
        byte[] stereo = new Wav(sound, PcmFrame.SAMPLE_RATE).octets();
        stereo[22] = 2;
        assertThatThrownBy(() -> Wav.parseMono(stereo)).hasMessageContaining("2 channels");
        byte[] cut = java.util.Arrays.copyOf(new Wav(sound, PcmFrame.SAMPLE_RATE).octets(), 300);
        assertThat(Wav.parse(cut).samples()).hasSize(128);
    }

    private static String fileOf(String text) {
        return PromptLibrary.textSha256(text).substring(0, 16) + ".wav";
    }

    /** One second of 400 Hz with a little 5 kHz where the rate can hold it. */
    private static Wav hum(int rate, int amplitude) {
        short[] samples = new short[rate];
        for (int i = 0; i < rate; i++) {
            double t = (double) i / rate;
            double high = rate > 12_000 ? 0.3 * Math.sin(2 * Math.PI * 5000 * t) : 0;
            samples[i] = (short) (amplitude * 0.7 * (Math.sin(2 * Math.PI * 400 * t) + high));
        }
        return new Wav(samples, rate);
    }

    /** A second of what is neither silence nor a tone. */
    private static Wav hiss() {
        var random = new java.util.Random(1);
        short[] samples = new short[16_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (3000 * random.nextGaussian());
        }
        return new Wav(samples, 16_000);
    }

    /** Counts how often it spoke; knows German only. */
    private static final class Hum implements Voice {
        final AtomicInteger spoken = new AtomicInteger();

        @Override
        public String name() {
            return "hum";
        }

        @Override
        public boolean speaks(String language) {
            return language.equals("de");
        }

        @Override
        public Wav say(String language, String text) {
            spoken.incrementAndGet();
            return hum(16_000, 8000);
        }
    }

    private static double level(short[] sound) {
        return SpeechLevel.of(TelephoneBand.ofFullScale(sound), PcmFrame.SAMPLE_RATE).activeDbov();
    }
}
