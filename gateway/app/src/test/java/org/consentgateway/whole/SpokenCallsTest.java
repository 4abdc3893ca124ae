package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.RttStream;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Callers who speak, and what is left of it: a record, and nothing else anywhere. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class SpokenCallsTest {
    private static final Path WORDS = ShortPrompts.PROJECT.resolve("config/prompts/demo/say");

    /** As long as a number, so that it does not come up by chance. */
    private static final String PRESSED = "7294318657";

    /** A word in which the machine stood still so long may not be understood. */
    private static final Duration STALL = Duration.ofMillis(50);

    private static final AtomicLong NUMBERS = new AtomicLong(491748363000L);

    @TempDir static Path folder;
    private static TestGateway gateway;
    private static EveryLine every;

    @BeforeAll
    static void start() throws Exception {
        every = EveryLine.listen();
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL.withSpeech(),
                        // Who types is given only to an assistant that reads.
                        yaml -> yaml.replace("\"sip:assistant@", "\"sip:" + Callee.TEXTED + "@"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        every.close();
    }

    /** Thread-safe. Every line that anybody logs, at the finest level. */
    private static final class EveryLine extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Map<Logger, Level> levels = new HashMap<>();
        private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();

        static EveryLine listen() {
            EveryLine all = new EveryLine();
            all.setContext(all.loggers);
            all.start();
            for (Logger logger : all.loggers.getLoggerList()) {
                if (logger.getLevel() != null) {
                    all.levels.put(logger, logger.getLevel());
                    logger.setLevel(Level.TRACE);
                }
            }
            all.loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(all);
            return all;
        }

        @Override
        protected void append(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(event.getLoggerName()).append(' ');
            line.append(event.getFormattedMessage()).append(' ').append(event.getMDCPropertyMap());
            line.append(event.getKeyValuePairs()).append(' ').append(event.getThreadName());
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                line.append(ThrowableProxyUtil.asString(thrown));
            }
            lines.add(line.toString());
        }

        Queue<String> lines() {
            return lines;
        }

        void close() {
            loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(this);
            levels.forEach(Logger::setLevel);
        }
    }

    @Story
    void whatIsTypedIsInNoLogMetricOrFile() throws Exception {
        String number = "+491748362958";
        String typed = "zebrafinch";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).withText(true).calls()) {
            RttStream text = caller.text();
            text.type(typed + "\u2028");
            await().until(() -> text.read().contains("?"));
            int asked = text.read().length();
            text.type("yes, " + typed + "\u2028");
            await("asked again").until(() -> text.read().indexOf('?', asked) > 0);
            text.type("yes\u2028");
            TestWait.until(() -> gateway.story(number).contains("AssistantOpened"));
            text.type(typed);
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            caller.hangsUp();
        }
        TestWait.until(() -> gateway.story(number).contains("AssistantCut CALLER_HUNG_UP"));
        assertThat(every.lines()).noneMatch(line -> line.contains(typed));
        for (String path : new String[] {"/metrics", "/", "/health/ready"}) {
            assertThat(gateway.http(path)).isNotBlank().doesNotContain(typed);
        }
        noFileHolds(typed.getBytes(StandardCharsets.UTF_8), "what was typed");
    }

    @Story
    void aWholeCallLeavesNoNumberAndNoWordInAnyLogMetricOrFile() throws Exception {
        AudioClip agree = Wav.read(WORDS.resolve("en-i-agree.wav")).clip();
        AudioClip voice = AudioClip.of(Tone.sine(Caller.VOICE_HERTZ, 20_000, 6000));
        TestCaller caller =
                understood(
                        TestGateway.ONE_LEVEL,
                        it -> it.hears("question.assistant").says(agree).hears("assistant"));
        String number = caller.number;
        // Ten digits in a row do not come up by chance among ids and times; fewer do.
        String digits = number.substring(number.length() - 10);
        caller.says(voice);
        AnsweredCall assistant = gateway.assistantOf(number);
        TestWait.until(assistant::heardTheCaller);
        caller.presses(PRESSED);
        TestWait.until(() -> assistant.keys().equals(PRESSED));
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestCaller.calls(gateway, TestGateway.PRIVACY, number).hears("privacy-menu").hangsUp();
        TestWait.until(() -> gateway.gateway().active() == 0);
        Queue<String> lines = every.lines();
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
        Entry given =
                gateway.entries(number).stream()
                        .filter(e -> e.type() == EntryType.GIVEN)
                        .findFirst()
                        .orElseThrow();
        assertThat(TestGateway.payload(given).at("/decision/method").asText()).isEqualTo("SPEECH");
        String words = TestGateway.payload(given).at("/decision/words").asText();
        assertThat(words).as("the record, and only the record, has the words").isNotBlank();

        assertThat(lines)
                .as("lines at TRACE, from the start of the gateway on")
                .hasSizeGreaterThan(100)
                .anyMatch(line -> line.contains("call ended"));
        assertThat(lines).noneMatch(line -> line.contains(digits));
        Pattern spoken =
                Pattern.compile(
                        "\\b(" + Pattern.quote(words) + "|I agree)\\b", Pattern.CASE_INSENSITIVE);
        assertThat(lines).noneMatch(line -> spoken.matcher(line).find());
        assertThat(lines).noneMatch(line -> line.contains(PRESSED));
        for (String path : new String[] {"/metrics", "/", "/health/ready"}) {
            String shown = gateway.http(path);
            assertThat(shown).isNotBlank().doesNotContain(digits);
            assertThat(spoken.matcher(shown).find()).as("words in " + path).isFalse();
        }
        noFileHolds(digits.getBytes(StandardCharsets.US_ASCII), "the number");
        noFileHolds(digits.getBytes(StandardCharsets.UTF_16LE), "the number");
        noFileHolds(words.getBytes(StandardCharsets.UTF_8), "the words");
        for (AudioClip said : new AudioClip[] {agree, voice}) {
            byte[] alaw = said.octets(G711.PCMA);
            int loud = loudest(alaw);
            byte[] piece = Arrays.copyOfRange(alaw, loud, loud + 40);
            noFileHolds(piece, "audio");
            noFileHolds(pcm(G711.PCMA.decode(piece)), "audio");
        }
    }

    /** Where there is certainly more than silence: the frame with the most level. */
    private static int loudest(byte[] alaw) {
        short[] pcm = G711.PCMA.decode(alaw);
        int best = 0;
        double most = -1;
        for (int at = 0; at + 160 <= pcm.length; at += 160) {
            double level = Tone.level(Arrays.copyOfRange(pcm, at, at + 160));
            if (level > most) {
                most = level;
                best = at;
            }
        }
        return best;
    }

    private static byte[] pcm(short[] samples) {
        ByteBuffer octets = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : samples) {
            octets.putShort(sample);
        }
        return octets.array();
    }

    private static void noFileHolds(byte[] what, String name) throws IOException {
        String wanted = new String(what, StandardCharsets.ISO_8859_1);
        List<Path> files;
        try (Stream<Path> all = Files.walk(gateway.data())) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSizeGreaterThan(3);
        List<Path> holding = new ArrayList<>();
        for (Path file : files) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            if (content.contains(wanted)) {
                holding.add(file);
            }
        }
        assertThat(holding).as("files with " + name).isEmpty();
    }

    @Story
    void aSpokenWithdrawalEndsTheConversationAndIsRecordedAsSpoken() throws Exception {
        AudioClip withdraw = Wav.read(WORDS.resolve("en-withdraw-consent.wav")).clip();
        TestCaller caller =
                understood(
                        TestGateway.MENU,
                        it ->
                                it.hears("menu")
                                        .presses("2")
                                        .hears("confirm.komfort")
                                        .hears("assistant")
                                        .says(withdraw)
                                        .hears("withdrawn"));
        caller.hears("to-human").hears("human");
        TestWait.until(gateway.assistantOf(caller.number)::over);
        caller.hangsUp();
        gateway.tellsOfWithdrawal(caller.number, "komfort", "SPEECH", "BYE");
    }

    /** Somebody else calls where the machine stood still in a word. */
    private static TestCaller understood(String line, Consumer<TestCaller> talks) throws Exception {
        return Stalls.measured(
                STALL,
                () -> {
                    String number = "+" + NUMBERS.incrementAndGet();
                    TestCaller caller = TestCaller.calls(gateway, line, number);
                    try {
                        talks.accept(caller);
                    } catch (AssertionError unheard) {
                        if (!caller.over()) {
                            caller.hangsUp();
                        }
                        throw unheard;
                    }
                    return caller;
                },
                caller -> true);
    }

    @Story
    void aSoftphoneWithAnAudioFileAgreesBySpeaking() throws Exception {
        boolean talked =
                Stalls.measured(
                        STALL,
                        () -> {
                            String number = "+" + NUMBERS.incrementAndGet();
                            softphoneTalks(number);
                            return true;
                        },
                        done -> done);
        assertThat(talked).isTrue();
    }

    private static void softphoneTalks(String number) throws Exception {
        try (Softphone phone =
                Softphone.start(
                        folder.resolve("baresip" + number),
                        "<sip:" + number + "@127.0.0.1>;regint=0",
                        spoken(),
                        RtpPorts.PHONES,
                        gateway.uri(TestGateway.ONE_LEVEL))) {
            talks(phone, number);
        }
    }

    private static void talks(Softphone phone, String number) throws Exception {
        try {
            gateway.tellsOfTalk(number, "basis");
        } catch (AssertionError e) {
            throw new AssertionError(phone.output(), e);
        }
        String call = gateway.callIds(number).getFirst();
        List<AnsweredCall> visits = gateway.assistant().calls("X-Gateway-Call-Id", call);
        assertThat(visits).hasSize(1);
        await().until(() -> visits.getFirst().over());
        assertThat(visits.getFirst().heardTheCaller()).isTrue();
        short[] sound = phone.heard();
        assertThat(Tone.level(Arrays.copyOf(sound, 8000))).as("the opening").isGreaterThan(1000);
    }

    /** Silence, "I agree" after the question, silence, and then a voice for the assistant. */
    private static short[] spoken() throws IOException {
        short[] agree = Wav.read(WORDS.resolve("en-i-agree.wav")).at(8000).samples();
        short[] voice = Tone.sine(Caller.VOICE_HERTZ, 5000, 6000);
        int agreeAt = 8 * 3000;
        int voiceAt = agreeAt + agree.length + 8 * 2000;
        short[] all = new short[voiceAt + voice.length + 8 * 500];
        System.arraycopy(agree, 0, all, agreeAt, agree.length);
        System.arraycopy(voice, 0, all, voiceAt, voice.length);
        return all;
    }
}
