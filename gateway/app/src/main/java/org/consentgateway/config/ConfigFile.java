package org.consentgateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Immutable. A YAML file read into a record, or all that is wrong with it. */
public final class ConfigFile {

    /** The project's directory; set by the scripts. */
    private static final String HOME = "gateway.home";

    private static final String SUFFIX = ".yaml";

    private ConfigFile() {}

    /** Where relative paths of the configuration start: the project, as the scripts tell. */
    public static Path home() {
        return Path.of(System.getProperty(HOME, "")).toAbsolutePath();
    }

    /**
     * @param home where relative paths in the file start
     * @param values types of single values that are the schema's own
     * @param rules what must hold between keys; called even where single keys are wrong
     */
    public static <T extends Record> T read(
            Path file,
            Path home,
            Class<T> type,
            List<ValueType<?>> values,
            BiConsumer<T, Complaints> rules)
            throws WrongConfiguration {
        List<Problem> wrong = new ArrayList<>();
        Optional<T> config = read(file, home, type, values, rules, wrong);
        if (!wrong.isEmpty()) {
            throw new WrongConfiguration(wrong);
        }
        return config.orElseThrow();
    }

    /**
     * All YAML files of a folder, in order of their names.
     *
     * @param rules of a file by its name without suffix: what must hold between keys
     */
    public static <T extends Record> List<T> readAll(
            Path folder,
            Class<T> type,
            List<ValueType<?>> values,
            Function<String, BiConsumer<T, Complaints>> rules)
            throws WrongConfiguration {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        } catch (IOException e) {
            throw new WrongConfiguration(
                    List.of(new Problem(folder.toString(), 1, "", "is no folder to be read", "")));
        }
        List<Problem> wrong = new ArrayList<>();
        List<T> read = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString().replaceFirst(SUFFIX + "$", "");
            read(file, folder, type, values, rules.apply(name), wrong).ifPresent(read::add);
        }
        if (!wrong.isEmpty()) {
            throw new WrongConfiguration(wrong);
        }
        return List.copyOf(read);
    }

    private static <T extends Record> Optional<T> read(
            Path file,
            Path home,
            Class<T> type,
            List<ValueType<?>> values,
            BiConsumer<T, Complaints> rules,
            List<Problem> wrong) {
        Problems problems = new Problems(file.toString());
        Node document = YamlReader.read(file, problems);
        if (document instanceof Node.Nothing && !problems.none()) {
            wrong.addAll(problems.inOrder());
            return Optional.empty();
        }
        T config = new Binder(new Texts(home, values), problems).section(type, document, "");
        rules.accept(config, problems);
        wrong.addAll(problems.inOrder());
        return Optional.of(config);
    }
}
