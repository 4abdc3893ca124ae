package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.consentgateway.Gateway;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.ExampleCompany;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.RttStream;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long callers wait: real calls over the shipped configuration, texts and recordings, from the
 * answer to the INVITE that the assistant or the human gets, with callers who press their keys at
 * the first moment that counts. They all call at once.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@Nightly("30 s of the processor in real calls, for a table of the README")
class TimingTableTest {
    private static final Path CONFIG = ShortPrompts.PROJECT.resolve("config");
    private static final String NONE = "none";

    /** A key is pressed so long after the moment from which it counts, as on a line of 100 ms. */
    private static final double LATER = 0.2;

    private static final double PATIENCE_SECONDS = 40;

    /** So long a pause of the machine shows in these times. */
    private static final Duration STALL = Duration.ofMillis(50);

    /** Calls of one row; more than three only where the machine stalls. */
    private static final int MOST = 7;

    @TempDir Path folder;

    private final List<NoticeReport.Row> rows = new ArrayList<>();
    private final List<Telephone> telephones = new ArrayList<>();
    private Callee assistant;
    private Callee human;
    private Gateway gateway;

    /** What a caller does: keys, each with the seconds after the answer. */
    private record Press(double at, char key) {}

    /**
     * @param line of the configuration below
     * @param to who has to be called in the end, "assistant" or "human"
     * @param budget seconds from the answer
     */
    private record Row(String what, String line, String to, double budget, List<Press> keys) {}

    @BeforeEach
    void start() throws Exception {
        assistant = new Callee("assistant", new byte[8000]);
        human = new Callee("human", new byte[8000]);
        theShippedTextsOfAnotherCompany();
        Path file = Files.writeString(folder.resolve("gateway.yaml"), configuration());
        gateway = Gateway.start(GatewayConfig.load(file, folder));
    }

    @AfterEach
    void end() throws Exception {
        telephones.forEach(Telephone::close);
        gateway.close();
        assistant.close();
        human.close();
    }

    @Test
    void everyCallerIsHelpedInTheSecondsThatTheProductPromises() throws Exception {
        double first = opening() + asked("question.assistant") + LATER;
        double whole = opening() + seconds("de", "question.assistant") + LATER;
        double second = asked("question.transcript") + 2 * LATER;
        double english = LATER + 0.5;
        double american =
                row("us", "en", "opening").sound().orElseThrow().seconds()
                        + asked("us", "en", "question.assistant");
        List<Row> table =
                List.of(
                        new Row(
                                "yes at once, one question",
                                "one",
                                "assistant",
                                10,
                                List.of(new Press(first, '1'))),
                        new Row(
                                "yes at once, two questions",
                                "two",
                                "assistant",
                                16,
                                List.of(new Press(first, '1'), new Press(first + second, '1'))),
                        new Row(
                                "listens to all, two questions",
                                "listens",
                                "assistant",
                                20,
                                List.of(
                                        new Press(whole, '1'),
                                        new Press(
                                                whole
                                                        + seconds("de", "question.transcript")
                                                        + 2 * LATER,
                                                '1'))),
                        new Row(
                                "no at once",
                                "no",
                                "human",
                                first + 3,
                                List.of(new Press(first, '2'))),
                        new Row(
                                "no in the opening",
                                "early",
                                "human",
                                1 + 3,
                                List.of(new Press(1, '2'))),
                        new Row("silent", "silent", "human", 35, List.of()),
                        new Row(
                                "English by star, yes at once",
                                "english",
                                "assistant",
                                10,
                                List.of(
                                        new Press(english, '*'),
                                        new Press(
                                                english
                                                        + seconds("en", "opening")
                                                        + asked("en", "question.assistant")
                                                        + 3 * LATER,
                                                '1'))));

        List<CompletableFuture<Double>> calls = table.stream().map(this::call).toList();
        CompletableFuture<Double> known =
                CompletableFuture.supplyAsync(() -> best(7, this::knownCaller));
        CompletableFuture<Reading> text = CompletableFuture.supplyAsync(this::reading);

        StringBuilder told = new StringBuilder("\nseconds from the answer to the INVITE\n");
        line(told, "first question answerable, English offered", first - LATER, 6);
        line(told, "the same, all-party states of the USA", american, 6);
        for (int i = 0; i < table.size(); i++) {
            line(told, table.get(i).what, calls.get(i).join(), table.get(i).budget);
        }
        line(told, "known caller", known.join(), 7);
        line(told, "real-time text, question readable", text.join().readable(), 7);
        line(told, "real-time text, yes typed 1 s later", text.join().assistant(), 10);
        System.out.println(told);
        for (int i = 0; i < table.size(); i++) {
            assertThat(calls.get(i).join())
                    .as(told.toString())
                    .isLessThanOrEqualTo(table.get(i).budget);
        }
        assertThat(first - LATER).isLessThanOrEqualTo(6);
        assertThat(american).isLessThanOrEqualTo(6);
        assertThat(known.join()).as(told.toString()).isLessThanOrEqualTo(7);
        assertThat(text.join().readable()).as(told.toString()).isLessThanOrEqualTo(7);
        assertThat(text.join().assistant()).as(told.toString()).isLessThanOrEqualTo(10);
    }

    private static void line(StringBuilder told, String what, double seconds, double budget) {
        told.append("%-46s %5.1f of %4.1f%n".formatted(what, seconds, budget));
    }

    private CompletableFuture<Double> call(Row row) {
        Callee to = row.to.equals("assistant") ? assistant : human;
        return CompletableFuture.supplyAsync(() ->
                best(
                        row.budget,
                        attempt -> called(row.line, number(row.line, attempt), to, row.keys)));
    }

    private static String number(String line, int attempt) {
        return "+4930%d%05d".formatted(attempt, Math.floorMod(line.hashCode(), 100_000));
    }

    /** A machine that stalls speaks late, so that a key comes too early: measured again then. */
    private static double best(double budget, IntToDoubleFunction call) {
        double best = Double.POSITIVE_INFINITY;
        boolean stalled = true;
        for (int attempt = 1; attempt <= MOST && stalled && best > budget; attempt++) {
            long begun = Stalls.now();
            best = Math.min(best, call.applyAsDouble(attempt));
            stalled = attempt < 3 || Stalls.sinceNanos(begun).compareTo(STALL) >= 0;
        }
        return best;
    }

    /** Agrees, and to being remembered; the second call counts. */
    private double knownCaller(int attempt) {
        double first = opening() + asked("question.assistant") + LATER;
        double then = seconds("de", "remember") + 3 * LATER;
        String number = number("known", attempt);
        double _ =
                called(
                        "known",
                        number,
                        assistant,
                        List.of(new Press(first, '1'), new Press(first + then, '1')));
        double asked =
                seconds("en", "language-offer")
                        + seconds("de", "opening-known")
                        + asked("known.merken")
                        + LATER;
        return called("known", number, assistant, List.of(new Press(asked, '1')));
    }

    /** Seconds from the answer until there is one INVITE more for this line; infinite for none. */
    private double called(String line, String number, Callee to, List<Press> keys) {
        try {
            int before = to.calls("To", "-" + line + "@").size();
            var answered = new CompletableFuture<Long>();
            Telephone telephone =
                    Telephone.calls(
                            sip(),
                            line,
                            number,
                            new Telephone.Listener() {
                                @Override
                                public void answered() {
                                    answered.complete(System.nanoTime());
                                }
                            });
            synchronized (telephones) {
                telephones.add(telephone);
            }
            telephone.say(new byte[8000 * 60]);
            long start = answered.orTimeout(10, TimeUnit.SECONDS).join();
            for (Press press : keys) {
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> since(start) >= press.at);
                telephone.press(press.key);
            }
            boolean reached = false;
            while (!reached && since(start) < PATIENCE_SECONDS) {
                LockSupport.parkNanos(5_000_000);
                reached = to.calls("To", "-" + line + "@").size() > before;
            }
            double seconds = reached ? since(start) : Double.POSITIVE_INFINITY;
            telephone.hangUp();
            return seconds;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Seconds from the answer. */
    private record Reading(double readable, double assistant) {}

    private Reading reading() {
        try {
            return Stalls.measured(
                    STALL, this::reads, it -> it.readable() <= 7 && it.assistant() <= 10);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A caller without sound, who answers a second after the question can be read. */
    private Reading reads() {
        int before = assistant.calls("To", ":texted@").size();
        String question = row("de", "question.assistant").text();
        try (Caller caller =
                Caller.of(sip(), "text", "+4930777").withText(false, RttStream.USUAL).calls()) {
            long start = System.nanoTime();
            while (!caller.text().read().contains(ExampleCompany.replacedIn(question))) {
                LockSupport.parkNanos(5_000_000);
            }
            double readable = since(start);
            LockSupport.parkNanos(1_000_000_000);
            caller.text().type("ja\u2028");
            while (assistant.calls("To", ":texted@").size() == before) {
                LockSupport.parkNanos(5_000_000);
            }
            double called = since(start);
            caller.hangsUp();
            return new Reading(readable, called);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private InetSocketAddress sip() {
        return gateway.listening().getFirst();
    }

    // ------------------------------------------------------------------ texts

    private double opening() {
        return seconds("en", "language-offer") + seconds("de", "opening");
    }

    private double asked(String part) {
        return asked("de", part);
    }

    /** From the beginning of a question to the end of its first asking sentence. */
    private double asked(String language, String part) {
        return asked("demo", language, part);
    }

    private double asked(String notice, String language, String part) {
        NoticeReport.Row row = row(notice, language, part);
        return row.sound().orElseThrow().seconds() * FirstQuestion.share(row.text());
    }

    private double seconds(String language, String part) {
        return row(language, part).sound().orElseThrow().seconds();
    }

    private NoticeReport.Row row(String language, String part) {
        return row("demo", language, part);
    }

    private NoticeReport.Row row(String notice, String language, String part) {
        return rows.stream()
                .filter(row ->
                        row.notice().startsWith(notice + "/" + language + "/")
                                && row.part().equals(part))
                .findFirst()
                .orElseThrow();
    }

    /** Names differ, lengths do not: each text keeps the recording of the shipped one. */
    private void theShippedTextsOfAnotherCompany() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIG.resolve("notices"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(CONFIG.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, ExampleCompany.replacedIn(Files.readString(file)));
            }
        }
        var voice =
                new VoiceSettings(
                        CONFIG.resolve("prompts"),
                        folder.resolve(NONE),
                        false,
                        ShippedLanguages.ALL);
        PromptLibrary shipped = PromptLibrary.open(voice);
        PromptLibrary own =
                PromptLibrary.open(
                        new VoiceSettings(
                                folder.resolve("prompts"),
                                folder.resolve(NONE),
                                false,
                                ShippedLanguages.ALL));
        rows.addAll(
                NoticeReport.of(
                                new TextSources(
                                        CONFIG.resolve("notices"),
                                        voice,
                                        NoticeUse.none(LocalDate.EPOCH)),
                                shipped)
                        .rows());
        for (NoticeReport.Row row : rows) {
            own.adopt(
                    row.language(),
                    ExampleCompany.replacedIn(row.text()),
                    new Wav(
                            shipped.clip(row.language(), row.text()).linear(),
                            PcmFrame.SAMPLE_RATE),
                    "one",
                    NONE);
        }
    }

    /** The shipped one, elsewhere, and with a line and callees for each row. */
    private String configuration() throws IOException {
        String shipped =
                ExampleCompany.replacedIn(Files.readString(CONFIG.resolve("gateway.yaml")));
        StringBuilder assistants = new StringBuilder("assistants:\n");
        StringBuilder humans = new StringBuilder("humans:\n");
        StringBuilder lines = new StringBuilder("lines:\n");
        for (String line :
                List.of(
                        "one", "two", "listens", "no", "early", "silent", "english", "known",
                        "text")) {
            assistants.append(target(line, assistant));
            humans.append(target(line, human));
            String levels =
                    switch (line) {
                        case "known" -> "[merken]";
                        case "one", "english", "text" -> "[basis]";
                        default -> "[basis, komfort]";
                    };
            lines.append(
                    "  - {name: %1$s, numbers: [%1$s], notice: demo, levels: %2$s, assistant: %1$s, humans: [%1$s]}%n"
                            .formatted(line, levels));
        }
        return shipped.replaceAll(
                        "(?s)\nassistants:.*?\n# What can be agreed",
                        "\n" + assistants + "\n" + humans + "\n# What can be agreed")
                .replaceAll("(?s)\nlines:.*?\ndrain:", "\n" + lines + "\ndrain:")
                .replaceAll("listen: \\[udp:.*?\\]", "listen: [\"udp:127.0.0.1:0\"]")
                .replace("listen: 127.0.0.1:8080", "listen: \"127.0.0.1:0\"")
                .replace("first: 20000", "first: " + RtpPorts.GATEWAY)
                .replace("last: 23999", "last: " + (RtpPorts.GATEWAY + 999))
                .replace("  calls: 400 ", "  calls: 100 ")
                .replace("keep-alive: 30s", "keep-alive: 0s")
                .replace("busy-percent: 90", "busy-percent: 100")
                .replace("audio-lag: 100ms", "audio-lag: 10s")
                .replace("config/prompts", folder.resolve("prompts").toString())
                .replace("config/notices", folder.resolve("notices").toString())
                .replace("config/lexicon", CONFIG.resolve("lexicon").toString())
                .replace("config/languages", CONFIG.resolve("languages").toString())
                .replace("data/", folder.resolve("data") + "/")
                .replace("agents: true", "agents: false");
    }

    private static String target(String line, Callee callee) {
        String uri = callee.uri().replace("@", "-" + line + "@");
        return "  - {name: %s, uri: \"%s\"}%n"
                .formatted(
                        line,
                        line.equals("text")
                                ? uri.replaceFirst(":[^:@]+@", ":" + Callee.TEXTED + "@")
                                : uri);
    }
}
