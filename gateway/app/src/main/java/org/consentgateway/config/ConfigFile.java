package org.consentgateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Immutable. A YAML file read into a record, or all that is wrong with it. */
public final class ConfigFile {

    /** The project's directory; set by the scripts. */
    private static final String HOME = "gateway.home";

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
        Problems problems = new Problems(file.toString());
        Node document = YamlReader.read(file, problems);
        if (document instanceof Node.Nothing && !problems.none()) {
            throw new WrongConfiguration(problems.inOrder());
        }
        T config = new Binder(new Texts(home, values), problems).section(type, document, "");
        rules.accept(config, problems);
        if (!problems.none()) {
            throw new WrongConfiguration(problems.inOrder());
        }
        return config;
    }
}
