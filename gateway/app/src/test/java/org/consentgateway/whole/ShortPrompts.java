package org.consentgateway.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.consentgateway.consent.Notice;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;

/**
 * Immutable. The shipped English texts with sounds that are short and unmistakable: a melody of its
 * own for every text, so that a call takes seconds and what was heard can be told by its samples.
 *
 * @param clips by the part of the notice
 */
record ShortPrompts(Path notices, Path prompts, Map<String, AudioClip> clips) {
    static final Path PROJECT = Path.of(System.getProperty("project.root"));
    static final String VERSION = "2026-11";

    /** Long enough for a caller whose ACK, and so whose media, is two seconds late. */
    private static final int OPENING_MILLIS = 1500;

    private static final int QUESTION_MILLIS = 700;
    private static final int OTHER_MILLIS = 300;

    static ShortPrompts in(Path folder) throws IOException, BadNoticesException {
        Path notices = folder.resolve("notices");
        Path prompts = folder.resolve("prompts");
        Path shipped = PROJECT.resolve("config/notices");
        copy(shipped.resolve("common/en.yaml"), notices.resolve("common/en.yaml"));
        copy(
                shipped.resolve("demo/en/" + VERSION + ".yaml"),
                notices.resolve("demo/en/" + VERSION + ".yaml"));
        PromptLibrary library =
                PromptLibrary.open(new VoiceSettings(prompts, folder.resolve("cache"), false));
        for (Map.Entry<String, String> text : texts(notices).entrySet()) {
            library.adopt(
                    "en",
                    text.getValue(),
                    new Wav(melody(text.getValue(), millis(text.getKey())), PcmFrame.SAMPLE_RATE),
                    "a test",
                    "none");
        }
        Map<String, AudioClip> clips = new HashMap<>();
        NoticeLibrary loaded = NoticeLibrary.load(notices, library);
        Notice notice = loaded.all("demo", "en").getFirst();
        notice.texts().keySet().forEach(part -> clips.put(part, loaded.clip(notice, part)));
        return new ShortPrompts(notices, prompts, Map.copyOf(clips));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    private static Map<String, String> texts(Path notices) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String file : new String[] {"common/en.yaml", "demo/en/" + VERSION + ".yaml"}) {
            JsonNode root = new YAMLMapper().readTree(notices.resolve(file).toFile());
            root.get("texts")
                    .properties()
                    .forEach(t -> texts.put(t.getKey(), t.getValue().asText()));
        }
        return texts;
    }

    private static int millis(String part) {
        if (part.equals("opening")) {
            return OPENING_MILLIS;
        }
        return part.matches("(question|menu|repeat|privacy-menu).*")
                ? QUESTION_MILLIS
                : OTHER_MILLIS;
    }

    /** A note every 20 ms, drawn by the text: no two frames, and no two texts, sound alike. */
    static short[] melody(String text, int millis) {
        Random notes = new Random(text.hashCode());
        short[] pcm = new short[millis * PcmFrame.SAMPLE_RATE / 1000];
        double phase = 0;
        double step = 0;
        for (int i = 0; i < pcm.length; i++) {
            if (i % PcmFrame.SAMPLES == 0) {
                step = 2 * Math.PI * notes.nextInt(400, 2800) / PcmFrame.SAMPLE_RATE;
            }
            phase += step;
            pcm[i] = (short) Math.round(8000 * Math.sin(phase));
        }
        return pcm;
    }
}
