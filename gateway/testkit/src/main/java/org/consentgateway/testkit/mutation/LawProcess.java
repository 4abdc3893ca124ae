package org.consentgateway.testkit.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Confined to one thread. Compiles one changed source beside the product and runs laws on the two
 * in a process of their own. Only the changed file is compiled, so what others inline from it, a
 * constant, stays as it was.
 */
final class LawProcess {
    /**
     * All laws named by one mutation take seconds of processor time, however busy the machine is:
     * nothing counts as killed because others were at work.
     */
    private static final Duration MOST_WORK = Duration.ofMinutes(5);

    /** A test that waits for ever does no work. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    private final Path root;
    private final SourceTree tree;
    private final String libraries;
    private final Path work;

    /**
     * @param libraries class path of all that is not ours
     * @param work an empty directory
     */
    LawProcess(Path root, SourceTree tree, String libraries, Path work) {
        this.root = root;
        this.tree = tree;
        this.libraries = libraries;
        this.work = work;
    }

    Verdict judge(SourceTree.Mutant mutant, List<SourceTree.Located> laws)
            throws IOException, InterruptedException {
        Path classes = work.resolve("mutant");
        delete(classes);
        Files.createDirectories(classes);
        var errors = new DiagnosticCollector<JavaFileObject>();
        List<String> options =
                List.of(
                        "-proc:none",
                        "-nowarn",
                        "-parameters",
                        "-d",
                        classes.toString(),
                        "-cp",
                        classPath(List.of()));
        boolean compiles =
                JAVAC.getTask(null, null, errors, options, null, List.of(new Source(mutant)))
                        .call();
        if (!compiles) {
            return new Verdict.KilledByCompiler(first(errors));
        }
        return judge(List.of(classes), laws, MOST_WORK);
    }

    /** Whether all of them are green on the product as it is. */
    Verdict judge(List<SourceTree.Located> laws) throws IOException, InterruptedException {
        return judge(List.of(), laws, LONGEST);
    }

    private static String first(DiagnosticCollector<JavaFileObject> errors) {
        return errors.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ROOT).lines().findFirst().orElse(""))
                .findFirst()
                .orElse("");
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(SourceTree.Mutant mutant) {
            super(mutant.file().toUri(), Kind.SOURCE);
            this.text = mutant.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /**
     * @param first classes before all others
     * @param most processor time that the laws of a module may take
     */
    private Verdict judge(List<Path> first, List<SourceTree.Located> laws, Duration most)
            throws IOException, InterruptedException {
        var modules = new LinkedHashSet<SourceTree.Module>();
        laws.forEach(law -> modules.add(law.module()));
        Verdict verdict = new Verdict.Survived();
        for (SourceTree.Module module : modules) {
            verdict = run(command(first, module, laws), module, most);
            if (!(verdict instanceof Verdict.Survived)) {
                return verdict;
            }
        }
        return verdict;
    }

    private Verdict run(List<String> command, SourceTree.Module module, Duration most)
            throws IOException, InterruptedException {
        Path log = work.resolve("laws.log");
        Process process =
                new ProcessBuilder(command)
                        .directory(module.directory().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long from = System.nanoTime();
        while (!process.waitFor(1, TimeUnit.SECONDS)) {
            Duration worked = process.info().totalCpuDuration().orElse(Duration.ZERO);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            if (worked.compareTo(most) > 0 || took.compareTo(LONGEST) > 0) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                return new Verdict.KilledByTime(took.toSeconds());
            }
        }
        // Without the frames of a stack, which say less than what stands above them.
        List<String> output =
                Files.readAllLines(log).stream().filter(line -> !line.startsWith("\t")).toList();
        String last = output.isEmpty() ? "" : output.getLast();
        return switch (process.exitValue()) {
            case 0 -> new Verdict.Survived();
            case RED -> new Verdict.Killed(last);
            default -> new Verdict.NotRun(last);
        };
    }

    /** As LawRun has it; not named, so that this program runs from its sources. */
    private static final int RED = 3;

    private List<String> command(
            List<Path> first, SourceTree.Module module, List<SourceTree.Located> laws) {
        List<Path> before = new ArrayList<>(first);
        before.add(module.testClasses());
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx2g",
                        "-Dfile.encoding=UTF-8",
                        "-Djna.encoding=UTF-8",
                        "-Duser.timezone=Europe/Berlin",
                        "-Dproject.root=" + root,
                        "-cp",
                        classPath(before),
                        "org.consentgateway.testkit.mutation.LawRun"));
        laws.stream()
                .filter(law -> law.module().equals(module))
                .map(law ->
                        law.law().method().isEmpty()
                                ? law.className()
                                : law.className() + "#" + law.law().method())
                .forEach(command::add);
        return command;
    }

    /**
     * @param first what comes before the product's own classes
     */
    private String classPath(List<Path> first) {
        List<String> path = new ArrayList<>();
        first.forEach(each -> path.add(each.toString()));
        tree.modules().forEach(module -> path.add(module.classes().toString()));
        path.add(libraries);
        return String.join(File.pathSeparator, path);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
