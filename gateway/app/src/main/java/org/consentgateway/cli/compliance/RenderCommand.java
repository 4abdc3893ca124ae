package org.consentgateway.cli.compliance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.consentgateway.cli.ExitCode;
import org.consentgateway.compliance.CompliancePack;
import org.consentgateway.compliance.PackDocument;
import org.consentgateway.compliance.PackSubject;
import org.consentgateway.config.ConfigFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Confined to the main thread. Each document as Markdown, and as a page that prints. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Write them, as the configuration and the texts in force say it: impact assessment",
            "(Art. 35 DSGVO), record of processing (Art. 30), measures (Art. 32), annex for",
            "processors (Art. 28), privacy notice (Art. 13), deletion concept, legal profile,",
            "checklists, AI Act, US profile. Each says what counsel has to decide."
        })
final class RenderCommand implements Callable<Integer> {
    private final Supplier<PackSubject> subject;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to (default: data/compliance of the project).")
    private @Nullable Path out;

    @Option(names = "--language", paramLabel = "LANG", description = "de or en (default: both).")
    private @Nullable String language;

    @Spec private @Nullable CommandSpec spec;

    RenderCommand(Supplier<PackSubject> subject) {
        this.subject = subject;
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set up the command");
        }
        if (language != null && !CompliancePack.LANGUAGES.contains(language)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--language takes "
                            + String.join(", ", CompliancePack.LANGUAGES)
                            + ", not "
                            + language);
        }
        write(subject.get(), spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    private void write(PackSubject about, PrintWriter told) throws IOException {
        Path folder = out == null ? ConfigFile.home().resolve("data/compliance") : out;
        var pack = new CompliancePack(about.config().compliance().directory());
        SortedSet<String> missing = new TreeSet<>();
        for (String each : language == null ? CompliancePack.LANGUAGES : List.of(language)) {
            List<PackDocument> documents = pack.of(about, each);
            Path into = Files.createDirectories(folder.resolve(each));
            for (PackDocument one : documents) {
                Files.writeString(into.resolve(one.name() + ".md"), one.markdown());
                Files.writeString(into.resolve(one.name() + ".html"), one.html());
                missing.addAll(one.missing());
            }
            told.println("%d documents, as .md and .html, in %s".formatted(documents.size(), into));
        }
        missing.forEach(key -> told.println("missing in the configuration: " + key));
        told.println("Boxes in them are to be decided by counsel.");
    }
}
