package org.consentgateway.testkit.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Immutable. The sources of all modules, as they were when read. What a mutation changes is found
 * by its text wherever it stands, so that a file may move.
 */
final class SourceTree {
    private final List<Module> modules;
    private final Map<Path, Source> product = new LinkedHashMap<>();
    private final Map<Path, Module> tests = new LinkedHashMap<>();
    private final Map<String, List<Path>> testsByName = new HashMap<>();

    /** A directory with a pom.xml and sources. */
    record Module(Path directory) {
        Path classes() {
            return directory.resolve("target/classes");
        }

        Path testClasses() {
            return directory.resolve("target/test-classes");
        }
    }

    /**
     * A source of the product.
     *
     * @param squeezed the text without its spaces: made once, for some hundred mutations look
     *     through it
     */
    private record Source(String text, String squeezed) {
        static Source of(String text) {
            return new Source(text, SourceTree.squeezed(text));
        }
    }

    /** A law and where it is. */
    record Located(NamedTest law, Module module, String className) {}

    /** A changed source of the product; its file stays as it is. */
    record Mutant(Path file, String text) {}

    /** A mutation, or one of its laws, no longer fits the sources. */
    static final class Stale extends Exception {
        private static final long serialVersionUID = 1;

        Stale(Mutation mutation, String why) {
            super("stale mutation " + mutation.name() + ": " + why);
        }
    }

    private SourceTree(List<Module> modules) {
        this.modules = modules;
    }

    /**
     * @param root of the project
     */
    static SourceTree read(Path root) throws IOException {
        List<Module> modules;
        try (Stream<Path> files = Files.walk(root, 3)) {
            modules =
                    files.filter(file -> file.endsWith("pom.xml"))
                            .map(pom -> new Module(pom.resolveSibling("")))
                            .filter(module -> Files.isDirectory(module.directory.resolve("src")))
                            .sorted((a, b) -> a.directory.compareTo(b.directory))
                            .toList();
        }
        var tree = new SourceTree(modules);
        for (Module module : modules) {
            for (Path file : java(module.directory.resolve("src/main/java"))) {
                tree.product.put(file, Source.of(Files.readString(file)));
            }
            for (Path file : java(module.directory.resolve("src/test/java"))) {
                tree.tests.put(file, module);
                tree.testsByName
                        .computeIfAbsent(file.getFileName().toString(), _ -> new ArrayList<>())
                        .add(file);
            }
        }
        return tree;
    }

    private static List<Path> java(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    List<Module> modules() {
        return modules;
    }

    Mutant mutate(Mutation mutation) throws Stale {
        String needle = squeezed(mutation.find());
        var mutants = new ArrayList<Mutant>();
        product.forEach((file, source) -> {
            for (int at = source.squeezed.indexOf(needle);
                    at >= 0;
                    at = source.squeezed.indexOf(needle, at + 1)) {
                mutants.add(
                        new Mutant(
                                file,
                                replaced(
                                        source.text, at, needle.length(), mutation.replacement())));
            }
        });
        if (mutants.size() != 1) {
            throw new Stale(
                    mutation,
                    "its text is found "
                            + mutants.size()
                            + " times, not once"
                            + mutants.stream()
                                    .map(mutant -> "\n  " + mutant.file)
                                    .reduce("", String::concat));
        }
        return mutants.getFirst();
    }

    /**
     * @param at where what is replaced begins, and
     * @param length how long it is, both in characters that are no space
     */
    private static String replaced(String text, int at, int length, String replacement) {
        int[] kept = kept(text);
        return text.substring(0, kept[at])
                + replacement
                + text.substring(kept[at + length - 1] + 1);
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    /** Where each character stands that is no space. */
    private static int[] kept(String text) {
        return IntStream.range(0, text.length())
                .filter(i -> !Character.isWhitespace(text.charAt(i)))
                .toArray();
    }

    List<Located> locate(Mutation mutation) throws Stale {
        var located = new ArrayList<Located>();
        for (NamedTest law : mutation.laws()) {
            located.add(locate(mutation, law));
        }
        return located;
    }

    private Located locate(Mutation mutation, NamedTest law) throws Stale {
        List<Path> files = testsByName.getOrDefault(law.type() + ".java", List.of());
        if (files.size() != 1) {
            throw new Stale(mutation, "there are " + files.size() + " tests called " + law.type());
        }
        Path file = files.getFirst();
        if (!law.method().isEmpty() && !text(file).contains(" " + law.method() + "(")) {
            throw new Stale(mutation, "there is no test " + law);
        }
        Module module = Objects.requireNonNull(tests.get(file));
        String path = module.directory.resolve("src/test/java").relativize(file).toString();
        return new Located(
                law, module, path.substring(0, path.length() - ".java".length()).replace('/', '.'));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
