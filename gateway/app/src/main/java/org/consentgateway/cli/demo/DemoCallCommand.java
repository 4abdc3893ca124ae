package org.consentgateway.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.consentgateway.cli.ExitCode;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.SipUri;
import org.consentgateway.demo.CallerPorts;
import org.consentgateway.demo.DemoCaller;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code demo-call}: a caller that shows what a caller hears. */
@Command(
        name = "demo-call",
        description = {
            "Calls the running gateway and shows what happens, line by line.",
            "Without --key, --say or --play the caller stays silent."
        })
public final class DemoCallCommand implements Callable<Integer> {
    private static final int MAX_CALLS = 500;

    private static final int USUAL_PORT = 5060;

    /** Where the caller finds recordings of words. */
    private static final String WORDS = "demo/say";

    private final DemoWorld world;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--key",
            paramLabel = "KEYS",
            split = ",",
            description =
                    "Keys, one for each question, such as 1 or 1,1,2; then 2 for any further.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--text",
            description = {
                "Neither hears nor speaks: reads and types (real-time text, RFC 4103).",
                "Types what --key or --say names, ja where neither does."
            })
    private boolean text;

    @Option(names = "--silent", description = "Answers nothing at all.")
    private boolean silent;

    @Option(
            names = "--say",
            paramLabel = "WORD",
            split = ",",
            description = "Words, one for each question, such as ja, nein, yes, \"ich stimme zu\".")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--play",
            paramLabel = "FILE",
            description = "A recording (WAV) to answer the first question with.")
    private @Nullable Path recording;

    @Option(
            names = "--language",
            paramLabel = "LANG",
            description = {
                "Presses * at the first question until it is this one (the line's first), and",
                "speaks it: de or en."
            })
    private @Nullable String language;

    @Option(names = "--hang-up-during", paramLabel = "STAGE", description = "opening or question.")
    private @Nullable String hangUpDuring;

    @Option(
            names = "--withdraw-after",
            paramLabel = "SECONDS",
            description = "Presses *9 so long after the assistant began to speak.")
    private @Nullable Integer withdrawAfter;

    @Option(
            names = "--to",
            paramLabel = "SIP-URI",
            description = {
                "Whom to call, such as sip:demo@127.0.0.1:5060; or only demo or a number, at the",
                "port for UDP that the configuration says (${DEFAULT-VALUE})."
            })
    private String to = "demo";

    @Option(
            names = "--from",
            paramLabel = "NUMBER",
            description = "The caller's number, or anonymous (one made up for each call).")
    private @Nullable String from;

    @Option(names = "--calls", paramLabel = "N", description = "So many calls at once (1).")
    private int calls = 1;

    @Option(
            names = "--expect",
            paramLabel = "WHAT",
            description = {
                "What has to be heard or recorded for exit code 0: assistant, human, the key of a",
                "part such as goodbye, or record:TYPE such as record:Unanswered."
            })
    private List<String> expect = new ArrayList<>();

    @Option(
            names = "--story",
            paramLabel = "NAME",
            description = {
                "One of the demonstration's stories, instead of all above but --from and --save:",
                "yes, twice, listens, no, no-in-opening, silent, english, remembered, known,"
                        + " withdraws,",
                "information, rates, text, complains, call-back, call-back-elsewhere."
            })
    private @Nullable String story;

    @Option(
            names = "--all",
            paramLabel = "DIR",
            description = "All stories one after the other; what was heard is saved there.")
    private @Nullable Path all;

    @Option(
            names = "--at",
            paramLabel = "ADDRESS",
            description = {
                "Address of this machine that is called from (127.0.0.1); to be told where the",
                "gateway or the proxy before it is another machine."
            })
    private @Nullable InetAddress at;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Where what the caller heard is saved (data/demo-call.wav).")
    private @Nullable Path save;

    public DemoCallCommand(DemoWorld world) {
        this.world = world;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        InetAddress here = at == null ? InetAddress.getLoopbackAddress() : at;
        var ports = Duration.ofSeconds(1);
        GatewayConfig.Ports gateways = world.config().media().ports();
        CallerPorts own = CallerPorts.beside(gateways.first(), gateways.last());
        var settings =
                new MediaSettings(here, own.first(), own.last(), ports, Duration.ofMinutes(1), 0);
        List<Story> stories = stories();
        try (MediaEngine media = MediaEngine.start(settings);
                DemoCaller caller = DemoCaller.start(new InetSocketAddress(here, 0), media);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            if (all != null) {
                return tellAll(stories, caller, out) ? ExitCode.DONE : ExitCode.FAILED;
            }
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                String tag = calls == 1 ? "" : String.format("#%-3d ", i + 1);
                Path file = i == 0 ? stories.getFirst().save() : null;
                var transcript = new DemoRun.Transcript(out, tag);
                DemoScript script = stories.getFirst().script();
                var run = new DemoRun(world, caller, script, number(i), file, transcript);
                running.add(threads.submit(run));
            }
            return allWell(running, out) ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /**
     * One call.
     *
     * @param again whether by the caller of the story before
     * @param save where what was heard goes; null: nowhere
     */
    private record Story(String name, DemoScript script, boolean again, @Nullable Path save) {}

    private List<Story> stories() throws IOException {
        if (all != null) {
            Files.createDirectories(all);
            List<Story> stories = new ArrayList<>();
            for (DemoStories each : DemoStories.values()) {
                DemoScript script = each.script(gatewayHere());
                @Nullable Path file = script.text() ? null : all.resolve(each.word() + ".wav");
                boolean again = each == DemoStories.KNOWN;
                stories.add(new Story(each.description, script, again, file));
            }
            return stories;
        }
        if (story == null) {
            return List.of(new Story("", script(), false, save()));
        }
        DemoStories told =
                DemoStories.of(story).orElseThrow(() -> wrong("--story: there is no " + story));
        return List.of(new Story(told.description, told.script(gatewayHere()), false, save()));
    }

    /** One after the other, since some build on those before, and then as a table. */
    private boolean tellAll(List<Story> stories, DemoCaller caller, PrintWriter out)
            throws Exception {
        int first = world.random();
        int callers = 0;
        List<String> table = new ArrayList<>();
        boolean well = true;
        for (Story each : stories) {
            if (!each.again()) {
                callers++;
            }
            String number = from == null ? String.format("+49151%07d", first + callers) : from;
            out.printf("%n%s%n", each.name());
            var run =
                    new DemoRun(
                            world,
                            caller,
                            each.script(),
                            number,
                            each.save(),
                            new DemoRun.Transcript(out, "  "));
            boolean asAsked = run.call();
            well &= asAsked;
            String saved = each.save() == null ? "(nothing to hear)" : each.save().toString();
            table.add(
                    String.format(
                            Locale.ROOT,
                            "%-42s %-8s %s",
                            each.name(),
                            run.helpedAfter() < 0
                                    ? "-"
                                    : String.format(Locale.ROOT, "%.1f s", run.helpedAfter()),
                            asAsked ? saved : "NOT AS ASKED, " + saved));
        }
        out.printf("%nFrom the answer until assistant or human was heard:%n");
        table.forEach(out::println);
        out.flush();
        return well;
    }

    private boolean allWell(List<Future<Boolean>> running, PrintWriter out)
            throws InterruptedException, ExecutionException {
        int well = 0;
        for (Future<Boolean> one : running) {
            well += one.get() ? 1 : 0;
        }
        if (calls > 1) {
            out.println(well + " of " + calls + " calls ended as asked.");
            out.flush();
        }
        return well == calls;
    }

    private DemoScript script() throws IOException {
        if (calls < 1 || calls > MAX_CALLS) {
            throw wrong("--calls takes 1 to " + MAX_CALLS);
        }
        if (hangUpDuring != null && !hangUpDuring.matches("opening|question")) {
            throw wrong("--hang-up-during takes opening or question, not " + hangUpDuring);
        }
        if (withdrawAfter != null && withdrawAfter < 0) {
            throw wrong("--withdraw-after takes 0 or more seconds, not " + withdrawAfter);
        }
        if (from != null && !from.matches("[+]?[A-Za-z0-9._-]{1,32}")) {
            throw wrong("--from takes a number such as +4915112345678 or anonymous, not " + from);
        }
        if (text && recording != null) {
            throw wrong("--text goes without --play");
        }
        if (silent && !(keys.isEmpty() && words.isEmpty() && recording == null)) {
            throw wrong("--silent goes with neither --key nor --say nor --play");
        }
        List<DemoScript.Answer> answers = new ArrayList<>();
        answers.addAll(Collections.nCopies(languageChanges(), new DemoScript.Keys("*")));
        for (String key : keys) {
            if (!key.matches("[0-9*#]{1,4}")) {
                throw wrong("--key takes keys such as 1 or 1,1,2, not " + key);
            }
            answers.add(text ? new DemoScript.WrittenWords(key) : new DemoScript.Keys(key));
        }
        for (String word : said()) {
            answers.add(
                    text
                            ? new DemoScript.WrittenWords(word)
                            : new DemoScript.Speech(word, spoken(word)));
        }
        if (recording != null) {
            AudioClip clip = Wav.read(recording).at(8000).clip();
            answers.add(new DemoScript.Speech(recording.getFileName().toString(), clip));
        }
        DemoScript.Habits habits = DemoScript.Habits.leaving(hangUpDuring, withdrawAfter);
        return new DemoScript(target(), text, answers, habits, expectations());
    }

    private List<String> said() {
        boolean nothing = keys.isEmpty() && words.isEmpty() && !silent && hangUpDuring == null;
        return text && nothing ? List.of("ja") : words;
    }

    /** A number or name alone is dialled at the gateway of this machine. */
    private String target() {
        String uri =
                to.startsWith("sip:")
                        ? to
                        : "sip:" + (to.contains("@") ? to : to + "@" + gatewayHere());
        try {
            return SipUri.parse(uri).text();
        } catch (IllegalArgumentException e) {
            throw wrong("--to takes an address such as sip:demo@127.0.0.1:5060, not " + to);
        }
    }

    private String gatewayHere() {
        int port =
                world.config().sip().listen().stream()
                        .filter(each -> each.transport() == ListenAddress.Protocol.UDP)
                        .mapToInt(each -> each.at().port())
                        .findFirst()
                        .orElse(USUAL_PORT);
        return "127.0.0.1:" + port;
    }

    /** How often the star key leads from the language spoken first to the one wanted. */
    private int languageChanges() {
        List<String> languages = languages();
        String wanted = language == null ? languages.getFirst() : language;
        if (!languages.contains(wanted)) {
            throw wrong("--language takes " + String.join(", ", languages) + ", not " + wanted);
        }
        return languages.indexOf(wanted);
    }

    /** Of the line that is called, or those of all where it is not known by that name. */
    private List<String> languages() {
        String called = target().replaceAll("^sip:|@.*$", "");
        List<LineConfig> lines = world.config().lines();
        return lines.stream()
                .filter(line -> line.numbers().contains(called))
                .map(LineConfig::languages)
                .findFirst()
                .orElseGet(() ->
                        lines.stream()
                                .flatMap(line -> line.languages().stream())
                                .distinct()
                                .toList());
    }

    private AudioClip spoken(String word) throws IOException {
        Path folder = world.config().prompts().directory().resolve(WORDS);
        String name = (language == null ? "de" : language) + "-" + word.replace(' ', '-') + ".wav";
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            throw wrong(
                    "There is no recording of \""
                            + word
                            + "\" in "
                            + folder
                            + "; --play FILE plays any other.");
        }
        return Wav.read(file).at(8000).clip();
    }

    /** What the options ask for, where --expect does not say it. */
    private List<String> expectations() {
        if (!expect.isEmpty()) {
            return expect;
        }
        if (hangUpDuring != null) {
            return List.of("record:Unanswered");
        }
        if (withdrawAfter != null) {
            return List.of("assistant", "record:Withdrawn", "withdrawn", "human");
        }
        if (recording != null) {
            return List.of();
        }
        List<String> said = said();
        String first = keys.isEmpty() ? said.isEmpty() ? "" : said.getFirst() : keys.getFirst();
        return switch (first) {
            case "1", "3", "ja", "yes", "ich stimme zu", "i agree" -> List.of("assistant");
            default -> List.of("human");
        };
    }

    private String number(int i) {
        return from != null ? from : String.format("+49151%07d", world.random() + i);
    }

    private @Nullable Path save() throws IOException {
        Path file = save == null ? world.data().resolve("demo-call.wav") : save;
        Files.createDirectories(file.toAbsolutePath().getParent());
        return file;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
    }
}
