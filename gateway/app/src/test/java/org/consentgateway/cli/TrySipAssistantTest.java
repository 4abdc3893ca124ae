package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.whole.Softphone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What is said of SIP assistants, right ones and wrong ones. Each is called for some ten seconds,
 * so all at once.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Nightly("waits for peers that never answer; TryAssistantCommandTest is in each run")
class TrySipAssistantTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", ".."));

    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();
    private static final Map<SipBot.Fault, SipBot> BOTS = new EnumMap<>(SipBot.Fault.class);
    private static final Map<SipBot.Fault, Future<Trial>> TRIALS =
            new EnumMap<>(SipBot.Fault.class);

    @TempDir private static Path folder;

    private static SipBot careful;
    private static SipBot gullible;
    private static Future<Trial> checked;
    private static Future<Trial> taken;
    private static SipBot waiting;
    private static Future<Trial> takenInSilence;
    private static Softphone phone;
    private static Future<Trial> telephone;

    /** How one call ended, and what was said of it. */
    private record Trial(int code, List<String> lines) {}

    @BeforeAll
    static void begin() throws Exception {
        new Wav(Tone.sine(1000, 400, 8000), 8000).write(folder.resolve("speech.wav"));
        for (SipBot.Fault fault : SipBot.Fault.values()) {
            SipBot bot = new SipBot(fault);
            BOTS.put(fault, bot);
            TRIALS.put(fault, CALLERS.submit(() -> of(bot.uri())));
        }
        String issuer = "http://127.0.0.1:" + FreePort.next();
        String other = "http://127.0.0.1:" + FreePort.next();
        gullible = new SipBot(SipBot.Fault.NONE);
        taken = CALLERS.submit(() -> of(gullible.uri(), "--issuer", other));
        String third = "http://127.0.0.1:" + FreePort.next();
        waiting = new SipBot(SipBot.Fault.WAITS_TO_BE_SPOKEN_TO);
        takenInSilence = CALLERS.submit(() -> of(waiting.uri(), "--issuer", third));
        Predicate<SipMessage> sample = sample(issuer);
        careful = new SipBot(SipBot.Fault.NONE, sample);
        checked = CALLERS.submit(() -> of(careful.uri(), "--issuer", issuer));
        phone =
                Softphone.start(
                        folder.resolve("phone"),
                        "<sip:bot@127.0.0.1>;regint=0;answermode=auto",
                        beeps(),
                        RtpPorts.PHONES,
                        "");
        telephone = CALLERS.submit(() -> of("sip:bot@127.0.0.1:" + phone.sipPort()));
    }

    /** A second of a tone every five, for a minute. */
    private static short[] beeps() {
        short[] beeps = new short[60 * 8000];
        short[] tone = Tone.sine(500, 1000, 8000);
        for (int at = 0; at < beeps.length; at += 5 * 8000) {
            System.arraycopy(tone, 0, beeps, at, tone.length);
        }
        return beeps;
    }

    @AfterAll
    static void end() {
        BOTS.values().forEach(SipBot::close);
        careful.close();
        gullible.close();
        waiting.close();
        phone.close();
        CALLERS.close();
    }

    /** The one that builders of assistants are given, as they would use it. */
    private static Predicate<SipMessage> sample(String issuer) throws Exception {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int failed =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                classes.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                PROJECT.resolve("config/assistants/verify/ConsentVerifier.java")
                                        .toString());
        assertThat(failed).isZero();
        var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        Class<?> type = loader.loadClass("ConsentVerifier");
        Object verifier =
                type.getConstructor(String.class, String.class).newInstance(issuer, "assistant");
        Method verify = type.getMethod("verify", String.class, String.class);
        return invite -> {
            try {
                Object _ =
                        verify.invoke(
                                verifier,
                                invite.header("X-Consent-Token"),
                                invite.header("X-Gateway-Call-Id"));
                return true;
            } catch (InvocationTargetException refused) {
                return false;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Trial of(String... arguments) {
        var said = new StringWriter();
        CommandLine command =
                new CommandLine(
                        new TryAssistantCommand(() -> PROJECT.resolve("config/prompts/demo")));
        command.setOut(new PrintWriter(said, true));
        command.setErr(new PrintWriter(said, true));
        int code =
                command.execute(
                        Stream.concat(
                                        Stream.of(
                                                "--speech",
                                                folder.resolve("speech.wav").toString(),
                                                "--ring-timeout",
                                                "4",
                                                "--media-ports",
                                                RtpPorts.PEERS + "-" + (RtpPorts.PEERS + 999)),
                                        Arrays.stream(arguments))
                                .toArray(String[]::new));
        return new Trial(
                code,
                said.toString()
                        .lines()
                        .map(line -> line.replaceAll("[0-9.]+ s\\b", "N s"))
                        .toList());
    }

    private static final String CODEC = "+ It agrees to PCMA.";
    private static final String GREETS = "+ It greets, and its greeting ends after N s.";
    private static final String LESS =
            "+ It goes on when the caller ends one purpose (transcript).";
    private static final String ANSWERS = "+ It answers the caller.";
    private static final String HELD = "+ It bears a hold (re-INVITE), and goes on after it.";
    private static final String ENDS = "+ It takes the end of the consent, and the BYE.";

    /** But for what a busy machine makes of it: a slow answer, uneven packets. */
    private static final List<String> RIGHT = List.of(CODEC, GREETS, LESS, ANSWERS, HELD, ENDS);

    /** The line that tells of each fault; those with a minus are no reason to fail. */
    private static String told(SipBot.Fault fault) {
        return switch (fault) {
            case NONE -> ENDS;
            case SILENT ->
                    "! Nothing comes back within N s: the gateway waits no longer, and the caller"
                            + " goes to a human.";
            case RINGS ->
                    "! It rings for N s and does not answer: the caller goes to a human"
                            + " (ring-timeout).";
            case RINGS_AND_BEARS_NO_CANCEL ->
                    "! It does not stop when the call is cancelled: 487 has to come (RFC 3261"
                            + " §9.2).";
            case BUSY -> "! It refuses the call (486): it is busy, or not there.";
            case SAYS_NO_MEDIA -> "! Its 200 says nothing of media: an answer has to hold an SDP.";
            case OTHER_CODEC -> "! Its answer cannot be used: no common codec:";
            case NO_KEYS ->
                    "- It does not take keys: its answer has no telephone-event (RFC 4733).";
            case NO_INFO -> "- Its 2xx does not allow INFO:";
            case NO_SOUND -> "! No sound comes from it within N s: not one RTP packet.";
            case SOUND_FROM_ELSEWHERE ->
                    "! No sound comes from it within N s: its RTP comes from another address than"
                            + " its answer names.";
            case WRONG_PAYLOAD ->
                    "! No sound comes from it within N s: its RTP has a payload type that was not"
                            + " agreed.";
            case REFUSES_INFO ->
                    "- It takes INFO (Allow), and answers 415 to application/consent+json:";
            case REFUSES_HOLD -> "! It refuses a re-INVITE (hold) with 488.";
            case IGNORES_HOLD -> "! It answers a hold (a=sendonly) with sendrecv:";
            case HANGS_UP -> "- It hangs up by itself after N s.";
            case NEVER_ENDS ->
                    "! It does not answer the BYE: the record then says that it was not told.";
            case ASKS -> "+ It asks for \"recording\", and is told yes.";
            case WAITS_TO_BE_SPOKEN_TO -> "- It says nothing for N s: a caller hears silence";
        };
    }

    private static Trial trial(SipBot.Fault fault) throws Exception {
        return Objects.requireNonNull(TRIALS.get(fault)).get();
    }

    private static SipBot bot(SipBot.Fault fault) {
        return Objects.requireNonNull(BOTS.get(fault));
    }

    @Test
    void whatABotDoesWrongIsSaidInWords() throws Exception {
        for (SipBot.Fault fault : SipBot.Fault.values()) {
            Trial trial = trial(fault);
            assertThat(trial.lines())
                    .as(fault.name())
                    .anyMatch(line -> line.startsWith(told(fault)));
            boolean wrong = trial.lines().stream().anyMatch(line -> line.startsWith("!"));
            assertThat(wrong)
                    .as(fault + " " + trial.lines())
                    .isEqualTo(told(fault).startsWith("!"));
            assertThat(trial.code()).as(fault.name()).isEqualTo(wrong ? 1 : 0);
        }
        assertThat(trial(SipBot.Fault.NONE).lines()).containsAll(RIGHT);
        assertThat(bot(SipBot.Fault.NONE).told()).contains("ended", "withdrawn");
        assertThat(bot(SipBot.Fault.ASKS).told())
                .contains("asking", "granted", "assistant recording");
        assertThat(trial(SipBot.Fault.NEVER_ENDS).lines())
                .anyMatch(line -> line.startsWith("! It still sends a second after the BYE"));
    }

    /** A telephone program that is not ours (baresip), which plays a file. */
    @Test
    void aTelephoneIsCalledAndHeldAndHearsTheEnd() throws Exception {
        List<String> told = telephone.get().lines();

        assertThat(told).contains(CODEC, GREETS, ANSWERS, HELD, ENDS);
        assertThat(told).anyMatch(line -> line.startsWith("- It takes INFO (Allow), and answers"));
        assertThat(told).noneMatch(line -> line.startsWith("!"));
        assertThat(telephone.get().code()).isZero();
    }

    @Test
    void whereNobodyIsAndWhatIsNoAddressIsSaid() {
        assertThat(of("sip:bot@127.0.0.1:1;transport=tcp").lines())
                .contains(
                        "! It cannot be reached: no server answers at"
                                + " sip:bot@127.0.0.1:1;transport=tcp.");
        Trial none = of("sip:bot@");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.lines().getFirst()).contains("right would be sip:bot@192.0.2.7:5060");
        assertThat(of("sip:bot@127.0.0.1", "--issuer", "https://x").code()).isEqualTo(2);
        assertThat(of("sip:bot@127.0.0.1", "--srtp", "yes").lines().getFirst())
                .contains("right would be off, optional or required");
    }

    @Test
    void whoBelievesAForgedTokenIsToldOfEach() throws Exception {
        assertThat(taken.get().lines().stream().filter(line -> line.startsWith("! ")))
                .hasSize(9)
                .allMatch(line -> line.startsWith("! It talks to a caller though "));
        assertThat(taken.get().code()).isEqualTo(1);
        Trial refused = checked.get();
        assertThat(refused.lines().subList(0, 9))
                .allMatch(line -> line.startsWith("+ It does not talk to a caller when "))
                .anyMatch(line -> line.contains("withdrawn"))
                .anyMatch(line -> line.contains("HS256"));
        assertThat(refused.lines()).containsAll(RIGHT);
        assertThat(refused.code()).isZero();
    }

    /** It says nothing until the caller does, be the token right or wrong. */
    @Test
    void whoBelievesAForgedTokenAndIsSilentAtFirstIsToldToo() throws Exception {
        assertThat(takenInSilence.get().lines().subList(0, 9))
                .allMatch(line -> line.startsWith("! It talks to a caller though "));
    }
}
