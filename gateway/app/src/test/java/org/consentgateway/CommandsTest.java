package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.reload.ShownSettings;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Commands as typed, on a copy of the shipped texts and recordings. */
@Timeout(60)
class CommandsTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", ".."), "config").toAbsolutePath();

    private static final Duration SOON = Duration.ofSeconds(20);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir private Path home;
    private Path config = Path.of("unset");

    @BeforeEach
    void theShippedTextsAndRecordings() throws IOException {
        for (String folder : List.of("notices", "prompts")) {
            copy(SHIPPED.resolve(folder), home.resolve(folder));
        }
        String shipped = Files.readString(SHIPPED.resolve("gateway.yaml"));
        config =
                Files.writeString(
                        home.resolve("gateway.yaml"),
                        shipped.replace("config/notices", home.resolve("notices").toString())
                                .replace("config/prompts", home.resolve("prompts").toString())
                                .replace(
                                        "config/languages", SHIPPED.resolve("languages").toString())
                                .replace("config/lexicon", SHIPPED.resolve("lexicon").toString())
                                .replace(
                                        "config/compliance",
                                        SHIPPED.resolve("compliance").toString())
                                .replace("data/", home.resolve("data") + "/"));
    }

    @Test
    void checkConfigFindsATextWhoseRecordingIsStale() throws IOException {
        assertThat(run("check-config")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("caution: the texts are not compared with what was spoken before");
        Path text = home.resolve("notices/demo/de/2026-11.yaml");
        Files.writeString(
                text, Files.readString(text).replaceFirst("hier ist die KI", "hier ist eine KI"));

        assertThat(run("check-config")).isEqualTo(3);

        assertThat(err.toString())
                .contains("notices/demo/de/2026-11.yaml:", "texts.opening", "no recording in")
                .contains("(for example: scripts/gateway prompts render)")
                .contains("nothing would start");
    }

    /** Each of these went through before, and what it promised in records was never said. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    purposes: [assistant, transcript] | purposes: [assistant, marketing, voice-biometrics], retention: P5Y | line demo can agree to voice-biometrics in level komfort, and no words ask for it
                    purposes: [assistant, transcript, recording] | purposes: [assistant, transcript, learning] | line demo-menu can agree to learning in level voll, and the menu does not say its words
                    validity: call | validity: P12M | level basis of line demo holds for P12M, and no words ask for that
                    validity: P12M | validity: P24M | the words "ein Jahr lang" are for P12M, but level merken of line demo-remember holds for P24M
                    agents: true | agents: false | sign-off.who: is the sign-off of the shipped example
                    """)
    void whatNoWordsAskForDoesNotStart(String before, String after, String why) throws Exception {
        String shipped =
                Files.readString(config)
                        .replace("Firma Beispiel", "Firma Fjord")
                        .replace("Beispielweg 2", "Deich 2");
        String from = before.contains("purposes") ? "    " + before + "\n" : before;
        String to =
                before.contains("purposes")
                        ? "    " + after.replace(", retention", "\n    retention") + "\n"
                        : after;
        assertThat(shipped).contains(from);
        Files.writeString(config, shipped.replaceFirst(Pattern.quote(from), to));

        assertThat(run("check-config")).isEqualTo(3);
        assertThat(err.toString()).contains(why).contains("nothing would start");
        assertThatThrownBy(() -> Gateway.start(GatewayConfig.load(config, home)))
                .isInstanceOf(BadNoticesException.class)
                .hasMessageContaining(why);
    }

    /** Who relies on check-config would find the gateway down after the next start. */
    @ParameterizedTest
    @EnumSource
    void whatAStartRefusesOfTextsThatWereSpokenIsNotRight(Otherwise otherwise) throws Exception {
        areSpoken();
        assertThat(run("check-config")).as(err.toString()).isZero();
        assertThat(out.toString()).doesNotContain("not compared");

        switch (otherwise) {
            case RECORDING -> recorded("opening", 0.2);
            case WORDS -> {
                edit(home.resolve("notices/common/de.yaml"), "  goodbye: ", "  goodbye: Danke. ");
                recorded("goodbye", 0.4);
            }
            case TERMS -> edit(config, "- name: Firma Beispiel", "- name: Firma Beispiel Zwei");
        }

        assertThat(run("serve")).isEqualTo(3);
        String refused = err.toString();
        assertThat(refused).contains(otherwise.told);
        err.getBuffer().setLength(0);
        assertThat(run("check-config")).isEqualTo(3);
        assertThat(err.toString())
                .contains(refused.lines().toList())
                .contains("nothing would start");
    }

    /** In what a text differs from what was spoken under its version. */
    private enum Otherwise {
        RECORDING("texts.opening: version 2026-11 was spoken since"),
        WORDS("with other words: "),
        TERMS("when processing.recipients of the configuration were ");

        private final String told;

        Otherwise(String told) {
            this.told = told;
        }
    }

    /** As at a start, without taking a call. */
    private void areSpoken() throws Exception {
        GatewayConfig loaded = GatewayConfig.load(config, home);
        Startup startup =
                Startup.of(
                        loaded,
                        InstantSource.system(),
                        System::nanoTime,
                        new ShownSettings(Optional.empty()));
        NoticesReading texts =
                NoticesReading.of(loaded, startup.expected().instant().atZone(ZoneOffset.UTC));
        var spoken = new SpokenNotices(loaded, texts);
        try (Proof proof = Proof.open(startup, spoken::of)) {
            var reading = new ConfigReading(loaded, startup.settings(), texts.get());
            spoken.archive(reading, proof, startup.expected());
        }
    }

    /** The German recording of a part again, with a pause before it. */
    private void recorded(String part, double pause) throws IOException {
        String text = part.equals("opening") ? "Musterfirma, hier ist" : "Im Moment ist niemand";
        Path manifest = home.resolve("prompts/de/manifest.tsv");
        String row =
                Files.readAllLines(manifest).stream()
                        .filter(one -> one.contains("	" + text))
                        .findFirst()
                        .orElseThrow();
        Wav before = Wav.readMono(manifest.resolveSibling(row.split("	", -1)[1]));
        short[] samples = new short[before.samples().length + (int) (pause * before.rate())];
        System.arraycopy(
                before.samples(),
                0,
                samples,
                samples.length - before.samples().length,
                before.samples().length);
        Path file = home.resolve("again.wav");
        new Wav(samples, before.rate()).write(file);
        int code =
                run(
                        "prompts",
                        "adopt",
                        part,
                        file.toString(),
                        "--language=de",
                        "--notice=demo",
                        "--voice=a test",
                        "--licence=none",
                        "--any-language");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("notices/")
                .contains(
                        "texts." + part + ": version 2026-11 was spoken since",
                        "No gateway starts with this");
    }

    private static void edit(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertThat(text).containsOnlyOnce(before);
        Files.writeString(file, text.replace(before, after));
    }

    @Test
    void checkConfigFindsARecordingThatWasChangedOrLost() throws IOException {
        Path changed = recordings().get(0);
        Path lost = recordings().get(1);
        byte[] sound = Files.readAllBytes(changed);
        sound[sound.length - 1] ^= 1;
        Files.write(changed, sound);
        Files.delete(lost);

        assertThat(run("check-config")).isEqualTo(3);

        assertThat(err.toString())
                .contains(changed + ": is not the sound that was recorded")
                .contains(lost + ": named in manifest.tsv, but not there");
    }

    @Test
    void checkConfigTellsOfACertificateThatEndsSoonAndRefusesOneThatHasEnded() throws Exception {
        Certificates certificates = Certificates.in(home);
        String without = Files.readString(config);

        Files.writeString(config, withTls(without, certificates, Certificates.GATEWAY));
        assertThat(run("check-config")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "caution: sip.tls.certificate: CN=gateway in .*gateway.crt ends on"
                                + " [-0-9]+, in 1 days: put a new one in its place and reload");

        Files.writeString(config, withTls(without, certificates, certificates.ended()));
        assertThat(run("check-config")).isEqualTo(3);
        assertThat(err.toString())
                .containsPattern(
                        "sip.tls.certificate: CN=ended in .*ended.crt has ended on [-0-9]+: peers"
                                + " refuse it; put a new one in its place and reload")
                .contains("what it names has ended; calls by TLS would fail");
    }

    private static String withTls(String yaml, Certificates from, String name) {
        String changed =
                yaml.replace("listen: [udp:", "listen: [tls:127.0.0.1:5061, udp:")
                        .replaceFirst("certificate:", "certificate: " + from.certificate(name))
                        .replaceFirst("key:", "key: " + from.key(name));
        assertThat(changed).contains("tls:127.0.0.1:5061,", from.key(name).toString());
        return changed;
    }

    /** Of texts that are not right nothing is claimed. */
    @Test
    void theDocumentsForCounselAreWrittenOfTextsThatAreRight() throws IOException {
        Path into = home.resolve("pack");
        String told = Files.readString(config);
        Files.writeString(
                config, told.replace("country: DE # where they", "country: US # where they"));
        assertThat(run("compliance", "render", "--out", into.toString()))
                .as("what no caller can hear of")
                .isNotZero();
        assertThat(err.toString()).contains("texts.information: does not say where");
        assertThat(into).doesNotExist();
        Files.writeString(config, told);

        assertThat(run("compliance", "render", "--out", into.toString(), "--language", "de"))
                .as(err.toString())
                .isZero();

        assertThat(out.toString())
                .contains("10 documents, as .md and .html, in " + into.resolve("de"))
                .contains("missing in the configuration: processing.authority");
        assertThat(into.resolve("en")).doesNotExist();
        assertThat(Files.readString(into.resolve("de/record-of-processing.md")))
                .contains(
                        "- Musterfirma, Musterweg 1",
                        "| Rufnummer, Mitschrift | Firma Beispiel (Auftragsverarbeiter, DE) |"
                                + " keine | 30 Tage |");
        assertThat(run("compliance", "render", "--language", "fr")).isEqualTo(2);
        assertThat(err.toString()).contains("--language takes de, en, not fr");
    }

    @Test
    void aDemoCallToNobodySaysSoAndWhatToDo() throws IOException {
        try (DatagramSocket mute = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String target = "sip:demo@127.0.0.1:" + mute.getLocalPort();
            long start = System.nanoTime();

            assertThat(run("demo-call", "--key", "1", "--to", target)).isEqualTo(1);

            assertThat(out.toString())
                    .containsPattern("nobody +answers at " + target)
                    .contains("scripts/run");
            // Far from the 32 s in which an unanswered INVITE fails (RFC 3261 §17.1.1.2, timer B).
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }

    /** Somebody new whose call is refused has to learn whether to wait or to look in the log. */
    @Test
    void aDemoCallThatIsRefusedSaysWhyAndWhenToCallAgain() throws Exception {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        try (SipPeer full = SipPeer.udp("127.0.0.1", nowhere);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String target = "sip:demo@127.0.0.1:" + full.port;
            Future<Integer> called =
                    threads.submit(() -> run("demo-call", "--key", "1", "--to", target));
            SipMessage invite = full.expectRequest("INVITE");
            String caller = invite.find("Via: SIP/2.0/UDP 127.0.0.1:(\\d+)");
            full.to(new InetSocketAddress(nowhere.getAddress(), Integer.parseInt(caller)));
            full.send(invite.response("503 Service Unavailable", "t", "Retry-After: 7\r\n", ""));

            assertThat(called.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("refused with 503: no room just now", "the gateway's log says which")
                    .contains("call again in 7 s (Retry-After)");
        }
    }

    @Test
    void aDemoCallSaysWhichFormIsRight() {
        assertThat(run("demo-call", "--to", "tel:+4930123456")).isEqualTo(2);
        assertThat(run("demo-call", "--language", "fr")).isEqualTo(2);
        assertThat(run("demo-call", "--from", "bad number;x")).isEqualTo(2);
        assertThat(run("demo-call", "--key", "1", "--withdraw-after", "-3")).isEqualTo(2);
        assertThat(run("webhooks", "test", "nope")).isEqualTo(1);

        assertThat(err.toString())
                .contains("--to takes an address such as sip:demo@127.0.0.1:5060, not tel:")
                .contains("--language takes de, en, not fr")
                .contains("--from takes a number such as +4915112345678 or anonymous")
                .contains("--withdraw-after takes 0 or more seconds, not -3")
                .contains("no webhook nope is configured and enabled; there is none");
        assertThat(run("help", "serve")).isZero();
        assertThat(out.toString()).contains("Usage: gateway serve");
    }

    private int run(String... arguments) {
        String[] all =
                Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
                        .toArray(String[]::new);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    /** Of the German texts, in the order of the manifest. */
    private List<Path> recordings() throws IOException {
        return Files.readAllLines(home.resolve("prompts/de/manifest.tsv")).stream()
                .skip(1)
                .map(row -> home.resolve("prompts/de").resolve(row.split("\t", -1)[1]))
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Two tables of exit codes would contradict each other. */
    @ParameterizedTest
    @CsvSource({"ledger,verify", "receipt,verify", "ledger,archive", "ledger,backup"})
    void aCommandWithExitCodesOfItsOwnTellsOfThoseAlone(String group, String command) {
        assertThat(run(group, command, "--help")).isZero();
        assertThat(out.toString())
                .containsOnlyOnce("Exit code")
                .doesNotContain("it could not be done, or what was checked is not right");
    }

    @Test
    void aFileThatCannotBeUsedIsToldWithTheReason() throws IOException {
        Path nowhere = home.resolve("nowhere.wav");
        assertThat(run("demo-call", "--play", nowhere.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("demo-call: " + nowhere + " is not there");

        Path file = Files.writeString(home.resolve("data"), "in place of a folder");
        assertThat(run("check-config")).isZero();
        assertThat(out.toString())
                .contains("caution: store.keys: " + file + " is no directory, and a gateway of")
                .contains("caution: store.url: " + file + " is no directory, and a gateway of");
    }

    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");
    private static final Pattern TYPED =
            Pattern.compile(
                    "(?:scripts/gateway|(?<![/\\w.-])consent-gateway) +((?:--)?[a-z][^\\n`#|;&]*)");

    /** Who has an incident cannot find out first what a command is called. */
    @Test
    void everyCommandOnAPageIsThere() throws IOException {
        List<String> unknown = new ArrayList<>();
        int commands = 0;
        CommandLine ours = Main.commandLine();
        Path project = SHIPPED.resolveSibling(".").normalize();
        for (Path page : pages(project)) {
            for (MatchResult code : CODE.matcher(Files.readString(page)).results().toList()) {
                for (MatchResult typed : TYPED.matcher(code.group()).results().toList()) {
                    commands++;
                    if (!isKnown(ours, typed.group(1).split("[\\s\\[\\]]+"))) {
                        unknown.add(project.relativize(page) + ": " + typed.group());
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(commands).as("commands were found at all").isGreaterThan(100);
    }

    private static List<Path> pages(Path project) throws IOException {
        try (Stream<Path> all = Files.walk(project)) {
            return all.filter(file -> file.toString().endsWith(".md"))
                    // What was called otherwise once stands there.
                    .filter(file -> !file.endsWith("CHANGELOG.md"))
                    .filter(file ->
                            !project.relativize(file)
                                    .toString()
                                    .matches("(?:.*/)?(?:target|node_modules|data|\\.git)/.*"))
                    .toList();
        }
    }

    /** Words lead to a command, which has the options; a user of that name has none of ours. */
    private static boolean isKnown(CommandLine ours, String[] words) {
        CommandLine command = ours;
        boolean named = false;
        for (String word : words) {
            CommandLine next = command.getSubcommands().get(word);
            if (next != null && !named) {
                command = next;
            } else if (word.startsWith("--")) {
                named = true;
                if (command.getCommandSpec().findOption(word.replaceFirst("=.*", "")) == null) {
                    return false;
                }
            } else if (word.matches("[a-z][a-z-]*") && !named) {
                named = true;
                if (command.getCommandSpec().positionalParameters().isEmpty()) {
                    return false;
                }
            } else if (!word.startsWith("-")) {
                named = true;
            }
        }
        return true;
    }
}
