package org.consentgateway.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Immutable. A YAML file read into a record, or all that is wrong with it. */
public final class ConfigFile {
    /** Bytes. A configuration of a thousand lines stays far below. */
    private static final int MAX_SIZE = 1 << 20;

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
        String text = text(file, problems);
        if (!problems.none()) {
            throw new WrongConfiguration(problems.inOrder());
        }
        Node document = YamlReader.read(text, problems);
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

    private static String text(Path file, Problems problems) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                problems.at(1, "", "the file is larger than 1 MiB", "");
                return "";
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            problems.at(1, "", "there is no such file", "--config config/gateway.yaml");
        } catch (CharacterCodingException e) {
            problems.at(1, "", "the file is not UTF-8", "");
        } catch (IOException e) {
            problems.at(1, "", "the file cannot be read: " + e.getMessage(), "");
        }
        return "";
    }
}
