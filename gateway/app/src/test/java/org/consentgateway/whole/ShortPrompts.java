package org.consentgateway.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.ExampleCompany;

/**
 * Immutable. The shipped texts of one language with sounds that are short and unmistakable: a
 * melody of its own for every text, so that a call takes seconds and what was heard can be told by
 * its samples.
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

    /**
     * Texts and sounds as files, by their place in a folder: made once in each JVM, since that
     * takes as long as a short call.
     */
    private record Made(Map<String, byte[]> files, Map<String, AudioClip> clips) {}

    private static final Map<String, Made> MADE = new HashMap<>();

    /**
     * @param least milliseconds of each
     */
    static ShortPrompts in(Path folder, String language, int least)
            throws IOException, BadNoticesException {
        Made made = made(language, least);
        for (Map.Entry<String, byte[]> each : made.files().entrySet()) {
            Path file = folder.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
        return new ShortPrompts(folder.resolve("notices"), folder.resolve("prompts"), made.clips());
    }

    private static synchronized Made made(String language, int least)
            throws IOException, BadNoticesException {
        String key = language + " " + least;
        Made known = MADE.get(key);
        if (known != null) {
            return known;
        }
        Path folder = Files.createTempDirectory("prompts");
        ShortPrompts made = make(folder, language, least);
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.isRegularFile(each)) {
                    files.put(folder.relativize(each).toString(), Files.readAllBytes(each));
                }
                Files.delete(each);
            }
        }
        Made result = new Made(Map.copyOf(files), made.clips());
        MADE.put(key, result);
        return result;
    }

    private static ShortPrompts make(Path folder, String language, int least)
            throws IOException, BadNoticesException {
        Path notices = folder.resolve("notices");
        Path prompts = folder.resolve("prompts");
        Path shipped = PROJECT.resolve("config/notices");
        for (String file : files(language)) {
            copy(shipped.resolve(file), notices.resolve(file));
        }
        copy(
                shipped.resolve("profiles/de-2026-08.yaml"),
                notices.resolve("profiles/de-2026-08.yaml"));
        var voice =
                new VoiceSettings(prompts, folder.resolve("cache"), false, ShippedLanguages.ALL);
        PromptLibrary library = PromptLibrary.open(voice);
        for (Map.Entry<String, String> text : texts(notices, language).entrySet()) {
            library.adopt(
                    language,
                    text.getValue(),
                    new Wav(
                            melody(text.getValue(), Math.max(least, millis(text.getKey()))),
                            PcmFrame.SAMPLE_RATE),
                    "a test",
                    "none");
        }
        Map<String, AudioClip> clips = new HashMap<>();
        NoticeLibrary loaded =
                NoticeLibrary.load(
                        new TextSources(notices, voice, NoticeUse.none(LocalDate.EPOCH)), library);
        Notice notice = loaded.all("demo", language).getFirst();
        notice.texts().keySet().forEach(part -> clips.put(part, loaded.clip(notice, part)));
        return new ShortPrompts(notices, prompts, Map.copyOf(clips));
    }

    /** As a person has to, before a new version may be spoken. */
    void signOff(String version) throws IOException {
        Path file = notices.resolve("demo/en/" + version + ".yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("  who:\n", "  who: Ada Holm\n")
                        .replace("  when:\n", "  when: 2026-11-24\n"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        String text = ExampleCompany.replacedIn(Files.readString(from));
        Files.writeString(to, toldApart(remembered(text)));
    }

    /** In each language of the tests. */
    private static final List<String[]> LISTEN_AND_WRITE =
            List.of(
                    new String[] {"listen", " and write down"},
                    new String[] {"zuhören", " und mitschreiben"});

    /** The tests' levels last, too. */
    private static String remembered(String yaml) {
        String all = yaml.replace("levels: [merken]", "levels: [basis, komfort, voll, merken]");
        for (String level : new String[] {"basis", "komfort", "voll"}) {
            for (String[] words : LISTEN_AND_WRITE) {
                String asked = level.equals("basis") ? words[0] : words[0] + words[1];
                all =
                        all.replaceAll(
                                "(?m)^  (known[a-z-]*)\\.merken: (.*?)" + words[0] + "(.*)$",
                                "  $1." + level + ": $2" + asked + "$3\n$0");
            }
        }
        return all;
    }

    /** A text that several parts share gets a mark more in each, and so a melody of its own. */
    private static String toldApart(String yaml) {
        Set<String> seen = new HashSet<>();
        return yaml.lines()
                        .map(line -> {
                            String apart = line;
                            while (line.matches("  [a-z][^ ]*: [^\"\\[{].*")
                                    && !seen.add(apart.substring(apart.indexOf(": ")))) {
                                apart += "!";
                            }
                            return apart;
                        })
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static List<String> files(String language) {
        return List.of(
                "common/" + language + ".yaml", "demo/" + language + "/" + VERSION + ".yaml");
    }

    static Map<String, String> texts(Path notices, String language) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String file : files(language)) {
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
        return part.matches("(question|menu|repeat|known|remember|privacy-menu).*")
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
