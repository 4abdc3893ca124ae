package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Confined to the main thread. {@code notices check|information|new-version}: for those who write
 * the texts.
 */
@Command(
        name = "notices",
        description = "Check the consent texts, or begin a new version of them.",
        subcommands = CommandLine.HelpCommand.class)
public final class NoticesCommand extends CommandGroup {
    private NoticesCommand() {}

    /** To be added to the root command under the name "notices". */
    public static CommandLine with(Supplier<TextSources> place) {
        return new CommandLine(new NoticesCommand())
                .addSubcommand(new Check(place))
                .addSubcommand(new ShowInformation(place))
                .addSubcommand(new NewVersion(place));
    }

    @Command(
            name = "check",
            description = {
                "Shows every part with its scores, and every problem with its sentence.",
                "The formulas are those of the language (config/languages), each with its limits.",
                "A part of few words is not scored: it may have no long word but those that",
                "everybody knows (rules.everyday in common/LANG.yaml)."
            })
    static final class Check implements Callable<Integer> {
        private static final String ROW = "  %-24s %5s %8s %8s  %s%n";

        private final Supplier<TextSources> place;

        @Spec private @Nullable CommandSpec spec;

        @Parameters(
                arity = "0..1",
                paramLabel = "FOLDER",
                description = "Another folder of notices than the configured one.")
        private @Nullable Path folder;

        Check(Supplier<TextSources> place) {
            this.place = place;
        }

        @Override
        public Integer call() {
            if (spec == null) {
                throw new IllegalStateException("picocli has not set up the command");
            }
            PrintWriter out = spec.commandLine().getOut();
            TextSources at = place.get();
            TextSources read =
                    folder == null
                            ? at
                            : new TextSources(folder, at.voice(), NoticeUse.none(at.use().today()));
            NoticeReport report = NoticeReport.of(read, PromptLibrary.open(at.voice()));
            String notice = "";
            for (NoticeReport.Row row : report.rows()) {
                if (!row.notice().equals(notice)) {
                    notice = row.notice();
                    out.printf("%n%s%n", notice);
                    out.printf(ROW, "part", "words", "longest", "seconds", "readability");
                }
                out.printf(
                        ROW,
                        row.part(),
                        row.words(),
                        row.longest(),
                        row.sound().map(s -> "%.1f".formatted(s.seconds())).orElse(""),
                        row.scores().entrySet().stream()
                                .map(score ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %.1f",
                                                score.getKey().name(),
                                                score.getValue()))
                                .collect(Collectors.joining(", ")));
            }
            tell(
                    out,
                    "Better, but not required",
                    report.cautions().stream()
                            .filter(caution -> !report.overdue().contains(caution))
                            .toList());
            tell(out, "Overdue (the gateway starts all the same)", report.overdue());
            tell(out, "Wrong", report.errors());
            int wrong = report.errors().size() + report.overdue().size();
            out.println();
            out.println(
                    switch (wrong) {
                        case 0 -> "All notices are right.";
                        case 1 -> "One thing is wrong.";
                        default -> wrong + " things are wrong.";
                    });
            out.flush();
            return wrong == 0 ? ExitCode.DONE : ExitCode.FAILED;
        }

        private static void tell(PrintWriter out, String title, List<NoticeProblem> problems) {
            if (problems.isEmpty()) {
                return;
            }
            out.printf("%n%s:%n", title);
            for (NoticeProblem problem : problems) {
                out.printf(
                        "%n  %s:%d  %s%n    %s%n",
                        problem.file(), problem.line(), problem.key(), problem.what());
                if (problem.sentence() != null) {
                    out.printf("    > %s%n", problem.sentence());
                }
                out.printf("    right would be: %s%n", problem.example());
            }
        }
    }

    @Command(
            name = "information",
            description = {
                "The second layer (key 4) of each notice, made from the configuration.",
                "It is spoken where a notice has no text information of its own; prompts render"
                        + " makes its sound."
            })
    static final class ShowInformation implements Callable<Integer> {
        private final Supplier<TextSources> place;

        @Spec private @Nullable CommandSpec spec;

        ShowInformation(Supplier<TextSources> place) {
            this.place = place;
        }

        @Override
        public Integer call() {
            if (spec == null) {
                throw new IllegalStateException("picocli has not set up the command");
            }
            PrintWriter out = spec.commandLine().getOut();
            NoticeReport.information(place.get())
                    .forEach((notice, text) ->
                            out.printf(
                                    "%s%n  %s%n",
                                    notice,
                                    text.orElse(
                                            "no patterns in common/LANG.yaml: write it yourself")));
            out.flush();
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "new-version",
            description = {
                "Copies the newest version of a notice, in all its languages, under a new name.",
                "Nobody has signed it off yet: put in who did, and when. A running gateway takes"
                        + " it",
                "at its next start."
            })
    static final class NewVersion implements Callable<Integer> {
        private final Supplier<TextSources> place;

        @Spec private @Nullable CommandSpec spec;

        @Parameters(paramLabel = "NOTICE", description = "Such as demo.")
        private String lineage = "";

        @Parameters(paramLabel = "VERSION", description = "Such as 2026-12; sorts after the last.")
        private String version = "";

        @Option(
                names = "--material",
                description = "Consents given to earlier versions no longer hold: all are asked.")
        private boolean material;

        @Option(
                names = "--valid-from",
                required = true,
                paramLabel = "DATE",
                description = "Such as 2026-12-01.")
        private LocalDate from = LocalDate.EPOCH;

        NewVersion(Supplier<TextSources> place) {
            this.place = place;
        }

        @Override
        public Integer call() throws IOException {
            if (spec == null) {
                throw new IllegalStateException("picocli has not set up the command");
            }
            Path folder = place.get().notices().resolve(lineage);
            if (!version.matches("[0-9A-Za-z-]{1,20}") || !Files.isDirectory(folder)) {
                throw new IOException(
                        Files.isDirectory(folder)
                                ? "\"" + version + "\" is no version, such as 2026-12"
                                : "there is no notice " + folder);
            }
            var written = new ArrayList<Path>();
            for (Path language : list(folder)) {
                Path newest = list(language).getLast();
                Path next = language.resolve(version + ".yaml");
                if (newest.getFileName().toString().compareTo(version + ".yaml") >= 0) {
                    throw new IOException(version + " does not come after " + newest.getFileName());
                }
                Files.writeString(
                        next,
                        Files.readString(newest)
                                .replaceFirst("(?m)^version: .*$", "version: " + version)
                                .replaceFirst("(?m)^valid-from: .*$", "valid-from: " + from)
                                .replaceFirst(
                                        "(?m)^material-change: \\w+",
                                        "material-change: " + material)
                                .replaceFirst("(?m)^  who: .*$", "  who:")
                                .replaceFirst("(?m)^  when: .*$", "  when:"));
                written.add(next);
            }
            PrintWriter out = spec.commandLine().getOut();
            written.forEach(file -> out.println("written: " + file));
            return ExitCode.DONE;
        }

        private static List<Path> list(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.sorted().toList();
            }
        }
    }
}
