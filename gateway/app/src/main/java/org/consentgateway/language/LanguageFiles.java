package org.consentgateway.language;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.ValueType;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.speech.words.Languages;

/** The folder {@code config/languages}. */
public final class LanguageFiles {
    private static final List<ValueType<?>> VALUES =
            List.of(
                    new ValueType<>(
                            Pattern.class,
                            "a regular expression such as [aeiouy]+",
                            Pattern::compile),
                    new ValueType<>(Double.class, "a number such as -1.015", Double::valueOf));

    private LanguageFiles() {}

    /**
     * @throws WrongConfiguration with all that is wrong in all of them
     */
    public static Languages read(Path folder) throws WrongConfiguration {
        return new Languages(
                ConfigFile.readAll(
                                folder,
                                LanguageFile.class,
                                VALUES,
                                name -> (file, complaints) -> file.check(name, complaints))
                        .stream()
                        .map(LanguageFile::toLanguage)
                        .toList());
    }

    /** What was read right when the configuration was checked. */
    public static Languages of(Path folder) {
        try {
            return read(folder);
        } catch (WrongConfiguration changed) {
            throw new IllegalStateException(changed.getMessage(), changed);
        }
    }
}
