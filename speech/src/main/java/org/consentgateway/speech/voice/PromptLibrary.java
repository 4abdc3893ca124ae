package org.consentgateway.speech.voice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.words.SpokenText;

/**
 * The sound of every text we speak: a recording bound to the text by hash, else, if allowed, a
 * program's voice rendered at start and cached. Inside a call only {@link #clip} is used, and only
 * for texts asked for at start, so nothing is ever read or rendered there. Thread-safe.
 */
public final class PromptLibrary {
    private final VoiceSettings settings;
    private final List<Voice> voices;
    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Prompt>> prompts = new ConcurrentHashMap<>();

    /** By language, what is not written yet. */
    private final Map<String, List<Manifest.Sound>> taken = new TreeMap<>();

    private PromptLibrary(VoiceSettings settings, List<Voice> voices) {
        this.settings = settings;
        this.voices = List.copyOf(voices);
    }

    /** With FreeTTS for English and espeak-ng for all others. */
    public static PromptLibrary open(VoiceSettings settings) {
        return open(settings, List.of(new FreeTtsVoice(), new EspeakVoice()));
    }

    /**
     * @param voices asked in this order for what is not recorded
     */
    public static PromptLibrary open(VoiceSettings settings, List<Voice> voices) {
        return new PromptLibrary(settings, voices);
    }

    /** SHA-256 of a text as the manifest names it: Unicode composed, white space single. */
    public static String textSha256(String text) {
        return Manifest.sha256(SpokenText.canonical(text).getBytes(StandardCharsets.UTF_8));
    }

    /** Finds or renders; asked at start for every text. */
    public Prompt prompt(String language, String text) {
        return prompts.computeIfAbsent(language, l -> new ConcurrentHashMap<>())
                .computeIfAbsent(textSha256(text), hash -> load(language, text, hash));
    }

    /**
     * The sound of a text that {@link #prompt} found at start.
     *
     * @throws NoSuchElementException if it was not found or never asked for: a broken invariant
     */
    public AudioClip clip(String language, String text) {
        return switch (prompt(language, text)) {
            case Prompt.Ready ready -> ready.clip();
            case Prompt.Missing missing -> throw new NoSuchElementException(missing.why());
        };
    }

    private Prompt load(String language, String text, String hash) {
        try {
            Manifest.Row row = manifest(language).rows().get(hash);
            if (row != null) {
                return recorded(language, row);
            }
        } catch (IOException e) {
            return new Prompt.Missing(String.valueOf(e.getMessage()));
        }
        String none = "no recording in " + folder(language) + " for this text";
        if (!settings.synthesise()) {
            return new Prompt.Missing(none);
        }
        Optional<Voice> voice = voices.stream().filter(v -> v.speaks(language)).findFirst();
        if (voice.isEmpty()) {
            return new Prompt.Missing(
                    none + ", and no voice here speaks \"" + language + "\": install espeak-ng");
        }
        try {
            AudioClip clip = cached(voice.get(), language, text);
            return ready(RecordedSound.of(clip), voice.get().name(), false);
        } catch (IOException e) {
            return new Prompt.Missing(none + "; " + voice.get().name() + ": " + e.getMessage());
        }
    }

    private Prompt recorded(String language, Manifest.Row row) throws IOException {
        Path file = folder(language).resolve(row.file());
        if (!Files.exists(file)) {
            return new Prompt.Missing(file + ": named in manifest.tsv, but not there");
        }
        byte[] octets = Files.readAllBytes(file);
        if (!Manifest.sha256(octets).equals(row.audioSha256())) {
            return new Prompt.Missing(
                    file
                            + ": is not the sound that was recorded for this text (SHA-256 differs"
                            + " from manifest.tsv); scripts/gateway prompts adopt takes a new one");
        }
        return ready(RecordedSound.of(file, octets, row.audioSha256()), row.voice(), true);
    }

    private static Prompt.Ready ready(RecordedSound sound, String voice, boolean recorded) {
        return new Prompt.Ready(sound.clip(), sound.level(), voice, recorded);
    }

    /** From the cache, or spoken now and put there. */
    private AudioClip cached(Voice voice, String language, String text) throws IOException {
        Path file =
                settings.cache()
                        .resolve(language)
                        .resolve(textSha256(text).substring(0, 32) + "-" + voice.name() + ".wav");
        if (Files.exists(file)) {
            return AudioClip.of(Wav.readMono(file).samples());
        }
        short[] samples = TelephoneBand.shape(say(voice, language, text));
        Files.createDirectories(file.getParent());
        Path next = Files.createTempFile(file.getParent(), "rendering", ".wav");
        Files.write(next, new Wav(samples, PcmFrame.SAMPLE_RATE).alawOctets());
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return AudioClip.of(Wav.readMono(file).samples());
    }

    /** {@link #take} of one recording, and {@link #write}. */
    public synchronized void adopt(
            String language, String text, Wav recording, String voice, String licence)
            throws IOException {
        take(language, text, recording, voice, licence);
        write();
    }

    /**
     * Takes a recording for a text, in place of an earlier one, and shapes it for the telephone.
     * From now on this library answers with it; no file is changed before {@link #write}.
     *
     * @param voice who speaks, for the manifest
     * @param licence under which it may be used
     * @throws IOException where the recording is unfit ({@link RecordingFault})
     */
    public synchronized void take(
            String language, String text, Wav recording, String voice, String licence)
            throws IOException {
        Optional<String> fault = RecordingFault.of(recording);
        if (fault.isPresent()) {
            throw new IOException("the recording " + fault.get());
        }
        var shaped = new Wav(TelephoneBand.shape(recording), PcmFrame.SAMPLE_RATE);
        AudioClip heard = AudioClip.of(Wav.parseMono(shaped.alawOctets()).samples());
        taken.computeIfAbsent(language, l -> new ArrayList<>())
                .add(new Manifest.Sound(SpokenText.canonical(text), shaped, voice, licence));
        prompts.computeIfAbsent(language, l -> new ConcurrentHashMap<>())
                .put(textSha256(text), ready(RecordedSound.of(heard), voice, true));
    }

    /**
     * Writes all that was taken beside the other recordings, and binds each to its text.
     *
     * @throws IOException where there is no room for one of them: then no recording has changed
     */
    public synchronized void write() throws IOException {
        Map<String, Manifest.StagedFiles> prepared = new TreeMap<>();
        try {
            for (Map.Entry<String, List<Manifest.Sound>> each : taken.entrySet()) {
                prepared.put(each.getKey(), manifest(each.getKey()).prepare(each.getValue()));
            }
        } catch (IOException e) {
            for (Manifest.StagedFiles one : prepared.values()) {
                one.discard(e);
            }
            throw e;
        }
        for (Map.Entry<String, Manifest.StagedFiles> each : prepared.entrySet()) {
            manifests.put(each.getKey(), each.getValue().replace());
        }
        taken.clear();
    }

    /**
     * What a voice made of a text; nothing is adopted yet. Immutable.
     *
     * @param voice its name
     */
    public record Spoken(Wav sound, String voice) {}

    /** By the first voice that can. */
    public Spoken speak(String language, String text) throws IOException {
        for (Voice voice : voices) {
            if (voice.speaks(language)) {
                return new Spoken(say(voice, language, text), voice.name());
            }
        }
        throw new IOException("no voice here speaks \"" + language + "\": install espeak-ng");
    }

    private Wav say(Voice voice, String language, String text) throws IOException {
        return Pauses.shortened(voice.say(language, settings.languages().spoken(language, text)));
    }

    private Manifest manifest(String language) throws IOException {
        Manifest known = manifests.get(language);
        if (known == null) {
            known = Manifest.read(folder(language));
            manifests.put(language, known);
        }
        return known;
    }

    private Path folder(String language) {
        return settings.recordings().resolve(language);
    }
}
