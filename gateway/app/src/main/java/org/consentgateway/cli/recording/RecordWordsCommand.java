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
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.demo.RecordingLine;
import org.consentgateway.demo.RecordingScript;
import org.consentgateway.demo.StaffRecordings;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.FreeTtsVoice;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.speech.words.Languages;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
            "the code that the caller was told. Each goes when the days are over that its caller"
                    + " was told:",
            "at the start of this command, while it runs, and by --delete-old, daily from cron."
        })
public final class RecordWordsCommand implements Callable<Integer> {
    private static final int FIRST_PORT = 28_000;
    private static final int LAST_PORT = 28_099;

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

    @Option(
            names = "--language",
            paramLabel = "LANG",
            description = "One of config/languages/recording-line (de).")
    private String language = "de";

    @Option(names = "--word", paramLabel = "WORD", split = ",", description = "Other words.")
    private List<String> words = List.of();

    @Option(
            names = "--keep",
            paramLabel = "DAYS",
            description =
                    "1 to 365 (30), as callers are told from now on; for earlier ones counts what"
                            + " they were told.")
    private int keep = 30;

    @Option(names = "--delete", paramLabel = "CODE", description = "Deletes what this caller said.")
    private @Nullable String delete;

    @Option(names = "--delete-old", description = "Deletes all whose days are over, and ends.")
    private boolean deleteOld;

    public RecordWordsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        if (keep < 1 || keep > 365) {
            throw new ParameterException(line, "--keep takes 1 to 365 days");
        }
        boolean onlyDeletes = delete != null || deleteOld;
        if (onlyDeletes && !StaffRecordings.areIn(into)) {
            throw new ParameterException(
                    line, "--into " + into + " holds no recordings: no labels.tsv");
        }
        PrintWriter out = line.getOut();
        var recordings = new StaffRecordings(into, clock, Duration.ofDays(keep));
        if (delete != null) {
            int gone = recordings.delete("staff|" + delete);
            out.println(gone + " recordings of " + delete + " deleted.");
            return gone > 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
        int old = recordings.deleteOld();
        if (deleteOld) {
            out.println(old + " recordings deleted, " + recordings.size() + " are left.");
            return ExitCode.DONE;
        }
        try {
            Path languages = ConfigFile.home().resolve("config/languages");
            RecordingScript script = script(languages.resolve("recording-line"), line);
            serve(recordings, script, LanguageFiles.read(languages), out);
        } finally {
            remind(recordings.size(), out);
        }
        return ExitCode.DONE;
    }

    private RecordingScript script(Path folder, CommandLine line) throws WrongConfiguration {
        List<ScriptFile> all = ScriptFile.all(folder);
        return all.stream()
                .filter(each -> each.language().equals(language))
                .findFirst()
                .orElseThrow(() ->
                        new ParameterException(
                                line,
                                "--language takes "
                                        + String.join(
                                                ", ",
                                                all.stream().map(ScriptFile::language).toList())))
                .script(keep, words);
    }

    /** Nobody else deletes what callers were told would be deleted. */
    private void remind(int left, PrintWriter out) {
        if (left > 0) {
            out.println(
                    left
                            + " recordings are left, and nothing deletes them once this has ended:"
                            + " have cron run scripts/gateway record-words --into "
                            + into.toAbsolutePath().normalize()
                            + " --delete-old each day.");
            out.flush();
        }
    }

    private void serve(
            StaffRecordings recordings,
            RecordingScript script,
            Languages languages,
            PrintWriter out)
            throws Exception {
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
                                script,
                                text ->
                                        voice.say(language, languages.spoken(language, text))
                                                .at(8000)
                                                .clip(),
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
            int _ = recordings.deleteOld();
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
}
