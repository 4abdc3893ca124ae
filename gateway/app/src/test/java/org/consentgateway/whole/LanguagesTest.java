package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.Gateway;
import org.consentgateway.demo.PromptFrames;
import org.consentgateway.demo.PromptSpotter;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.ExampleCompany;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.Telephone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** In which language callers are spoken to: real calls over the shipped texts of all languages. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Execution(ExecutionMode.CONCURRENT)
class LanguagesTest {
    private static final Path CONFIG = ShortPrompts.PROJECT.resolve("config");
    private static final String FRENCH = "+4930123461";
    private static final String TURKISH = "+4930123462";
    private static final String THREE = "+4930123463";
    private static final String GERMAN_FIRST = "+4930123464";
    private static final String ADDED = "+4930123465";

    /** A language of which no code knows: its files are the French ones under another name. */
    private static final String NEW = "qq";

    /** Long enough to press a key in, short enough for a test. */
    private static final int PROMPT_MILLIS = 900;

    @TempDir static Path folder;

    /** Language and what is said, to its sound. */
    private static final Map<String, AudioClip> SOUNDS = new HashMap<>();

    /** Language and part, to language and what is said. */
    private static final Map<String, String> TEXTS = new HashMap<>();

    private static PromptFrames frames;
    private static Callee assistant;
    private static Callee human;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        assistant = new Callee("assistant", new byte[8000]);
        human = new Callee("human", new byte[8000]);
        copy("languages", "lexicon", "models");
        textsOfAnotherCompany();
        addALanguage();
        speakAll();
        frames = new PromptFrames(SOUNDS);
        Path file = Files.writeString(folder.resolve("gateway.yaml"), configuration());
        gateway = Gateway.start(GatewayConfig.load(file, folder));
    }

    @AfterAll
    static void end() throws Exception {
        gateway.close();
        assistant.close();
        human.close();
    }

    /** Confined to a test, but for what it hears. */
    private static final class Listening implements Telephone.Listener, AutoCloseable {
        private final List<String> begun = new CopyOnWriteArrayList<>();
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private final Telephone telephone;
        private final PromptSpotter spotter =
                new PromptSpotter(
                        frames,
                        new PromptSpotter.Listener() {
                            @Override
                            public void begins(String prompt) {
                                begun.add(prompt);
                            }

                            @Override
                            public void ends(String prompt, boolean whole) {
                                ended.add(prompt);
                            }
                        });

        Listening(String line, String number, String headers) throws Exception {
            InetSocketAddress sip = gateway.listening().getFirst();
            telephone = Telephone.calls(sip, line, number, headers, this);
        }

        Listening hears(String language, String part) {
            String text = TEXTS.get(language + " " + part);
            assertThat(text).as(language + " " + part).isNotNull();
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(begun).contains(text));
            return this;
        }

        /** A yes counts from the end of the first sentence that asks. */
        Listening answers(String language, String part, String key) {
            String text = TEXTS.get(language + " " + part);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(ended).contains(text));
            return presses(key);
        }

        Listening presses(String keys) {
            keys.chars().forEach(key -> telephone.press((char) key));
            return this;
        }

        /** In this order, and nothing else before them. */
        void heardFirst(String... languagesAndParts) {
            List<String> texts = Stream.of(languagesAndParts).map(TEXTS::get).toList();
            assertThat(begun).startsWith(texts.toArray(String[]::new));
        }

        @Override
        public void answered() {}

        @Override
        public void audio(byte[] octets, Law law) {
            spotter.hears(new PcmFrame(law.decode(octets), 0, PcmFrame.Origin.RECEIVED));
        }

        @Override
        public void over(Telephone.Outcome how) {}

        @Override
        public void close() {
            telephone.hangUp();
            telephone.close();
        }
    }

    private static void assistantIsCalledAfter(int before) {
        await().atMost(Duration.ofSeconds(30)).until(() -> assistant.calls().size() > before);
    }

    @Test
    void aNumberOfItsOwnStartsInItsLanguageAndAsksByKeys() throws Exception {
        for (String language : List.of("fr", "tr")) {
            int before = assistant.calls().size();
            String line = language.equals("fr") ? FRENCH : TURKISH;
            try (var caller = new Listening(line, "+4917600011" + line.substring(9), "")) {
                caller.hears(language, "question-keys.assistant");
                caller.heardFirst(
                        "de language-offer",
                        language + " opening",
                        language + " question-keys.assistant");
                caller.answers(language, "question-keys.assistant", "1")
                        .hears(language, "confirm-keys.basis");
                assistantIsCalledAfter(before);
            }
        }
    }

    @Test
    void aLanguageIsAddedByDataAlone() throws Exception {
        int before = assistant.calls().size();
        try (var caller = new Listening(ADDED, "+491760001501", "")) {
            caller.hears(NEW, "question-keys.assistant");
            caller.heardFirst(
                    "de language-offer", NEW + " opening", NEW + " question-keys.assistant");
            caller.answers(NEW, "question-keys.assistant", "1").hears(NEW, "confirm-keys.basis");
            assistantIsCalledAfter(before);
        }
        try (var caller = new Listening(ADDED, "+491760001502", "")) {
            caller.hears("de", "language-offer").presses("*").hears("de", "opening");
            caller.hears("de", "question.assistant").presses("*").hears(NEW, "opening");
            caller.presses("2").hears(NEW, "refused");
        }
    }

    @Test
    void aTrunksHeaderStartsInALanguageThatTheLineHas() throws Exception {
        String header = "Accept-Language: ja, tr;q=0.8, de;q=0.2\r\n";
        try (var caller = new Listening(THREE, "+491760001201", header)) {
            caller.hears("tr", "question-keys.assistant");
            caller.heardFirst("de language-offer", "en language-offer-2", "tr opening");
        }
        try (var caller = new Listening(THREE, "+491760001202", "Accept-Language: ja, it\r\n")) {
            caller.hears("de", "opening");
            caller.heardFirst("en language-offer", "tr language-offer-2", "de opening");
        }
    }

    @Test
    void starGoesOnAndTwoStarsLeadToTheThirdLanguage() throws Exception {
        try (var caller = new Listening(THREE, "+491760001301", "")) {
            caller.hears("en", "language-offer").presses("*");
            caller.hears("en", "opening").presses("*").hears("tr", "opening");
            caller.hears("tr", "question-keys.assistant").presses("*").hears("de", "opening");
        }
        try (var caller = new Listening(THREE, "+491760001302", "")) {
            caller.hears("tr", "language-offer-2").presses("**").hears("tr", "opening");
            caller.hears("tr", "question-keys.assistant").presses("2").hears("tr", "refused");
        }
    }

    @Test
    void whereALanguageHasAModelItsCallersAreAskedInWordsAndOthersByKeys() throws Exception {
        try (var caller = new Listening(GERMAN_FIRST, "+491760001401", "")) {
            caller.hears("de", "question.assistant").presses("*");
            caller.hears("fr", "question-keys.assistant");
        }
    }

    private static boolean isSpoken(Path file) {
        return file.toString().matches(".*/(common|demo|profiles)/.*\\.yaml");
    }

    private static void copy(String... folders) throws IOException {
        for (String each : folders) {
            try (Stream<Path> files = Files.walk(CONFIG.resolve(each))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = folder.resolve(CONFIG.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** As CONTRIBUTING says it. */
    private static void addALanguage() throws IOException {
        added("languages/fr.yaml", "languages/qq.yaml");
        added("lexicon/fr.yaml", "lexicon/qq.yaml");
        added("notices/common/fr.yaml", "notices/common/qq.yaml");
        added("notices/demo/fr/2026-11.yaml", "notices/demo/qq/2026-11.yaml");
        Path profile = folder.resolve("notices/profiles/de-2026-08.yaml");
        Files.writeString(
                profile, Files.readString(profile).replaceAll("fr: (\\[[^]]*])", "fr: $1, qq: $1"));
    }

    private static void added(String french, String other) throws IOException {
        Path file = folder.resolve(other);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                Files.readString(folder.resolve(french))
                        .replace("language: fr", "language: " + NEW)
                        .replace("region: fr-FR", "region: qq-QQ"));
    }

    private static void textsOfAnotherCompany() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIG.resolve("notices"))) {
            for (Path file : files.filter(LanguagesTest::isSpoken).toList()) {
                Path copy = folder.resolve(CONFIG.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, ExampleCompany.replacedIn(Files.readString(file)));
            }
        }
    }

    private static void speakAll() throws Exception {
        Path recordings = folder.resolve("prompts");
        var voice =
                new VoiceSettings(
                        recordings,
                        folder.resolve("none"),
                        false,
                        LanguageFiles.read(folder.resolve("languages")));
        PromptLibrary own = PromptLibrary.open(voice);
        List<NoticeReport.Row> rows =
                NoticeReport.of(
                                new TextSources(
                                        folder.resolve("notices"),
                                        voice,
                                        NoticeUse.none(LocalDate.EPOCH)),
                                own)
                        .rows();
        for (NoticeReport.Row row : rows) {
            short[] melody = ShortPrompts.melody(row.language() + row.text(), PROMPT_MILLIS);
            own.adopt(
                    row.language(),
                    row.text(),
                    new Wav(melody, PcmFrame.SAMPLE_RATE),
                    "a test",
                    "none");
            String spoken = row.language() + " " + row.text();
            TEXTS.put(row.language() + " " + row.part(), spoken);
            SOUNDS.put(spoken, own.clip(row.language(), row.text()));
        }
    }

    private static String configuration() {
        String lines =
                line("french", FRENCH, "fr, de")
                        + line("turkish", TURKISH, "tr, de")
                        + line("three", THREE, "de, en, tr")
                        + line("german", GERMAN_FIRST, "de, fr")
                        + line("added", ADDED, NEW + ", de");
        return """
        node: {id: languages}
        sip: {listen: ["udp:127.0.0.1:0"]}
        media:
          address: 127.0.0.1
          ports: {first: %1$d, last: %2$d}
        limits: {calls: 50, busy-percent: 100, audio-lag: 10s}
        store: {url: "jdbc:sqlite:%3$s/ledger.db", keys: "%3$s/keys", checkpoints: {export: "%3$s/checkpoints"}}
        web: {listen: "127.0.0.1:0"}
        prompts: {directory: "%4$s/prompts", cache: "%4$s/none"}
        notices: {directory: "%4$s/notices"}
        lexicon: {directory: "%4$s/lexicon"}
        languages: {directory: "%4$s/languages"}
        trunks:
          - {name: local, sources: ["127.0.0.1"], accept-language: true}
        assistants:
          - {name: assistant, uri: "%5$s", ring-timeout: 5s}
        humans:
          - {name: human, uri: "%6$s", ring-timeout: 5s}
        levels:
          - {id: basis, purposes: [assistant]}
        lines:
        """
                        .formatted(
                                RtpPorts.GATEWAY,
                                RtpPorts.GATEWAY + 999,
                                folder.resolve("data"),
                                folder,
                                assistant.uri(),
                                human.uri())
                + lines;
    }

    private static String line(String name, String number, String languages) {
        return "  - {name: %s, numbers: [\"%s\"], notice: demo, languages: [%s], levels: [basis], assistant: assistant, humans: [human], first-input: 3s}%n"
                .formatted(name, number, languages);
    }
}
