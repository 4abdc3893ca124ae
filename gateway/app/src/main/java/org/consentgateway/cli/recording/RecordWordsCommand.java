package org.consentgateway.cli.recording;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.EndSignal;
import org.consentgateway.cli.ExitCode;
import org.consentgateway.config.HostPort;
import org.consentgateway.demo.RecordingLine;
import org.consentgateway.demo.RecordingScript;
import org.consentgateway.demo.StaffRecordings;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.FreeTtsVoice;
import org.consentgateway.speech.voice.Voice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code record-words}: a line that collects words from one's own. */
@Command(
        name = "record-words",
        description = {
            "Takes calls of your own staff, asks each for consent by key 1, and records single"
                    + " words,",
            "labelled for scripts/evaluate-speech. Key 9 deletes all of a call; so does --delete"
                    + " with",
            "the code that the caller was told; what is older than --keep goes by itself."
        })
public final class RecordWordsCommand implements Callable<Integer> {
    private static final int FIRST_PORT = 28_000;
    private static final int LAST_PORT = 28_099;

    private static final List<String> GERMAN =
            List.of(
                    "ja",
                    "nein",
                    "jawohl",
                    "einverstanden",
                    "ich stimme zu",
                    "nee",
                    "aber",
                    "Moment",
                    "Jahr",
                    "vier",
                    "hier",
                    "wir",
                    "hallo",
                    "warum",
                    "Hilfe",
                    "Mensch",
                    "eins",
                    "zwei",
                    "ja",
                    "nein");
    private static final List<String> ENGLISH =
            List.of(
                    "yes", "no", "yeah", "I agree", "sure", "okay", "nope", "but", "wait", "year",
                    "young", "shirt", "sorry", "hello", "why", "help", "human", "one", "two", "yes",
                    "no");

    private final InstantSource clock;

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--into", paramLabel = "FOLDER", required = true, description = "Its folder.")
    private Path into = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            description = "Where it is called by SIP, and where its sound comes from.")
    private String listen = "127.0.0.1:5070";

    @Option(
            names = "--from",
            paramLabel = "NETWORK",
            split = ",",
            description = "Whose calls are taken, such as 10.0.0.0/8 (127.0.0.0/8).")
    private List<String> from = List.of("127.0.0.0/8");

    @Option(names = "--language", paramLabel = "LANG", description = "de or en (de).")
    private String language = "de";

    @Option(names = "--word", paramLabel = "WORD", split = ",", description = "Other words.")
    private List<String> words = List.of();

    @Option(names = "--keep", paramLabel = "DAYS", description = "1 to 365 (30).")
    private int keep = 30;

    @Option(names = "--delete", paramLabel = "CODE", description = "Deletes what this caller said.")
    private @Nullable String delete;

    public RecordWordsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        if (!language.matches("de|en") || keep < 1 || keep > 365) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--language takes de or en, --keep 1 to 365 days");
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        var recordings = new StaffRecordings(into);
        if (delete != null) {
            int gone = recordings.delete("staff|" + delete);
            out.println(gone + " recordings of " + delete + " deleted.");
            return gone > 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
        recordings.deleteOlderThan(clock.instant().minus(Duration.ofDays(keep)));
        serve(recordings, out);
        return ExitCode.DONE;
    }

    private void serve(StaffRecordings recordings, PrintWriter out) throws Exception {
        InetSocketAddress address = HostPort.parse(listen).socketAddress();
        var settings =
                new MediaSettings(
                        address.getAddress(),
                        FIRST_PORT,
                        LAST_PORT,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        1);
        Voice voice = voice();
        try (MediaEngine media = MediaEngine.start(settings);
                var old = Executors.newSingleThreadScheduledExecutor();
                var line =
                        new RecordingLine(
                                address,
                                from.stream().map(Cidr::parse).toList(),
                                media,
                                script(),
                                text -> voice.say(language, text).at(8000).clip(),
                                recordings)) {
            var hourly =
                    old.scheduleWithFixedDelay(
                            () -> deleteOld(recordings, out), 1, 1, TimeUnit.HOURS);
            String host = address.getAddress().getHostAddress();
            int port = line.listening().getFirst().getPort();
            out.println("Call sip:words@" + host + ":" + port + "; Control-C ends it.");
            out.flush();
            EndSignal.listen().await();
            hourly.cancel(false);
        }
    }

    private void deleteOld(StaffRecordings recordings, PrintWriter out) {
        try {
            recordings.deleteOlderThan(clock.instant().minus(Duration.ofDays(keep)));
        } catch (IOException e) {
            out.println("What is too old could not be deleted: " + e.getMessage());
            out.flush();
        }
    }

    private Voice voice() throws IOException {
        for (Voice each : List.of(new EspeakVoice(), new FreeTtsVoice())) {
            if (each.speaks(language)) {
                return each;
            }
        }
        throw new IOException("nothing speaks " + language + " here: apt-get install espeak-ng");
    }

    private RecordingScript script() {
        if (language.equals("de")) {
            return new RecordingScript(
                    "de",
                    "Diese Leitung nimmt einzelne Wörter auf, um zu prüfen, wie gut die"
                            + " Spracherkennung Sie versteht. Die Aufnahmen bleiben im Haus und"
                            + " werden nach %d Tagen gelöscht. Ihre Nummer wird nicht gespeichert. Wenn Sie einverstanden sind, drücken"
                                    .formatted(keep)
                            + " Sie die 1. Sonst legen Sie einfach auf.",
                    "Danke. Die 9 löscht jederzeit alles. Ihr Code für später ist: %s.",
                    "Bitte sagen Sie jetzt: %s.",
                    List.of(
                            "Alles aus diesem Anruf ist gelöscht. Auf Wiederhören.",
                            "Vielen Dank. Auf Wiederhören."),
                    words.isEmpty() ? GERMAN : words);
        }
        return new RecordingScript(
                "en",
                "This line records single words, to test how well our speech recognition"
                        + " understands you. The recordings stay in this company and are deleted"
                        + " after %d days. Your number is not stored. If you agree, press 1. Otherwise just hang up."
                                .formatted(keep),
                "Thank you. Key 9 deletes everything at any time. Your code for later is: %s.",
                "Please say now: %s.",
                List.of("Everything from this call is deleted. Goodbye.", "Thank you. Goodbye."),
                words.isEmpty() ? ENGLISH : words);
    }
}
