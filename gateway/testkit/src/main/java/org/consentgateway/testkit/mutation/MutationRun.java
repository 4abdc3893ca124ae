package org.consentgateway.testkit.mutation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Confined to one thread. Breaks each promise of the page {@code gateway/testkit/MUTATIONS.md} once
 * and expects red; started by {@code scripts/mutate}, which has built the product and its tests.
 *
 * <p>Takes the class path of the libraries ({@code -} with {@code --list}), then {@code --list},
 * {@code --write} (each result goes to the page), or the names of mutations; without, all are run.
 */
public final class MutationRun {
    static final String PAGE = "gateway/testkit/MUTATIONS.md";
    private static final PrintStream OUT = System.out;

    private final Path root;
    private final SourceTree tree;
    private final List<Mutation> mutations;

    private MutationRun(Path root, SourceTree tree, List<Mutation> mutations) {
        this.root = root;
        this.tree = tree;
        this.mutations = mutations;
    }

    private record Result(Mutation mutation, Verdict verdict, Duration took) {
        boolean failed() {
            return switch (verdict) {
                case Verdict.Killed _, Verdict.KilledByCompiler _, Verdict.KilledByTime _ -> false;
                case Verdict.Survived _, Verdict.NotRun _ -> true;
            };
        }

        String seconds() {
            return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("project.root", ".")).toRealPath();
        Set<String> names = new TreeSet<>(List.of(args).subList(1, args.length));
        boolean list = names.remove("--list");
        boolean write = names.remove("--write");
        List<Mutation> all = Mutation.read(Files.readString(root.resolve(PAGE)));
        List<Mutation> chosen =
                names.isEmpty()
                        ? all
                        : all.stream().filter(mutation -> names.remove(mutation.name())).toList();
        if (!names.isEmpty()) {
            OUT.println("no such mutation: " + String.join(", ", names));
            System.exit(2);
        }
        var run = new MutationRun(root, SourceTree.read(root), chosen);
        List<String> stale = run.stale();
        stale.forEach(OUT::println);
        if (list) {
            chosen.forEach(m -> OUT.printf("%-36s %s%n", m.name(), m.promise()));
        }
        if (list || !stale.isEmpty()) {
            System.exit(stale.isEmpty() ? 0 : 1);
        }
        List<Result> results = run.all(args[0], write);
        System.exit(results.stream().anyMatch(Result::failed) ? 1 : 0);
    }

    /** What is wrong with the page as a whole, one line each. */
    static List<String> stale(Path root) throws IOException {
        List<Mutation> all = Mutation.read(Files.readString(root.resolve(PAGE)));
        return new MutationRun(root, SourceTree.read(root), all).stale();
    }

    private List<String> stale() {
        var stale = new ArrayList<String>();
        for (Mutation mutation : mutations) {
            try {
                tree.mutate(mutation);
                tree.locate(mutation);
            } catch (SourceTree.Stale e) {
                stale.add(e.getMessage());
            }
        }
        return stale;
    }

    private List<Result> all(String libraries, boolean write)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("mutations");
        var process = new LawProcess(root, tree, libraries, work);
        var results = new ArrayList<Result>();
        try {
            unbroken(process);
            for (Mutation mutation : mutations) {
                long from = System.nanoTime();
                Verdict verdict = process.judge(tree.mutate(mutation), tree.locate(mutation));
                var took = Duration.ofNanos(System.nanoTime() - from);
                var result = new Result(mutation, verdict, took);
                results.add(result);
                if (write) {
                    write(result);
                }
                OUT.printf(
                        "%2d/%d %-36s %s (%s)%n",
                        results.size(),
                        mutations.size(),
                        mutation.name(),
                        verdict,
                        result.seconds());
            }
        } catch (SourceTree.Stale e) {
            throw new IllegalStateException("the sources are read once", e);
        }
        long failed = results.stream().filter(Result::failed).count();
        OUT.printf(
                "%d mutations, %d killed, %d not%n",
                results.size(), results.size() - failed, failed);
        return results;
    }

    /** A law that is red anyway would kill everything. */
    private void unbroken(LawProcess process)
            throws IOException, InterruptedException, SourceTree.Stale {
        var laws = new ArrayList<SourceTree.Located>();
        for (Mutation mutation : mutations) {
            tree.locate(mutation).stream().filter(law -> !laws.contains(law)).forEach(laws::add);
        }
        long from = System.nanoTime();
        Verdict verdict = process.judge(laws);
        if (!(verdict instanceof Verdict.Survived)) {
            OUT.println("The laws must be green before anything is broken: " + verdict);
            System.exit(1);
        }
        OUT.printf(
                "%d laws are green on the product as it is (%d s)%n",
                laws.size(), Duration.ofNanos(System.nanoTime() - from).toSeconds());
    }

    /** At once, so that a run that is ended early keeps what it has found out. */
    private void write(Result result) throws IOException {
        Path page = root.resolve(PAGE);
        String text = Files.readString(page);
        ResultTable table = ResultTable.read(text);
        table.put(result.mutation, result.verdict, LocalDate.now(ZoneOffset.UTC));
        Files.writeString(page, table.into(text, Mutation.read(text)));
    }
}
